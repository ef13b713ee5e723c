"""What is held, and whether it holds every part of the model."""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.kernels import soundness as kernels
from femsim.fem.springs import Springs
from femsim.mesh.mesh import Mesh

# Smallest over largest singular value of the rigid motions seen at the supports; below it a part can turn freely.
_RANK = 1e-6
# The same where springs hold the part: nodal normals of a surface that slides on itself are no better known.
_SLIP = 1e-3
_NAMED = 3  # free parts that the error names; the others are counted
# Nodes of different parts that are closer than this share of the model's size were meant to be one.
_COINCIDENT = 1e-6


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
    if fixed.size and fixed.dtype.kind not in "iu":
        raise ModelError(f"Supports are of type {fixed.dtype}; node numbers or an (n, 3) array of bool are needed.")
    if fixed.size and (fixed.min() < 0 or fixed.max() >= mesh.n_nodes):
        raise ModelError(f"Supports name nodes {fixed.min()}…{fixed.max()}; nodes run 0…{mesh.n_nodes - 1}.")
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[fixed.astype(np.int64)] = True
    return held


def rigid_body_modes(nodes: np.ndarray) -> np.ndarray:
    """(3n, 6): translations along x, y, z and rotations about the centre of the nodes (n, 3), of similar size."""
    size = max(float(np.ptp(nodes, axis=0).max(initial=0)), 1e-300)
    return _motions((nodes - nodes.mean(axis=0)) / size)


def refuse_free_parts(mesh: Mesh, held: np.ndarray, springs: Springs | None = None) -> None:
    """Raise where a connected part of the mesh can move as a rigid body that neither supports nor springs resist.

    Raises
    ------
    ModelError
        With the number of such parts, and region, place and free motions of the largest.
    """
    part_of, n_parts = connected_parts(mesh)
    supported = np.flatnonzero(held.any(axis=1))
    by_part = supported[np.argsort(part_of[supported], kind="stable")]
    bounds = np.searchsorted(part_of[by_part], np.arange(n_parts + 1))
    sizes = np.bincount(part_of, minlength=n_parts)
    free = {}
    for part in range(n_parts):
        nodes = by_part[bounds[part] : bounds[part + 1]]
        motions = _free_motions(mesh, held, part_of, part, nodes) if len(nodes) else np.eye(6)
        if len(motions):
            free[part] = motions
    slides = False
    if free and springs is not None:
        linked = np.unique(part_of[springs.pairs])
        if slides := bool(np.isin(linked, list(free)).any()):
            free = {part: motions for part, motions in free.items() if part not in linked}
            free |= _free_on_springs(mesh, held, part_of, linked, springs)
            slides = bool(np.isin(linked, list(free)).any())
    if not free:
        return
    named = sorted(free, key=lambda part: (-sizes[part], part))[:_NAMED]
    touching = _coincident(mesh, part_of) if n_parts > 1 else 0
    raise ModelError(
        f"{len(free)} of {n_parts} connected parts of the model can move freely.",
        where="; ".join(_described(mesh, part_of, part, free[part]) for part in named)
        + (f"; and {len(free) - len(named)} more" if len(free) > len(named) else ""),
        why=_cause(len(supported), touching, slides),
        remedy="bond a part of the interface, or give it a taper or a section that is not round"
        if slides and len(supported)
        else "merge nodes that lie at the same place, or tie the parts"
        if touching
        else "check the supports and that neighbouring regions share their nodes",
    )


def connected_parts(mesh: Mesh) -> tuple[np.ndarray, int]:
    """(n,) connected part of each node, numbered by their first nodes, and how many there are."""
    part_of = np.empty(mesh.n_nodes, np.int32)
    return part_of, kernels.fill_parts(mesh.elements, part_of)


def _motions(places: np.ndarray) -> np.ndarray:
    x, y, z = places.T
    modes = np.zeros((len(places), 3, 6))
    modes[:, [0, 1, 2], [0, 1, 2]] = 1
    modes[:, 1, 3], modes[:, 2, 3] = -z, y
    modes[:, 0, 4], modes[:, 2, 4] = z, -x
    modes[:, 0, 5], modes[:, 1, 5] = -y, x
    return modes.reshape(-1, 6)


def _free_motions(mesh, held, part_of, part, supported) -> np.ndarray:
    """(f, 6): rigid motions of a part that its supports do not resist."""
    own = mesh.nodes if part_of.max() == 0 else mesh.nodes[part_of == part]
    size = max(float(np.ptp(own, axis=0).max()), 1e-300)
    resisted = _motions((mesh.nodes[supported] - own.mean(axis=0)) / size)[held[supported].ravel()]
    values, vectors = np.linalg.eigh(resisted.T @ resisted)
    return vectors[:, np.sqrt(np.maximum(values, 0)) <= _RANK * np.sqrt(values[-1])].T


def _free_on_springs(mesh, held, part_of, parts, springs) -> dict[int, np.ndarray]:
    """Part → (f, 6) its share in the rigid motions of all these parts that neither supports nor springs resist."""
    gram = np.zeros((len(parts), 6, len(parts), 6))
    row_of = np.full(part_of.max() + 1, -1)
    row_of[parts] = np.arange(len(parts))
    centres = np.stack([mesh.nodes[part_of == part].mean(axis=0) for part in parts])
    size = max(float(np.ptp(mesh.nodes, axis=0).max()), 1e-300)

    def motions(nodes):  # (k, 3, 6) of each node with its own part
        return _motions((mesh.nodes[nodes] - centres[row_of[part_of[nodes]]]) / size).reshape(-1, 3, 6)

    supported = np.flatnonzero(held.any(axis=1) & (row_of[part_of] >= 0))
    seen = [(motions(supported)[held[supported]], row_of[part_of[supported[np.nonzero(held[supported])[0]]]])]
    for row in range(len(parts)):
        own = seen[0][0][seen[0][1] == row]
        gram[row, :, row] += own.T @ own / max(len(own), 1)
    first, second = springs.pairs.T
    ends = [
        (sign * np.einsum("pi,pij->pj", springs.directions, motions(nodes)), row_of[part_of[nodes]])
        for sign, nodes in ((-1, first), (1, second))
    ]
    between = ends[0][1] != ends[1][1]
    for one, rows in ends:
        for other, columns in ends:
            for i, j in np.unique(np.stack([rows, columns], axis=1)[between], axis=0):
                here = between & (rows == i) & (columns == j)
                gram[i, :, j] += one[here].T @ other[here] / between.sum()
    values, vectors = np.linalg.eigh(gram.reshape(6 * len(parts), -1))
    loose = vectors[:, np.sqrt(np.maximum(values, 0)) <= _SLIP * np.sqrt(values[-1])].reshape(len(parts), 6, -1)
    free = {}
    for part, motion in zip(parts, loose):
        directions, sizes, _ = np.linalg.svd(motion, full_matrices=False)
        if (sizes > 1e-2).any():
            free[int(part)] = directions[:, sizes > 1e-2].T
    return free


def _described(mesh, part_of, part, motions) -> str:
    nodes = np.flatnonzero(part_of == part)
    element = int(np.flatnonzero(part_of[mesh.elements[:, 0]] == part)[0])
    turns = int(np.linalg.matrix_rank(motions[:, 3:], tol=1e-3))
    shifts = len(motions) - turns
    kinds = [f"{n} {name}{'s' if n > 1 else ''}" for n, name in ((shifts, "translation"), (turns, "rotation")) if n]
    return (
        f"{len(nodes)} nodes in {mesh.regions[mesh.region_of[element]]} around "
        "({:.1f}, {:.1f}, {:.1f}) mm".format(*mesh.nodes[nodes].mean(axis=0))
        + f", {len(motions)} free motion{'s' if len(motions) > 1 else ''} ({', '.join(kinds)})"
    )


def _cause(n_supported: int, touching: int, slides: bool) -> str:
    if not n_supported:
        return "nothing is held: no support names a node"
    if slides:
        return "a sliding interface holds across its surface alone, and the part can slide along it"
    if touching:
        return f"{touching} pairs of nodes lie at the same place in different parts, but are not one node"
    return "the part is neither supported nor joined to a part that is"


def _coincident(mesh, part_of) -> int:
    """Pairs of nodes that lie at the same place in different parts."""
    from scipy.spatial import cKDTree

    near = cKDTree(mesh.nodes).query_pairs(_COINCIDENT * np.ptp(mesh.nodes, axis=0).max(), output_type="ndarray")
    return int((part_of[near[:, 0]] != part_of[near[:, 1]]).sum())
