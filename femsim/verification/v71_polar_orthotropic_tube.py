"""V71: a tube that is stiffer around than outward, under pressure from inside, between rigid plates.

The material's axes turn with the angle, from integration point to integration point.
"""

import numpy as np

from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import integration_points
from femsim.verification import pressed_tube
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, tube

INSIDE, OUTSIDE = 10.0, 20.0  # mm
PRESSURE = 10.0  # MPa
# 1 outward, 2 around, 3 along; made up, with a strong contrast.
E1, E2, E3 = 5000.0, 20_000.0, 15_000.0  # MPa
NU12, NU23, NU13 = 0.1, 0.3, 0.12
G12, G23, G13 = 3000.0, 6000.0, 4000.0  # MPa


def exact(radius: float) -> tuple[float, float, float]:
    """Radial displacement [mm], hoop and axial stress [MPa]: σr = A r^(k-1) + B r^(-k-1), σθ = d(r σr)/dr."""
    s11, s22, s33, s12, s13, s23 = 1 / E1, 1 / E2, 1 / E3, -NU12 / E1, -NU13 / E1, -NU23 / E2
    b11, b22, b12 = s11 - s13**2 / s33, s22 - s23**2 / s33, s12 - s13 * s23 / s33  # plane strain
    k = np.sqrt(b11 / b22)
    a, b = np.linalg.solve([[r ** (k - 1), r ** (-k - 1)] for r in (INSIDE, OUTSIDE)], [-PRESSURE, 0])
    radial = a * radius ** (k - 1) + b * radius ** (-k - 1)
    hoop = k * (a * radius ** (k - 1) - b * radius ** (-k - 1))
    return radius * (b12 * radial + b22 * hoop), hoop, -(s13 * radial + s23 * hoop) / s33


def run() -> list[Check]:
    return _checks(across=12, around=16)


def _checks(across: int, around: int) -> list[Check]:
    mesh = tube(graded(INSIDE, OUTSIDE, across, 2.0), np.linspace(0, np.pi / 2, around + 1), np.array([0.0, 2.0]))
    x, y, _ = np.moveaxis(integration_points(mesh), -1, 0)
    outward = np.stack([x, y, 0 * x], axis=-1) / np.hypot(x, y)[..., None]
    upward = np.broadcast_to([0.0, 0, 1], outward.shape)
    axes = np.stack([outward, np.cross(upward, outward), upward], axis=-2)
    material = Orthotropic((E1, E2, E3), (NU12, NU23, NU13), (G12, G23, G13), axes)
    return pressed_tube.checks(mesh, material, PRESSURE, exact, INSIDE, OUTSIDE)


CASE = Case(
    title="Tube stiff around and soft outward under inner pressure, plane strain, 7 425 dof, curved TET10",
    source="Lekhnitskii, Theory of Elasticity of an Anisotropic Body (1981): tube with cylindrical anisotropy",
    status="closed form",
    quick=True,
    run=run,
)
