"""Isoparametric tetrahedra: shape functions and their derivatives in barycentric coordinates."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import MeshError
from femsim.fem.quadrature import CENTROID, FOUR_POINTS, Rule
from femsim.mesh.mesh import EDGES


@dataclass(frozen=True)
class Element:
    """A tetrahedron of one order with the rule that integrates its stiffness when it is straight-sided.

    name : "TET4" or "TET10"; n_nodes : nodes of one element.
    rule : integration points at which stiffness, strain and stress live.
    """

    name: str
    n_nodes: int
    rule: Rule

    def values(self, points: np.ndarray) -> np.ndarray:
        """(q, a) shape functions at barycentric points (q, 4)."""
        if self.n_nodes == 4:
            return points.copy()
        mid = [4 * points[:, i] * points[:, j] for i, j in EDGES]
        return np.column_stack([points * (2 * points - 1), *mid])

    def barycentric_derivatives(self, points: np.ndarray) -> np.ndarray:
        """(q, a, 4) derivatives with respect to λ0…λ3, taken as independent."""
        result = np.zeros((len(points), self.n_nodes, 4))
        if self.n_nodes == 4:
            result[:] = np.eye(4)
            return result
        for a in range(4):
            result[:, a, a] = 4 * points[:, a] - 1
        for k, (i, j) in enumerate(EDGES):
            result[:, 4 + k, i] = 4 * points[:, j]
            result[:, 4 + k, j] = 4 * points[:, i]
        return result

    def derivatives(self, points: np.ndarray) -> np.ndarray:
        """(q, a, 3) derivatives with respect to λ1, λ2, λ3, with λ0 = 1 - λ1 - λ2 - λ3."""
        barycentric = self.barycentric_derivatives(points)
        return barycentric[:, :, 1:] - barycentric[:, :, :1]

    def interpolation(self, points: np.ndarray) -> np.ndarray:
        """(p, q): takes values at the points of the rule to barycentric points (p, 4), linearly in a TET10."""
        return np.ones((len(points), 1)) if self.n_nodes == 4 else points @ np.linalg.inv(self.rule.points)

    @property
    def extrapolation(self) -> np.ndarray:
        """(a, q): the same to the nodes."""
        corners = np.eye(4)
        nodes = [*corners, *((corners[i] + corners[j]) / 2 for i, j in EDGES)]
        return self.interpolation(np.array(nodes[: self.n_nodes]))

    @property
    def gradients(self) -> np.ndarray:
        """(q, a, 3) derivatives at the points of the rule."""
        return self.derivatives(self.rule.points)


TET4 = Element("TET4", 4, CENTROID)
TET10 = Element("TET10", 10, FOUR_POINTS)


def element_of(elements: np.ndarray) -> Element:
    """The element of a connectivity array (e, 4) or (e, 10)."""
    for element in (TET4, TET10):
        if elements.shape[1] == element.n_nodes:
            return element
    raise MeshError(f"Elements have {elements.shape[1]} nodes; only TET4 and TET10 are known.")
