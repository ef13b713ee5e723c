"""V17: a thick cylinder under pressure from inside, held between two rigid plates."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, tube
from femsim.verification.solid import held, solve

INSIDE, OUTSIDE = 10.0, 20.0  # mm
PRESSURE = 10.0  # MPa
MODULUS, POISSON = 17_000.0, 0.3  # MPa, -


def exact(radius: float) -> tuple[float, float, float]:
    """Radial displacement [mm], hoop and axial stress [MPa] in plane strain."""
    mean = PRESSURE * INSIDE**2 / (OUTSIDE**2 - INSIDE**2)
    hoop = mean * (1 + OUTSIDE**2 / radius**2)
    moved = (1 + POISSON) / MODULUS * mean * ((1 - 2 * POISSON) * radius + OUTSIDE**2 / radius)
    return moved, hoop, 2 * POISSON * mean


def run() -> list[Check]:
    return _checks(across=10, around=14)


def _checks(across: int, around: int) -> list[Check]:
    angles = np.linspace(0, np.pi / 2, around + 1)
    mesh = tube(graded(INSIDE, OUTSIDE, across, 2.0), angles, np.array([0.0, 2.0]))
    supports = held(mesh, y="start", x="end", z=("bottom", "top"))
    solved = solve(mesh, Isotropic(MODULUS, POISSON), supports, surface_pressure(mesh, mesh.surface("inner"), PRESSURE))
    checks = []
    for place, radius in (("bore", INSIDE), ("outer face", OUTSIDE)):
        moved, hoop, axial = exact(radius)
        found = solved.stress_at((radius, 0, 0))
        checks += [
            Check(f"radial displacement, {place}", "mm", moved, solved.displacement_at((radius, 0, 0))[0], 1e-3),
            Check(f"hoop stress, {place}", "MPa", hoop, found[1], 0.01),
            Check(f"axial stress, {place}", "MPa", axial, found[2], 0.01),
        ]
    return checks


CASE = Case(
    title="Thick cylinder under inner pressure, plane strain, 5 481 dof, curved TET10",
    source="Lamé; Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 28",
    status="closed form",
    quick=True,
    run=run,
)
