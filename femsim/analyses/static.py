"""Linear static equilibrium of one mesh under many loads at once."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.constraints import held_directions, refuse_free_parts, rigid_body_modes
from femsim.fem.elasticity import Elasticity, Isotropic
from femsim.fem.forces import initial_strain_force, strain_at_points
from femsim.fem.geometry import integration_weights, is_straight
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.ordering import near_order, renumbered
from femsim.fem.recovery import strain_energy_density, stress
from femsim.fem.soundness import refuse_unsound
from femsim.fem.springs import Springs, Sprung, with_springs
from femsim.fem.transfer import linear_coarse_space
from femsim.mesh.mesh import Mesh
from femsim.solvers.door import Prepared, prepare
from femsim.solvers.system import AssembledOperator


@dataclass(frozen=True)
class StaticSolution:
    """Displacements under each load, and how well the equations are solved.

    displacements [mm], reactions [N] : (b, n, 3); reactions are 0 where nothing is held.
    residuals : (b,) measured ‖Ku - f‖/‖f‖ over the free directions.
    energy : (b,) [N·mm] strain energy, springs included: ½ u·Ku, or ½ ∫ σ:(ε - ε₀) under an initial strain ε₀.
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
    """One mesh, stiffness and support, prepared for any number of loads.

    order : (n,)
        Nodes as `stiffness` and `prepared` see them: neighbours close together, whatever the mesh's numbers.
    """

    mesh: Mesh
    elasticity: Elasticity
    held: np.ndarray
    stiffness: object
    prepared: Prepared
    order: np.ndarray

    def solve(
        self, loads: np.ndarray, *, prescribed=None, initial_strain=None, rtol: float = 1e-10, log=None
    ) -> StaticSolution:
        """Displacements under nodal forces.

        Parameters
        ----------
        loads : (b, n, 3) or (n, 3) [N]
        prescribed : (b, n, 3) or (n, 3) [mm], optional
            Displacement of the held directions; 0 when not given.
        initial_strain : (6,), (e, 6) or (e, q, 6), optional
            Strain without stress, of heat or swelling, under every load; XX YY ZZ XY YZ XZ, true shear.
        rtol : limit of the relative residual.
        log : callable(str), optional
            Hears of the progress.

        Raises
        ------
        ModelError
            For loads, displacements or initial strain of the wrong shape or not finite.
        ConvergenceError
            Where a residual stays above rtol.
        """
        n = self.mesh.n_nodes
        f = _load_rows(loads, n, "Nodal forces")
        pushed, stored = self._initial(initial_strain)
        given = np.zeros_like(f)
        if prescribed is not None:
            given[:] = np.where(self.held.ravel(), _load_rows(prescribed, n, "Prescribed displacements"), 0.0)
        right = f + pushed
        if given.any():
            right = right - self._internal(given)
        solved = self.prepared.solve(self._sorted(right), rtol, log)
        u = self._unsorted(solved.x) + given
        internal = self._internal(u)
        reactions = np.where(self.held.ravel(), internal - pushed - f, 0.0)
        energy = np.einsum("bi,bi->b", u, 0.5 * internal - pushed) + stored
        shape = (len(f), n, 3)
        return StaticSolution(
            u.reshape(shape), reactions.reshape(shape), solved.residuals, energy,
            solved.method, solved.reason, solved.iterations,
        )  # fmt: skip

    def _initial(self, strain) -> tuple[np.ndarray, float]:
        """Nodal forces (3n,) of an initial strain, and the energy it would store with nothing moving."""
        if strain is None:
            return np.zeros(3 * self.mesh.n_nodes), 0.0
        strain = strain_at_points(self.mesh, strain)
        density = strain_energy_density(stress(strain, self.elasticity), strain)
        stored = float((integration_weights(self.mesh) * density).sum())
        return initial_strain_force(self.mesh, self.elasticity, strain).ravel(), stored

    def _internal(self, u):
        u = self._sorted(u)
        if isinstance(self.stiffness, (Tet10Stiffness, Sprung)):
            return self._unsorted(self.stiffness.apply_free(u))
        return self._unsorted(self.stiffness.apply(u, np.empty_like(u)))

    def _sorted(self, rows):
        return rows.reshape(len(rows), -1, 3)[:, self.order].reshape(len(rows), -1)

    def _unsorted(self, rows):
        result = np.empty_like(rows)
        result.reshape(len(rows), -1, 3)[:, self.order] = rows.reshape(len(rows), -1, 3)
        return result


def prepare_static(
    mesh: Mesh,
    elasticity: Elasticity,
    fixed: np.ndarray,
    *,
    springs: Springs | None = None,
    n_rhs: int = 1,
    method: str = "auto",
) -> StaticProblem:
    """Check the problem, choose a solver and do all that does not need the loads.

    Parameters
    ----------
    mesh : TET4 or TET10
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    fixed : (k,) nodes held in all directions, or (n, 3) bool.
    springs : between nodes of the mesh, optional.
    n_rhs : loads to expect.
    method : "auto" or a name in LINEAR_SOLVERS.

    Raises
    ------
    MeshError
        For unsound elements.
    ModelError
        For free parts, supports or elasticity of another mesh, or too little memory.
    """
    refuse_unsound(mesh)
    held = held_directions(mesh, fixed)
    springs = springs if springs is not None and len(springs.pairs) else None
    refuse_free_parts(mesh, held, springs)
    order = near_order(mesh.nodes)
    near, near_held = renumbered(mesh, order), held[order]
    near_springs = springs and springs.renumbered(order)
    modes = rigid_body_modes(near.nodes)
    transfer = coarse = None
    if mesh.order == 2 and isinstance(elasticity, Isotropic) and is_straight(mesh):
        operator = Tet10Stiffness(near, elasticity, near_held)
        transfer, coarse = linear_coarse_space(near, elasticity, near_held)
        if springs:
            operator = Sprung(operator, near_springs)
    else:
        matrix = stiffness(near, elasticity)
        if mesh.order == 2:
            transfer, coarse = linear_coarse_space(near, elasticity, near_held, matrix)
        operator = AssembledOperator(with_springs(matrix, near_springs.matrix(mesh.n_nodes)) if springs else matrix)
    if springs and transfer is not None:
        coarse = with_springs(coarse, transfer.T @ near_springs.matrix(mesh.n_nodes) @ transfer)
    prepared = prepare(
        operator, near_null_space=modes, held=near_held, transfer=transfer, coarse_matrix=coarse, n_rhs=n_rhs,
        method=method, place_of=partial(_place_of, mesh, order),
    )  # fmt: skip
    return StaticProblem(mesh, elasticity, held, operator, prepared, order)


def _place_of(mesh: Mesh, order: np.ndarray, unknown: int) -> str:
    node = int(order[unknown // 3])
    region = mesh.regions[mesh.region_of[np.flatnonzero((mesh.elements == node).any(axis=1))[0]]]
    x, y, z = mesh.nodes[node]
    return f"node {node} in {region} at ({x:.1f}, {y:.1f}, {z:.1f}) mm, direction {'xyz'[unknown % 3]}"


def solve_static(
    mesh: Mesh,
    elasticity: Elasticity,
    fixed: np.ndarray,
    loads: np.ndarray,
    *,
    springs: Springs | None = None,
    prescribed=None,
    initial_strain=None,
    rtol: float = 1e-10,
    method: str = "auto",
    log=None,
) -> StaticSolution:
    """Linear static solution of one mesh under loads (b, n, 3) [N]; see `prepare_static` and `StaticProblem.solve`."""
    n_rhs = len(_load_rows(loads, mesh.n_nodes, "Nodal forces"))
    problem = prepare_static(mesh, elasticity, fixed, springs=springs, n_rhs=n_rhs, method=method)
    return problem.solve(loads, prescribed=prescribed, initial_strain=initial_strain, rtol=rtol, log=log)


def _load_rows(values, n_nodes: int, name: str) -> np.ndarray:
    """(b, 3n) of nodal values (n, 3) or (b, n, 3)."""
    values = np.asarray(values, np.float64)
    if values.ndim not in (2, 3) or values.shape[-2:] != (n_nodes, 3):
        raise ModelError(f"{name} have shape {values.shape}; the mesh needs (b, {n_nodes}, 3).")
    rows = np.ascontiguousarray(values.reshape(-1, 3 * n_nodes))
    if not np.isfinite(rows).all():
        case, place = np.argwhere(~np.isfinite(rows))[0]
        raise ModelError(
            f"{name} are not finite at {int((~np.isfinite(rows)).any(axis=0).reshape(-1, 3).any(axis=1).sum())} of "
            f"{n_nodes} nodes.",
            where=f"first: node {place // 3}, direction {'xyz'[place % 3]}, load case {case + 1} of {len(rows)}, "
            f"{rows[case, place]:g}",
        )
    return rows
