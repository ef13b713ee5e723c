"""Where the integration points lie, what volume each stands for, and whether every element is sound."""

import numpy as np

from femsim.errors import MeshError
from femsim.fem.elements import element_of
from femsim.mesh.mesh import EDGES, Mesh

# Share of its edge by which a mid-side node may miss the middle; further out a TET10 folds. Usual practice.
MAX_MID_NODE_OFFSET = 0.3
# Below this share of its edge a mid-side node counts as lying on the middle: round-off of large coordinates.
_STRAIGHT = 1e-8


def integration_points(mesh: Mesh) -> np.ndarray:
    """(e, q, 3) [mm]: places of the integration points."""
    element = element_of(mesh.elements)
    return np.einsum("qa,eai->eqi", element.values(element.rule.points), mesh.nodes[mesh.elements], optimize=True)


def integration_weights(mesh: Mesh) -> np.ndarray:
    """(e, q) [mm³]: volume each integration point stands for; negative where the element is inverted."""
    element = element_of(mesh.elements)
    if element.n_nodes == 4 or is_straight(mesh):
        return corner_volumes(mesh)[:, None] * element.rule.weights
    return np.linalg.det(_jacobians(mesh, element)) / 6 * element.rule.weights


def corner_volumes(mesh: Mesh) -> np.ndarray:
    """(e,) [mm³]: signed volume spanned by the four corners."""
    a, b, c, d = (mesh.nodes[mesh.elements[:, k]] for k in range(4))
    return np.einsum("ei,ei->e", np.cross(b - a, c - a), d - a) / 6


def centroids(mesh: Mesh) -> np.ndarray:
    """(e, 3) [mm]: mean of the four corners."""
    return sum(mesh.nodes[mesh.elements[:, k]] for k in range(4)) / 4


def mid_node_offsets(mesh: Mesh) -> np.ndarray:
    """(e, 6): distance of each mid-side node from the middle of its edge, as a share of the edge."""
    offsets = np.empty((mesh.n_elements, 6))
    for k, (i, j) in enumerate(EDGES):
        a, b = mesh.nodes[mesh.elements[:, i]], mesh.nodes[mesh.elements[:, j]]
        away = mesh.nodes[mesh.elements[:, 4 + k]] - 0.5 * (a + b)
        length = np.sqrt(np.einsum("ei,ei->e", b - a, b - a))
        offsets[:, k] = np.sqrt(np.einsum("ei,ei->e", away, away)) / np.maximum(length, np.finfo(float).tiny)
    return offsets


def is_straight(mesh: Mesh) -> bool:
    """Whether every element has straight sides with mid-side nodes in the middle; True for TET4."""
    return mesh.order == 1 or bool((mid_node_offsets(mesh) < _STRAIGHT).all())


def refuse_unsound(mesh: Mesh) -> None:
    """Raise where an element cannot be integrated.

    Raises
    ------
    MeshError
        For coordinates that are not numbers, nodes that no element uses, inverted or flat elements (how many, where,
        which is worst), and mid-side nodes far from their edge; gmsh's node order is recognised as such.
    """
    if not np.isfinite(mesh.nodes).all():
        bad = np.flatnonzero(~np.isfinite(mesh.nodes).all(axis=1))
        raise MeshError(
            f"{len(bad)} of {mesh.n_nodes} nodes have a coordinate that is not a number.", where=f"node {bad[0]}"
        )
    used = np.zeros(mesh.n_nodes, bool)
    used[mesh.elements] = True
    if not used.all():
        lonely = np.flatnonzero(~used)
        raise MeshError(
            f"{len(lonely)} of {mesh.n_nodes} nodes belong to no element.",
            where=f"node {lonely[0]} at {_place(mesh.nodes[lonely[0]])}",
            remedy="drop nodes that no element uses before the mesh is given to the solver",
        )
    if mesh.order == 2:
        _refuse_misplaced_mid_nodes(mesh)
    element = element_of(mesh.elements)
    straight = is_straight(mesh)
    volumes = corner_volumes(mesh)[:, None] if straight else np.linalg.det(_jacobians(mesh, element)) / 6
    worst = volumes.min(axis=1)
    bad = np.flatnonzero(worst <= 0)
    if len(bad):
        first = bad[np.argmin(worst[bad])]
        raise MeshError(
            f"{len(bad)} of {mesh.n_elements} elements are inverted or flat.",
            where=f"worst: element {first} in {mesh.regions[mesh.region_of[first]]}, volume {worst[first]:.3g} mm³ "
            f"at {_place(centroids(mesh)[first])}",
            why="nodes of the element are in the wrong order, or it was squeezed through itself",
            remedy="mesh again with another element size, or repair the surface",
        )


def _refuse_misplaced_mid_nodes(mesh: Mesh) -> None:
    offsets = mid_node_offsets(mesh).max(axis=1)
    bad = np.flatnonzero(~(offsets < MAX_MID_NODE_OFFSET))
    if not len(bad):
        return
    swapped = mesh.elements[bad][:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]
    repaired = mid_node_offsets(Mesh(mesh.nodes, swapped, np.zeros(len(bad), np.int32), ("",))).max(axis=1)
    worst = bad[np.argmax(offsets[bad])]
    if (repaired < MAX_MID_NODE_OFFSET).mean() > 0.5:
        raise MeshError(
            f"{len(bad)} of {mesh.n_elements} TET10 elements have their last two nodes exchanged.",
            where=f"first: element {bad[0]}",
            why="the mesh is in gmsh's node order; femsim uses that of VTK and Abaqus",
            remedy="exchange the last two nodes of every element",
        )
    raise MeshError(
        f"{len(bad)} of {mesh.n_elements} TET10 elements have a mid-side node that misses the middle of its "
        f"edge by more than {MAX_MID_NODE_OFFSET:g} of the edge.",
        where=f"worst: element {worst} in {mesh.regions[mesh.region_of[worst]]}, {offsets[worst]:.2g} of the edge "
        f"at {_place(centroids(mesh)[worst])}",
        remedy="put the mid-side nodes of these elements back in the middle of their edges",
    )


def _jacobians(mesh: Mesh, element) -> np.ndarray:
    """(e, q, 3, 3): ∂x_i/∂λ_k."""
    return np.einsum("eai,qak->eqik", mesh.nodes[mesh.elements], element.gradients, optimize=True)


def _place(point: np.ndarray) -> str:
    return "({:.1f}, {:.1f}, {:.1f}) mm".format(*point)
