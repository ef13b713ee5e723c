"""V01: a linear motion prescribed on the surface of a distorted patch gives the same stress everywhere."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.recovery import principal, strain, strain_energy_density, stress, von_mises
from femsim.verification.boundary import on_surface
from femsim.verification.case import Case, Check, furthest
from femsim.verification.crooked import distance
from femsim.verification.patch import SOURCE, Patch, isotropic_patch

NORMAL, SHEAR = 2000.0, 400.0  # MPa; SOURCE


def run() -> list[Check]:
    checks = []
    for patch in map(isotropic_patch, (1, 2)):
        held = np.repeat(on_surface(patch.mesh)[:, None], 3, axis=1)
        problem = prepare_static(patch.mesh, patch.elasticity, held)
        u = problem.solve(np.zeros_like(patch.motion), prescribed=patch.motion, rtol=1e-12).displacements[0]
        checks += published_checks(patch, u, 1e-10)
    return checks


def published_checks(patch: Patch, u: np.ndarray, tolerance: float) -> list[Check]:
    """A displacement held against the published stresses and what follows from them."""
    name, strains = patch.name, strain(patch.mesh, u)
    found = stress(strains, patch.elasticity)
    far = distance(u, patch.motion)
    quantities = (
        ("normal stress", NORMAL, found[..., :3]),
        ("shear stress", SHEAR, found[..., 3:]),
        ("von Mises stress", 3 * SHEAR, von_mises(found)),
        ("largest principal stress", NORMAL + 2 * SHEAR, principal(found)[..., 2]),
        ("smallest principal stress", NORMAL - SHEAR, principal(found)[..., 0]),
        ("energy density", 3.6, strain_energy_density(found, strains)),  # ½ σ:ε, strains 1e-3, true shear 0.5e-3
    )
    return [
        Check(f"{name}: displacement, worst node, share of the largest", "-", 0.0, far, tolerance, absolute=True),
        *(
            Check(f"{name}: {quantity}, worst point", "MPa", known, furthest(values, known), tolerance)
            for quantity, known, values in quantities
        ),
    ]


CASE = Case(
    title="Patch test, linear motion prescribed on the surface",
    source=SOURCE,
    status="published",
    quick=True,
    run=run,
)
