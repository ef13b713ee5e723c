"""A box of tetrahedra: the smallest mesh on which everything can be tried."""

from itertools import permutations

import numpy as np

from femsim.mesh.mesh import Mesh
from femsim.mesh.quadratic import with_mid_nodes


def box_mesh(
    cells=(2, 2, 2), size_mm=(1.0, 1.0, 1.0), *, order: int = 2, distortion: float = 0.0, seed: int = 0
) -> Mesh:
    """A box in the first octant, each cell split into six tetrahedra around its diagonal.

    Parameters
    ----------
    cells, size_mm : three numbers each
    order : 1 for TET4, 2 for straight-sided TET10.
    distortion : share of a cell by which inner corners are moved at random; up to 0.15 keeps every element sound.
    seed : of the random moves.
    """
    cells, size = np.asarray(cells), np.asarray(size_mm, float)
    grid = np.stack(np.meshgrid(*(np.linspace(0, 1, n + 1) for n in cells), indexing="ij"), axis=-1).reshape(-1, 3)
    if distortion:
        inner = ((grid > 1e-9) & (grid < 1 - 1e-9)).all(axis=1)
        moves = np.random.default_rng(seed).uniform(-distortion, distortion, (int(inner.sum()), 3))
        grid[inner] += moves / cells
    corner = np.stack(np.meshgrid(*(np.arange(n) for n in cells), indexing="ij"), axis=-1).reshape(-1, 3)
    stride = np.array([(cells[1] + 1) * (cells[2] + 1), cells[2] + 1, 1])
    elements = []
    for path in permutations(range(3)):
        steps = np.vstack([np.zeros(3, int), np.cumsum(np.eye(3, dtype=int)[list(path)], axis=0)])
        tetrahedra = (corner[:, None, :] + steps) @ stride
        right_handed = np.linalg.det(steps[1:].astype(float)) > 0
        elements.append(tetrahedra if right_handed else tetrahedra[:, [0, 2, 1, 3]])
    tetrahedra = np.stack(elements, axis=1).reshape(-1, 4)
    nodes = grid * size
    if order == 2:
        nodes, tetrahedra = with_mid_nodes(nodes, tetrahedra)
    return Mesh(nodes, tetrahedra, np.zeros(len(tetrahedra), np.int32), ("box",))
