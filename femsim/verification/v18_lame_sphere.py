"""V18: a thick hollow sphere under pressure from inside."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, octant_shell
from femsim.verification.solid import held, solve

INSIDE, OUTSIDE = 10.0, 20.0  # mm
PRESSURE = 10.0  # MPa
MODULUS, POISSON = 17_000.0, 0.3  # MPa, -


def exact(radius: float) -> tuple[float, float]:
    """Radial displacement [mm] and hoop stress [MPa]."""
    mean = PRESSURE * INSIDE**3 / (OUTSIDE**3 - INSIDE**3)
    cube = OUTSIDE**3 / (2 * radius**3)
    return mean * radius / MODULUS * (1 - 2 * POISSON + (1 + POISSON) * cube), mean * (1 + cube)


def run() -> list[Check]:
    return _checks(across=8, along=8)


def _checks(across: int, along: int) -> list[Check]:
    mesh = octant_shell(graded(INSIDE, OUTSIDE, across, 2.0), along)
    supports = held(mesh, x="x0", y="y0", z="z0")
    solved = solve(mesh, Isotropic(MODULUS, POISSON), supports, surface_pressure(mesh, mesh.surface("inner"), PRESSURE))
    checks = []
    for place, radius in (("cavity", INSIDE), ("outer face", OUTSIDE)):
        moved, hoop = exact(radius)
        diagonal = np.full(3, radius / np.sqrt(3))
        # On the ray x = y = z the two equal tangential stresses are the mean normal less the mean shear stress.
        found = solved.stress_at(diagonal)
        checks += [
            Check(f"radial displacement, {place}", "mm", moved, solved.displacement_at((radius, 0, 0))[0], 1e-3),
            Check(f"hoop stress, {place}, on an axis", "MPa", hoop, solved.stress_at((radius, 0, 0))[1], 0.01),
            Check(f"hoop stress, {place}, between", "MPa", hoop, (found[:3] - found[3:]).mean(), 0.01),
        ]
    return checks


CASE = Case(
    title="Thick hollow sphere under inner pressure, 41 667 dof, curved TET10",
    source="Lamé; Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 136",
    status="closed form",
    quick=True,
    run=run,
)
