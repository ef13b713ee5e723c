"""The tangent of a breaking body as an operator on displacements, never stored as a matrix."""

import numpy as np

from femsim.fem.geometry import corner_volumes
from femsim.fem.kernels import tet10_operator
from femsim.fem.kernels import tet10_tangent as kernels
from femsim.fem.operator import Chunks, corner_gradients


class Tet10Tangent:
    """Tangent of straight-sided TET10 elements, in the lanes of the vector unit; rows that are held give 0."""

    def __init__(self, body, held: np.ndarray):
        mesh = body.mesh
        self.shape, self.held = (3 * mesh.n_nodes, 3 * mesh.n_nodes), np.ascontiguousarray(held, bool)
        self._chunks = Chunks(mesh, np.hstack([corner_gradients(mesh), np.zeros((mesh.n_elements, 44))]))
        self._share = corner_volumes(mesh) / 20
        self._forces = np.empty((1, len(self._chunks.chunk_nodes), tet10_operator.WIDTH))

    def take(self, tangent: np.ndarray) -> "Tet10Tangent":
        """Become the operator of a tangent (e, 4, 11); returns itself."""
        kernels.fill_point_rows(self._chunks.place, self._share, tangent, self._chunks.geometry)
        return self

    def apply(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← K x for rows of x (r, 3n), 0 where held; returns y."""
        c = self._chunks
        constants = np.array([3, 4, tet10_operator.KAPPA])
        for row, result in zip(x.reshape(len(x), -1, 3), y.reshape(len(y), 1, -1, 3)):
            kernels.fill_chunk_forces(
                c.batch_start, c.local_nodes, c.geometry, c.node_start, c.chunk_nodes, row, constants, self._forces[0]
            )
            tet10_operator.fill_node_sums(c.slot_start, c.slots, self._forces, self.held, result, False, result)
        return y


class PointTangent:
    """The same for any element, point by point."""

    def __init__(self, body, held: np.ndarray):
        self.shape, self.held = (3 * body.mesh.n_nodes, 3 * body.mesh.n_nodes), held
        self._body, self._tangent = body, None

    def take(self, tangent: np.ndarray) -> "PointTangent":
        """Become the operator of a tangent (e, q, 11); returns itself."""
        self._tangent = tangent
        return self

    def apply(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← K x for rows of x (r, 3n), 0 where held; returns y."""
        for row, result in zip(x, y):
            forces = self._body.tangent_forces(self._tangent, row.reshape(-1, 3))
            result[:] = np.where(self.held, 0.0, forces).ravel()
        return y


def tangent_of(body, held: np.ndarray):
    """The faster of the two for the body's elements."""
    return Tet10Tangent(body, held) if body.mesh.order == 2 else PointTangent(body, held)
