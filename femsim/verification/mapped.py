"""Meshes of known shapes: grids of cells, each split into six tetrahedra, carried onto the shape by a smooth map.

Every node of a TET10 mesh, the mid-side nodes too, lies on the mapped shape: sides are curved where the shape is.
"""

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np

from femsim.errors import MeshError
from femsim.mesh.mesh import EDGES, Mesh
from femsim.mesh.quadratic import with_mid_nodes
from femsim.mesh.topology import boundary_faces, quadratic_faces

# Nodes of two blocks closer than this share of the whole shape are one node.
_SAME_PLACE = 1e-7


def mapped_box(
    lines: Sequence[int | np.ndarray],
    mapping: Callable[[np.ndarray], np.ndarray],
    faces: Sequence[str] = ("u0", "u1", "v0", "v1", "w0", "w1"),
    *,
    order: int = 2,
    curved: bool = True,
    region: str = "body",
) -> Mesh:
    """One block of cells on a mapped box.

    Parameters
    ----------
    lines : three of int or (k,) array
        Grid lines of the parameters u, v, w, ascending; a number stands for that many equal cells of 0…1. A map with a
        kink needs a grid line on it.
    mapping : (n, 3) parameters → (n, 3) [mm]; right-handed.
    faces : names of the faces at the ends of u, v and w.
    order : 1 for TET4, 2 for TET10.
    curved : False puts the mid-side nodes of TET10 on the middles of straight edges.
    region : name of the block's only region.

    Diagonals of a face run from its corner of smallest parameters to that of largest: blocks fit together where the
    parameters on the common face grow together.
    """
    lines = [np.linspace(0, 1, x + 1) if np.ndim(x) == 0 else np.asarray(x, np.float64) for x in lines]
    sizes = np.array([len(x) for x in lines])
    grid = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    elements = _kuhn_tetrahedra(sizes)
    parameters = grid
    if order == 2:
        parameters, elements = with_mid_nodes(grid, elements)
    nodes = np.asarray(mapping(parameters), np.float64)
    if order == 2 and not curved:
        for k, (i, j) in enumerate(EDGES):
            nodes[elements[:, 4 + k]] = 0.5 * (nodes[elements[:, i]] + nodes[elements[:, j]])
    surfaces = {}
    outside, owners = boundary_faces(elements)
    whole = quadratic_faces(outside, elements, owners) if order == 2 else outside
    for k, name in enumerate(faces):
        axis, end = divmod(k, 2)
        on = (parameters[outside][:, :, axis] == lines[axis][-end]).all(axis=1)
        surfaces[name] = np.vstack([surfaces[name], whole[on]]) if name in surfaces else whole[on]
    return Mesh(nodes, elements, np.zeros(len(elements), np.int32), (region,), surfaces)


def _kuhn_tetrahedra(sizes: np.ndarray) -> np.ndarray:
    """(e, 4) tetrahedra of a grid of nodes of these sizes: six around the main diagonal of each cell."""
    corner = np.stack(np.meshgrid(*(np.arange(n - 1) for n in sizes), indexing="ij"), axis=-1).reshape(-1, 3)
    stride = np.array([sizes[1] * sizes[2], sizes[2], 1])
    split = []
    for path in permutations(range(3)):
        steps = np.vstack([np.zeros(3, int), np.cumsum(np.eye(3, dtype=int)[list(path)], axis=0)])
        tetrahedra = (corner[:, None, :] + steps) @ stride
        right_handed = np.linalg.det(steps[1:].astype(float)) > 0
        split.append(tetrahedra if right_handed else tetrahedra[:, [0, 2, 1, 3]])
    return np.stack(split, axis=1).reshape(-1, 4)


def joined(blocks: Sequence[Mesh]) -> Mesh:
    """One mesh of blocks that touch: nodes at the same place become one, regions and surfaces of one name too.

    Faces between two blocks leave the surfaces they were in.

    Raises
    ------
    MeshError
        Where the faces of two blocks lie on each other but are split along different diagonals.
    """
    starts = np.cumsum([0, *(block.n_nodes for block in blocks)])
    nodes, number = _merged(np.vstack([block.nodes for block in blocks]))
    elements = np.vstack([number[block.elements + start] for block, start in zip(blocks, starts)])
    regions = tuple(dict.fromkeys(name for block in blocks for name in block.regions))
    region_of = np.concatenate([np.array([regions.index(n) for n in b.regions])[b.region_of] for b in blocks])
    names = tuple(dict.fromkeys(name for block in blocks for name in block.surfaces))
    outside, owners = boundary_faces(elements)
    _refuse_crossed_diagonals(outside)
    whole = quadratic_faces(outside, elements, owners) if elements.shape[1] == 10 else outside
    free = {tuple(face): row for face, row in zip(np.sort(outside, axis=1).tolist(), whole)}
    surfaces = {}
    for name in names:
        kept = []
        for block, start in zip(blocks, starts):
            if name in block.surfaces:
                corners = np.sort(number[block.surfaces[name][:, :3] + start], axis=1).tolist()
                kept += [free[tuple(face)] for face in corners if tuple(face) in free]
        if kept:
            surfaces[name] = np.array(kept)
    return Mesh(nodes, elements, region_of, regions, surfaces)


def _merged(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct nodes, and the new number of each."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(nodes).query_pairs(_SAME_PLACE * float(np.ptp(nodes, axis=0).max()), output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes),) * 2)
    _, number = connected_components(links, directed=False)
    _, first = np.unique(number, return_index=True)
    return nodes[first], number


def _refuse_crossed_diagonals(outside: np.ndarray) -> None:
    """Raise where an edge has more than two boundary faces (f, 3).

    Two blocks that split their common face along different diagonals both keep it: their faces meet in its edges.
    """
    edges = np.sort(np.vstack([outside[:, [0, 1]], outside[:, [1, 2]], outside[:, [2, 0]]]), axis=1)
    _, counts = np.unique(edges, axis=0, return_counts=True)
    if (counts > 2).any():
        raise MeshError(
            f"{int((counts > 2).sum())} edges on the boundary of the joined blocks have more than two faces.",
            why="the blocks' common faces are split along different diagonals",
            remedy="let the parameters on the common face grow together in both blocks",
        )
