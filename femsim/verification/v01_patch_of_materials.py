"""V01: uniform strain in an orthotropic patch and in two layers, motion prescribed on the surface."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.recovery import nodal_average, principal, strain, stress
from femsim.verification.boundary import on_surface
from femsim.verification.case import Case, Check
from femsim.verification.crooked import distance
from femsim.verification.hooke import six_of
from femsim.verification.patch import Patch, isotropic_layers, orthotropic_layers, orthotropic_patch


def run() -> list[Check]:
    kinds = (orthotropic_patch, isotropic_layers, orthotropic_layers)
    return [check for order in (1, 2) for patch in kinds for check in _checks(patch(order))]


def _checks(patch: Patch) -> list[Check]:
    held = np.repeat(on_surface(patch.mesh)[:, None], 3, axis=1)
    problem = prepare_static(patch.mesh, patch.elasticity, held)
    u = problem.solve(np.zeros_like(patch.motion), prescribed=patch.motion, rtol=1e-12).displacements[0]
    return state_checks(patch, u, 1e-10)


def state_checks(patch: Patch, u: np.ndarray, tolerance: float) -> list[Check]:
    """A displacement held against the exact state of the patch, at points and averaged to nodes."""
    mesh = patch.mesh
    found = stress(strain(mesh, u), patch.elasticity)
    exact = six_of(patch.stress)
    eigenvalues = np.linalg.eigvalsh(patch.stress)
    at_nodes = nodal_average(mesh, found)
    of_region = np.stack([exact[np.flatnonzero(mesh.region_of == row)[0]] for row in range(len(mesh.regions))])
    checks = (
        ("displacement", distance(u, patch.motion)),
        ("stress at points", distance(found, np.broadcast_to(exact[:, None], found.shape))),
        ("principal stress", distance(principal(found), np.broadcast_to(eigenvalues[:, None], (*found.shape[:2], 3)))),
        ("stress at nodes, by layer", distance(at_nodes.values, of_region[at_nodes.region])),
    )
    return [
        Check(f"{patch.name}: {quantity}, worst, share of the largest", "-", 0.0, far, tolerance, absolute=True)
        for quantity, far in checks
    ]


CASE = Case(
    title="Patch test of an orthotropic material and of two layers, motion prescribed on the surface",
    source="uniform strain; at a flat interface Hadamard's kink that keeps the traction, "
    "Gurtin, Introduction to Continuum Mechanics (1981)",
    status="closed form",
    quick=True,
    run=run,
)
