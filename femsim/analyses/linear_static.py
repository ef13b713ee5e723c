"""Linear statics of a whole activity: every frame from one stiffness and the few loads that span the history."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.analyses.outcome import Checks, Outcome
from femsim.analyses.settling import balanced, settled
from femsim.analyses.static import StaticSolution, solve_static
from femsim.errors import ConvergenceError
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import strain, strain_energy_density, stress
from femsim.model import Model
from femsim.registry import parameter

BALANCE_LIMIT = 1e-8  # share of the load that reactions may miss; a looser balance means the solve is not to be trusted


@dataclass(frozen=True)
class LinearStatic:
    """Small displacements, linear elastic bone, cement and metal, interfaces bonded, sliding or free."""

    relative_tolerance: float = parameter(
        1e-9,
        text="largest relative residual of the equations; 1e-9 keeps reactions equal to loads to 1e-8",
        unit="-",
        low=1e-14,
        high=1e-6,
    )

    def run(self, model: Model, *, n_kept: int, log=None) -> Outcome:
        """Solve the model for the loads that span its history.

        Parameters
        ----------
        model : Model
        n_kept : int
            Elements shared with the twin.
        log : callable(str), optional
            Told what the solver does.

        Raises
        ------
        ConvergenceError
            Where the tolerance is not reached or reactions do not balance the loads.
        """
        loads = balanced(model.mesh, model.reactions, model.load_basis)
        solution = solve_static(
            model.mesh,
            model.elasticity,
            model.held,
            loads,
            springs=model.springs,
            rtol=self.relative_tolerance,
            log=log,
        )
        if model.reactions is not None:
            solution = replace(
                solution,
                displacements=settled(model.mesh, model.reactions, solution.displacements),
                reactions=solution.reactions + (loads - model.load_basis),
            )
        checks = _checks(model, solution)
        _refuse_unbalanced(model, checks)
        return Outcome(model, solution.displacements, n_kept, checks, f"{solution.method}: {solution.reason}")


def _checks(model: Model, solution: StaticSolution) -> Checks:
    factors = model.load_factors[model.history.peak]
    loads, reactions, displacement = (
        np.tensordot(factors, basis, axes=1) for basis in (model.load_basis, solution.reactions, solution.displacements)
    )
    force = np.linalg.norm(loads.sum(axis=0))
    if model.reactions is not None:  # a load in balance by itself has no resultant
        force = np.linalg.norm(loads, axis=1).sum()
    nodes = model.mesh.nodes
    moment = np.cross(nodes, loads).sum(axis=0)
    # Relative to the moment itself, a load through the origin would have no scale; the lever arm is the model's size.
    lever = np.linalg.norm(np.ptp(nodes, axis=0))
    work = 0.5 * float(np.vdot(loads, displacement))
    # Integrated from strains, not from K: a second road to the same number.
    strains = strain(model.mesh, displacement)
    stresses = stress(strains, model.elasticity)
    energy = float(np.sum(integration_weights(model.mesh) * strain_energy_density(stresses, strains)))
    if model.springs is not None:
        energy += model.springs.energy(displacement)
    return Checks(
        residual=float(np.max(solution.residuals)),
        force_balance=_share(np.linalg.norm((reactions + loads).sum(axis=0)), force),
        moment_balance=_share(np.linalg.norm(np.cross(nodes, reactions).sum(axis=0) + moment), force * lever),
        energy_balance=_share(abs(work - energy), abs(work)),
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float(part)


def _refuse_unbalanced(model: Model, checks: Checks) -> None:
    worst = max(checks.force_balance, checks.moment_balance)
    if not worst <= BALANCE_LIMIT:
        raise ConvergenceError(
            f"Reactions miss the loads by {worst:.1e} of them, above {BALANCE_LIMIT:g}.",
            where=f"{model.name} femur",
            why=f"the equations are solved only to a relative residual of {checks.residual:.1e}",
            remedy="lower the solver's relative tolerance, or refine the mesh where elements are distorted",
        )
