"""V10: reactions balance loads in force and moment, and the work of the loads is the energy of the strains."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import strain, strain_energy_density, stress
from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, crooked_body


def run() -> list[Check]:
    return [check for kind in KINDS for check in worst_of(*(_checks(kind, method) for method in METHODS))]


def _checks(kind: str, method: str) -> list[Check]:
    body = crooked_body(kind)
    nodes = body.mesh.nodes
    # Everything at once: loads at the supports too, supports that are moved, and a strain that carries no stress.
    loads = np.random.default_rng(2).normal(0, 1, (1, *nodes.shape))
    moved = np.where(body.held, 1e-2 * np.sin(nodes), 0.0)
    problem = prepare_static(body.mesh, body.elasticity, body.held, method=method)
    solution = problem.solve(loads, prescribed=moved, initial_strain=body.initial, rtol=1e-12)
    u, all_forces = solution.displacements[0], loads[0] + solution.reactions[0]
    force = np.linalg.norm(all_forces.sum(axis=0)) / np.abs(all_forces).sum()
    lever = np.linalg.norm(np.ptp(nodes, axis=0))
    moment = np.linalg.norm(np.cross(nodes, all_forces).sum(axis=0)) / (np.abs(all_forces).sum() * lever)
    weights, strains = integration_weights(body.mesh), strain(body.mesh, u)
    stresses = stress(strains - body.initial, body.elasticity)
    done, stored = (
        float((weights * strain_energy_density(stresses, part)).sum()) for part in (strains, strains - body.initial)
    )
    work = 0.5 * float(np.vdot(all_forces, u))
    return [
        Check(f"{kind}: sum of forces, share of all", "-", 0.0, force, 1e-9, absolute=True),
        Check(f"{kind}: sum of moments, share of all", "-", 0.0, moment, 1e-9, absolute=True),
        Check(f"{kind}: moved supports, worst", "mm", 0.0, np.abs((u - moved)[body.held]).max(), 1e-15, absolute=True),
        Check(f"{kind}: work of stresses against work of forces", "N·mm", work, done, 1e-9),
        Check(f"{kind}: strain energy reported, against integrated", "N·mm", stored, solution.energy[0], 1e-9),
    ]


CASE = Case(
    title="Balance of forces, moments and energy",
    source="equilibrium; Clapeyron's theorem",
    status="closed form",
    quick=True,
    run=run,
)
