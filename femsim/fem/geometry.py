"""Where the integration points lie, what volume each stands for, and whether elements have straight sides."""

import numpy as np

from femsim.fem.elements import element_of
from femsim.fem.kernels import soundness as kernels
from femsim.fem.quadrature import Rule
from femsim.mesh.mesh import EDGES, Mesh

# Below this share of its edge a mid-side node counts as lying on the middle: round-off of large coordinates.
STRAIGHT = 1e-8


def integration_points(mesh: Mesh) -> np.ndarray:
    """(e, q, 3) [mm]: places of the integration points."""
    element = element_of(mesh.elements)
    return np.einsum("qa,eai->eqi", element.values(element.rule.points), mesh.nodes[mesh.elements], optimize=True)


def integration_weights(mesh: Mesh) -> np.ndarray:
    """(e, q) [mm³]: volume each integration point stands for; negative where the element is inverted."""
    return volume_weights(mesh, element_of(mesh.elements).rule, straight=is_straight(mesh))


def volume_weights(mesh: Mesh, rule: Rule, rows: slice = slice(None), *, straight: bool) -> np.ndarray:
    """(k, q) [mm³]: volume each point of a rule stands for, in the elements of a slice; `straight` as `is_straight`."""
    if straight:
        return corner_volumes(mesh, rows)[:, None] * rule.weights
    derivatives = element_of(mesh.elements).derivatives(rule.points)
    jacobians = np.einsum("eai,qak->eqik", mesh.nodes[mesh.elements[rows]], derivatives, optimize=True)
    return np.linalg.det(jacobians) / 6 * rule.weights


def corner_volumes(mesh: Mesh, rows: slice = slice(None)) -> np.ndarray:
    """(e,) [mm³]: signed volume spanned by the four corners of the elements, or of a slice of them."""
    a, b, c, d = (mesh.nodes[mesh.elements[rows, k]] for k in range(4))
    return np.einsum("ei,ei->e", np.cross(b - a, c - a), d - a) / 6


def centroids(mesh: Mesh) -> np.ndarray:
    """(e, 3) [mm]: mean of the four corners."""
    return sum(mesh.nodes[mesh.elements[:, k]] for k in range(4)) / 4


def mid_node_offsets(mesh: Mesh) -> np.ndarray:
    """(e,): largest distance of a mid-side node from the middle of its edge, as a share of the edge; 0 for TET4."""
    offsets = np.zeros(mesh.n_elements)
    if mesh.order == 2:
        kernels.fill_mid_node_offsets(mesh.nodes, mesh.elements, np.array(EDGES), offsets)
    return offsets


def is_straight(mesh: Mesh) -> bool:
    """Whether every element has straight sides with mid-side nodes in the middle; True for TET4."""
    return mesh.order == 1 or bool((mid_node_offsets(mesh) < STRAIGHT).all())
