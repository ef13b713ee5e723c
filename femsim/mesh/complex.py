"""Labelled patches joined into one surface in which several may meet along a curve."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from femsim.errors import MeshError
from femsim.mesh.surface import Surface, edge_counts

MERGE = 1e-6  # mm: patches of one boolean share their vertices to the last bits
ON_EDGE = 2e-4  # mm: a vertex this close to an open edge lies on it; intersection vertices are good to 1e-5 mm


def joined(patches: list[Surface]) -> Surface:
    """All patches on shared points; triangles on which two corners fall together are dropped."""
    points = np.vstack([patch.points for patch in patches])
    starts = np.cumsum([0] + [patch.n_points for patch in patches])
    triangles = np.vstack([patch.triangles + start for patch, start in zip(patches, starts)])
    labels = np.concatenate([patch.labels for patch in patches])
    pairs = cKDTree(points).query_pairs(MERGE, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
    _, group = connected_components(links, directed=False)
    _, first = np.unique(group, return_index=True)
    return without_degenerate(Surface(points[first], group[triangles], labels))


def without_degenerate(surface: Surface) -> Surface:
    """The surface without triangles that name a point twice, and without the points that nothing uses."""
    a, b, c = surface.triangles.T
    sound = (a != b) & (b != c) & (a != c)
    used, triangles = np.unique(surface.triangles[sound], return_inverse=True)
    return Surface(surface.points[used], triangles.reshape(-1, 3), surface.labels[sound])


def stitched(surface: Surface) -> Surface:
    """Open edges that carry a vertex of a neighbouring patch are split at it, until none does.

    Rings of the implant meet the cut bone along the same circle, but only the bone side has the vertices where the
    outer bone surface crosses it.
    """
    points, triangles, labels = surface.points, surface.triangles, surface.labels
    for _ in range(30):  # each pass splits a triangle once; a ring edge rarely carries more than two vertices
        open_edges = open_edges_of(triangles)
        if not len(open_edges):
            break
        edges, vertices = _splits(points, open_edges)
        if not len(edges):
            break
        triangles, labels = _split(triangles, labels, edges, vertices)
    return Surface(points, triangles, labels)


def open_edges_of(triangles: np.ndarray) -> np.ndarray:
    """(k, 2) edges that only one triangle uses, lower point number first."""
    edges, counts = edge_counts(triangles)
    return edges[counts == 1]


def _splits(points: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the open edges (k, 2), those that carry the end of another, and that vertex: the one nearest their middle."""
    candidates = np.unique(edges)
    tree = cKDTree(points[candidates])
    carrying, vertices = [], []
    for a, b in edges:
        along = points[b] - points[a]
        near = candidates[tree.query_ball_point((points[a] + points[b]) / 2, np.linalg.norm(along) / 2 + MERGE)]
        near = near[(near != a) & (near != b)]
        fraction = (points[near] - points[a]) @ along / (along @ along)
        distance = np.linalg.norm(points[near] - points[a] - fraction[:, None] * along, axis=1)
        on_it = np.flatnonzero((distance < ON_EDGE) & (fraction > 1e-9) & (fraction < 1 - 1e-9))
        if len(on_it):
            best = on_it[np.lexsort((near[on_it], np.abs(fraction[on_it] - 0.5)))[0]]
            carrying.append((a, b))
            vertices.append(near[best])
    return np.array(carrying, np.int64).reshape(-1, 2), np.array(vertices, np.int64)


def _split(triangles, labels, edges, vertices):
    """Triangles with each of the given open edges split at its vertex; one split per triangle and call."""
    n = int(triangles.max()) + 1
    keys = edges[:, 0] * n + edges[:, 1]
    order = np.argsort(keys)
    keys, vertices = keys[order], vertices[order]
    gone = np.zeros(len(triangles), bool)
    new_triangles, new_labels = [], []
    for k in range(3):
        a, b, c = (triangles[:, (k + i) % 3] for i in range(3))
        mine = np.minimum(a, b) * n + np.maximum(a, b)
        place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
        split = (keys[place] == mine) & ~gone & (vertices[place] != c)
        gone |= split
        vertex = vertices[place[split]]
        new_triangles += [np.column_stack([a[split], vertex, c[split]]), np.column_stack([vertex, b[split], c[split]])]
        new_labels += [labels[split]] * 2
    return np.vstack([triangles[~gone], *new_triangles]), np.concatenate([labels[~gone], *new_labels])


def boundary_of(surface: Surface, labels, name: str) -> np.ndarray:
    """(t, 3) triangles with the given labels, which must close around a region.

    Raises
    ------
    MeshError
        Where an edge is not shared by exactly two (or, where the region touches itself, an even number) of them.
    """
    triangles = surface.triangles[np.isin(surface.labels, list(labels))]
    edges, counts = edge_counts(triangles)
    if not len(triangles) or (counts % 2).any():
        raise MeshError(
            f"The surface around the region {name!r} has {(counts % 2).sum()} open edges of {len(edges)}.",
            why="the bone surface grazes the implant's cut",
            remedy="move the implant by a few tenths of a millimetre (rim position or head diameter)",
        )
    return triangles


def separate_pieces(surface: Surface, triangles: np.ndarray) -> list[np.ndarray]:
    """The closed surface (t, 3) as the surfaces of its separate solids, largest first; one in another is its hollow."""
    n = surface.n_points
    links = coo_matrix(
        (np.ones(2 * len(triangles)), (triangles[:, [0, 1]].ravel(), triangles[:, [1, 2]].ravel())), shape=(n, n)
    )
    _, group = connected_components(links, directed=False)
    numbers = group[triangles[:, 0]]
    pieces = [triangles[numbers == number] for number in np.unique(numbers)]
    pieces.sort(key=len, reverse=True)
    solids: list[list[np.ndarray]] = []
    for piece in pieces:
        around = next((solid for solid in solids if _holds(surface, solid[0], surface.points[piece[0, 0]])), None)
        if around is None:
            solids.append([piece])
        else:
            around.append(piece)
    return [np.vstack(solid) for solid in solids]


def _holds(surface: Surface, triangles: np.ndarray, point: np.ndarray) -> bool:
    """Whether a closed surface winds around a point, however its triangles are turned: a ray leaves it an odd time."""
    ray = np.array([0.5773, 0.5147, 0.6339])  # along no edge of a mesh, one hopes, and no axis
    a, b, c = (surface.points[triangles[:, k]] for k in range(3))
    ab, ac = b - a, c - a
    across = np.cross(ray, ac)
    determinant = np.einsum("ti,ti->t", ab, across)
    safe = np.where(np.abs(determinant) < 1e-300, np.inf, determinant)
    from_a = point - a
    u = np.einsum("ti,ti->t", from_a, across) / safe
    turned = np.cross(from_a, ab)
    v = turned @ ray / safe
    ahead = np.einsum("ti,ti->t", ac, turned) / safe
    return bool(((u >= 0) & (v >= 0) & (u + v <= 1) & (ahead > 1e-9)).sum() % 2)
