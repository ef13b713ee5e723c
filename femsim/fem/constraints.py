"""What is held, and whether it holds every part of the model."""

import numpy as np

from femsim.errors import ModelError
from femsim.mesh.mesh import Mesh

# Smallest over largest singular value of the rigid motions seen at the supports; below it a part can turn freely.
_RANK = 1e-6


def held_directions(mesh: Mesh, fixed: np.ndarray) -> np.ndarray:
    """(n, 3) bool from nodes held in all directions (k,), or as given (n, 3).

    Raises
    ------
    ModelError
        For a node that the mesh does not have.
    """
    fixed = np.asarray(fixed)
    if fixed.dtype == bool:
        if fixed.shape != (mesh.n_nodes, 3):
            raise ModelError(f"Supports have shape {fixed.shape}; the mesh needs ({mesh.n_nodes}, 3).")
        return fixed
    if fixed.size and (fixed.min() < 0 or fixed.max() >= mesh.n_nodes):
        raise ModelError(f"Supports name nodes {fixed.min()}…{fixed.max()}; nodes run 0…{mesh.n_nodes - 1}.")
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[fixed] = True
    return held


def rigid_body_modes(nodes: np.ndarray) -> np.ndarray:
    """(3n, 6): translations along x, y, z and rotations about the centre of the nodes (n, 3), of similar size."""
    x, y, z = ((nodes - nodes.mean(axis=0)) / max(float(np.ptp(nodes, axis=0).max(initial=0)), 1e-300)).T
    modes = np.zeros((len(nodes), 3, 6))
    modes[:, [0, 1, 2], [0, 1, 2]] = 1
    modes[:, 1, 3], modes[:, 2, 3] = -z, y
    modes[:, 0, 4], modes[:, 2, 4] = z, -x
    modes[:, 0, 5], modes[:, 1, 5] = -y, x
    return modes.reshape(-1, 6)


def refuse_free_parts(mesh: Mesh, held: np.ndarray) -> None:
    """Raise where a connected part of the mesh can move as a rigid body.

    Raises
    ------
    ModelError
        With the number of such parts, and region, place and free motions of the largest.
    """
    part_of = _parts(mesh)
    free = []
    for part in range(part_of.max() + 1):
        nodes = np.flatnonzero(part_of == part)
        motions = rigid_body_modes(mesh.nodes[nodes])[held[nodes].ravel()]
        values = np.linalg.svd(motions.T @ motions, compute_uv=False) ** 0.5 if len(motions) else np.zeros(6)
        rank = int((values > _RANK * max(values.max(), 1e-300)).sum())
        if rank < 6:
            free.append((len(nodes), part, 6 - rank))
    if not free:
        return
    size, part, motions = max(free)
    element = int(np.flatnonzero(part_of[mesh.elements[:, 0]] == part)[0])
    raise ModelError(
        f"{len(free)} of {part_of.max() + 1} connected parts of the model can move freely.",
        where=f"largest: {size} nodes in {mesh.regions[mesh.region_of[element]]} around "
        "({:.1f}, {:.1f}, {:.1f}) mm".format(*mesh.nodes[part_of == part].mean(axis=0))
        + f", {motions} free motions",
        why="the part is neither supported nor joined to a part that is",
        remedy="check the supports and that neighbouring regions share their nodes",
    )


def _parts(mesh: Mesh) -> np.ndarray:
    """(n,) connected part of each node."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    first = np.repeat(mesh.elements[:, 0], mesh.elements.shape[1] - 1)
    links = coo_matrix((np.ones(len(first), np.int8), (first, mesh.elements[:, 1:].ravel())), shape=(mesh.n_nodes,) * 2)
    return connected_components(links, directed=False)[1]
