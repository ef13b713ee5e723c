"""The bone of an impact as an element force: linear, as one operator that never changes."""

from dataclasses import dataclass

import numpy as np

from femsim.fem.assembly import stiffness
from femsim.fem.constraints import rigid_body_modes
from femsim.fem.elasticity import Elasticity, Isotropic
from femsim.fem.geometry import is_straight
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.springs import Springs, Sprung, with_springs
from femsim.fem.transfer import corner_mesh, linear_coarse_space
from femsim.mesh.mesh import Mesh
from femsim.solvers.system import AssembledOperator


@dataclass(frozen=True)
class Coarse:
    """Where multigrid starts below the mesh.

    transfer : bsr_matrix (3n, 3v) from linear tetrahedra on the corners, None for TET4. matrix : their stiffness.
    modes : (3v, 6) rigid motions.
    """

    transfer: object
    matrix: object
    modes: np.ndarray


class LinearBone:
    """Internal forces K u of a linear elastic mesh.

    operator : K with held directions as rows of zeros: `apply`, `diagonal_blocks`.
    coarse : Coarse
    """

    linear = True
    dissipated = 0.0
    state = None  # of what it has gone through: nothing

    def __init__(self, mesh: Mesh, elasticity: Elasticity, held: np.ndarray, springs: Springs | None = None):
        self.n_elements = mesh.n_elements
        transfer = None
        tying = None if springs is None else springs.matrix(mesh.n_nodes)
        if mesh.order == 2 and isinstance(elasticity, Isotropic) and is_straight(mesh):
            self.operator = Tet10Stiffness(mesh, elasticity, held)
            transfer, matrix = linear_coarse_space(mesh, elasticity, held)
            if tying is not None:
                self.operator = Sprung(self.operator, springs)
            self._free = self.operator.apply_free
        else:
            matrix = stiffness(mesh, elasticity)
            whole = matrix if tying is None else with_springs(matrix, tying)
            free = AssembledOperator(whole)
            self.operator = Rowless(free, held)
            self._free = lambda rows: free.apply(rows, np.empty_like(rows))
            matrix = self.operator.assembled()
            if mesh.order == 2:
                transfer, matrix = linear_coarse_space(mesh, elasticity, held, whole)
        if transfer is not None and tying is not None:
            matrix = with_springs(matrix, transfer.T @ tying @ transfer)
        seen = np.arange(mesh.n_nodes)
        if transfer is not None:
            _, corners = corner_mesh(mesh)
            seen = corners[~held[corners].all(axis=1)]
        modes = rigid_body_modes(mesh.nodes[seen]) * ~held[seen].reshape(-1, 1)
        self.coarse = Coarse(transfer, matrix, modes)

    def forces(self, u: np.ndarray) -> np.ndarray:
        """(n, 3) [N] under displacement (n, 3)."""
        return self._free(np.ascontiguousarray(u).reshape(1, -1)).reshape(-1, 3)

    def damping_forces(self, v: np.ndarray) -> np.ndarray:
        """(n, 3) K v, 0 where held."""
        rows = np.ascontiguousarray(v).reshape(1, -1)
        return self.operator.apply(rows, np.empty_like(rows)).reshape(-1, 3)

    def commit(self) -> None:
        """The last displacement is the end of a step."""

    def stored(self, u: np.ndarray, internal: np.ndarray) -> float:
        """[N·mm] recoverable energy under u and its internal forces."""
        return 0.5 * float(np.vdot(u, internal))

    @property
    def damage(self) -> np.ndarray:
        """(e,)"""
        return np.zeros(self.n_elements)


class Rowless:
    """An assembled operator whose held directions are rows and columns of zeros."""

    takes_panels = False

    def __init__(self, operator: AssembledOperator, held: np.ndarray):
        from scipy.sparse import bsr_matrix, diags

        moves = (~held.ravel()).astype(float)
        matrix = operator.assembled()
        self._held = held
        self._diagonal = matrix.diagonal().reshape(-1, 3)
        if held.any():
            matrix = bsr_matrix(diags(moves) @ matrix @ diags(moves), blocksize=(3, 3))
        self._matrix, self._operator = matrix, AssembledOperator(matrix)
        self.shape = matrix.shape

    def apply(self, x, y):
        return self._operator.apply(x, y)

    def diagonal_blocks(self):
        """(n, 3, 3); held directions decoupled with a positive diagonal."""
        blocks = self._operator.diagonal_blocks().copy()
        node, direction = np.nonzero(self._held)
        blocks[node, direction, direction] = self._diagonal[node, direction]
        return blocks

    def assembled(self):
        """The matrix, held directions decoupled with a positive diagonal."""
        from scipy.sparse import bsr_matrix, diags

        if not self._held.any():
            return self._matrix
        kept = np.where(self._held, self._diagonal, 0.0).ravel()
        matrix = bsr_matrix(self._matrix + diags(kept), blocksize=(3, 3))
        matrix.sort_indices()
        return matrix
