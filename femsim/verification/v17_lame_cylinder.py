"""V17: a thick cylinder under pressure from inside, held between two rigid plates."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.verification import pressed_tube
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, tube

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
    return pressed_tube.checks(mesh, Isotropic(MODULUS, POISSON), PRESSURE, exact, INSIDE, OUTSIDE)


CASE = Case(
    title="Thick cylinder under inner pressure, plane strain, 5 481 dof, curved TET10",
    source="Lamé; Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 28",
    status="closed form",
    quick=True,
    run=run,
)
