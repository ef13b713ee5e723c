"""Linear static equilibrium of one mesh under many loads at once."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.constraints import held_directions, refuse_free_parts, rigid_body_modes
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import is_straight, refuse_unsound
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.transfer import linear_coarse_space
from femsim.mesh.mesh import Mesh
from femsim.solvers.door import Prepared, prepare
from femsim.solvers.system import AssembledOperator


@dataclass(frozen=True)
class StaticSolution:
    """Displacements under each load, and how well the equations are solved.

    displacements [mm], reactions [N] : (b, n, 3); reactions are 0 where nothing is held.
    residuals : (b,) measured ‖Ku - f‖/‖f‖ over the free directions.
    energy : (b,) [N·mm] strain energy ½ u·Ku.
    method, reason : the solver and a sentence why.
    iterations : (b,)
    """

    displacements: np.ndarray
    reactions: np.ndarray
    residuals: np.ndarray
    energy: np.ndarray
    method: str
    reason: str
    iterations: np.ndarray


@dataclass(frozen=True)
class StaticProblem:
    """One mesh, stiffness and support, prepared for any number of loads."""

    mesh: Mesh
    held: np.ndarray
    stiffness: object
    prepared: Prepared

    def solve(self, loads: np.ndarray, *, prescribed=None, rtol: float = 1e-10, log=None) -> StaticSolution:
        """Displacements under nodal forces.

        Parameters
        ----------
        loads : (b, n, 3) or (n, 3) [N]
        prescribed : (b, n, 3) or (n, 3) [mm], optional
            Displacement of the held directions; 0 when not given.
        rtol : limit of the relative residual.
        log : callable(str), optional
            Hears of the progress.

        Raises
        ------
        ModelError
            For loads of the wrong shape or that are not finite.
        ConvergenceError
            Where a residual stays above rtol.
        """
        n = self.mesh.n_nodes
        f = _load_rows(loads, n)
        given = np.zeros_like(f)
        if prescribed is not None:
            given[:] = np.where(self.held.ravel(), _load_rows(prescribed, n), 0.0)
        right = f - self._internal(given) if given.any() else f
        solved = self.prepared.solve(right, rtol, log)
        u = solved.x + given
        internal = self._internal(u)
        reactions = np.where(self.held.ravel(), internal - f, 0.0)
        energy = 0.5 * np.einsum("bi,bi->b", u, internal)
        shape = (len(f), n, 3)
        return StaticSolution(
            u.reshape(shape), reactions.reshape(shape), solved.residuals, energy,
            solved.method, solved.reason, solved.iterations,
        )  # fmt: skip

    def _internal(self, u):
        if isinstance(self.stiffness, Tet10Stiffness):
            return self.stiffness.apply_free(u)
        return self.stiffness.apply(u, np.empty_like(u))


def prepare_static(
    mesh: Mesh, elasticity: Isotropic, fixed: np.ndarray, *, n_rhs: int = 1, method: str = "auto"
) -> StaticProblem:
    """Check the problem, choose a solver and do all that does not need the loads.

    Parameters
    ----------
    mesh : TET4 or TET10
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    fixed : (k,) nodes held in all directions, or (n, 3) bool.
    n_rhs : loads to expect.
    method : "auto" or a name in LINEAR_SOLVERS.

    Raises
    ------
    MeshError
        For unsound elements.
    ModelError
        For impossible materials, free parts, or too little memory.
    """
    refuse_unsound(mesh)
    held = held_directions(mesh, fixed)
    refuse_free_parts(mesh, held)
    modes = rigid_body_modes(mesh.nodes)
    if mesh.order == 2 and is_straight(mesh):
        operator = Tet10Stiffness(mesh, elasticity, held)
        transfer, coarse = linear_coarse_space(mesh, elasticity, held)
    else:
        operator = AssembledOperator(stiffness(mesh, elasticity))
        transfer = coarse = None
    prepared = prepare(
        operator, near_null_space=modes, held=held, transfer=transfer, coarse_matrix=coarse, n_rhs=n_rhs, method=method
    )
    return StaticProblem(mesh, held, operator, prepared)


def solve_static(
    mesh: Mesh, elasticity: Isotropic, fixed, loads, *, rtol: float = 1e-10, method: str = "auto", log=None
) -> StaticSolution:
    """Linear static solution of one mesh under loads (b, n, 3) [N]; see `prepare_static` and `StaticProblem.solve`."""
    n_rhs = len(_load_rows(loads, mesh.n_nodes))
    problem = prepare_static(mesh, elasticity, fixed, n_rhs=n_rhs, method=method)
    return problem.solve(loads, rtol=rtol, log=log)


def _load_rows(loads, n_nodes: int) -> np.ndarray:
    loads = np.asarray(loads, np.float64)
    if loads.ndim not in (2, 3) or loads.shape[-2:] != (n_nodes, 3):
        raise ModelError(f"Nodal values have shape {loads.shape}; the mesh needs (b, {n_nodes}, 3).")
    return np.ascontiguousarray(loads.reshape(-1, 3 * n_nodes))
