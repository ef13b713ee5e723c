"""Which faces of a tetrahedral mesh lie on its boundary, which elements share them."""

import numpy as np

from femsim.mesh.mesh import EDGES, FACES

# Nodes of the faces of a TET10: corners as in FACES, then those on the edges 01, 12, 20 of the face.
_ON_EDGE = {frozenset(edge): 4 + k for k, edge in enumerate(EDGES)}
QUADRATIC_FACES = tuple(
    (*face, *(_ON_EDGE[frozenset(edge)] for edge in zip(face, (*face[1:], face[0])))) for face in FACES
)


def boundary_faces(elements: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Faces (f, 3) that one element alone has, corner nodes turned outward, and that element (f,)."""
    faces = faces_of(elements)
    a, b, c = np.sort(faces, axis=1).astype(np.int64).T
    n = int(elements.max()) + 1  # below 2 million nodes three numbers fit into one
    _, inverse, counts = np.unique((a * n + b) * n + c, return_inverse=True, return_counts=True)
    alone = np.flatnonzero(counts[inverse.ravel()] == 1)
    return faces[alone], alone // len(FACES)


def faces_of(elements: np.ndarray) -> np.ndarray:
    """(4e, 3) corner nodes of all faces, turned outward; four successive rows belong to one element."""
    return elements[:, np.array(FACES)].reshape(-1, 3)


def whole_faces(elements: np.ndarray) -> np.ndarray:
    """(4e, 3) or (4e, 6) all nodes of all faces, turned outward, in the order of `faces_of`."""
    columns = np.array(FACES if elements.shape[1] == 4 else QUADRATIC_FACES)
    return elements[:, columns].reshape(-1, columns.shape[1])


def shared_faces(elements: np.ndarray) -> np.ndarray:
    """(g, 2) rows of `faces_of` where two elements meet, the first element's first."""
    a, b, c = np.sort(faces_of(elements), axis=1).astype(np.int64).T
    n = int(elements.max()) + 1
    keys = (a * n + b) * n + c
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    return np.column_stack([order[first], order[first + 1]])


def neighbours(elements: np.ndarray) -> np.ndarray:
    """(e, 4) int32: the element across each face, in the order of `FACES`; -1 where there is none."""
    across = np.full(len(elements) * len(FACES), -1, np.int32)
    first, second = shared_faces(elements).T
    across[first], across[second] = second // len(FACES), first // len(FACES)
    return across.reshape(-1, len(FACES))


def largest_piece(elements: np.ndarray, volumes: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """(e,) bool: of the chosen elements, the largest piece by volume; what shares a face hangs together.

    elements (e, 4) or (e, 10); volumes (e,); chosen (e,) bool.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, piece = np.flatnonzero(chosen), np.zeros(len(chosen), bool)
    if not len(rows):
        return piece
    pairs = shared_faces(elements[rows]) // len(FACES)
    touching = coo_array((np.ones(len(pairs), bool), pairs.T), shape=(len(rows),) * 2)
    _, label = connected_components(touching, directed=False)
    piece[rows[label == np.bincount(label, volumes[rows]).argmax()]] = True
    return piece


def quadratic_faces(faces: np.ndarray, elements: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """(f, 6) faces with the nodes on edges 01, 12, 20, looked up in the TET10 elements (owners) they belong to."""
    mine = elements[owners]
    result = np.empty((len(faces), 6), elements.dtype)
    result[:, :3] = faces
    ends = np.sort(mine[:, np.array(EDGES)], axis=2)
    for column, (i, j) in enumerate(((0, 1), (1, 2), (2, 0)), start=3):
        edge = np.sort(faces[:, [i, j]], axis=1)
        which = (ends == edge[:, None, :]).all(axis=2).argmax(axis=1)
        result[:, column] = mine[np.arange(len(faces)), 4 + which]
    return result
