"""A tube that stands for a femoral shaft, clamped at its lower end: the half on one side of the plane it bends in."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.mesh.mesh import Mesh
from femsim.verification.shapes import tube
from femsim.verification.solid import held

INSIDE, OUTSIDE, LENGTH = 7.0, 14.0, 150.0  # mm
MODULUS, POISSON = 17_000.0, 0.3  # MPa, -
BONE = Isotropic(MODULUS, POISSON)
AREA = np.pi * (OUTSIDE**2 - INSIDE**2)  # mm², of the whole tube
INERTIA = np.pi / 4 * (OUTSIDE**4 - INSIDE**4)  # mm⁴


def half_shaft(across: int, around: int, along: int) -> Mesh:
    """The half of y ≥ 0, curved TET10; `along` is even, so that nodes lie at mid-span."""
    lines = (np.linspace(INSIDE, OUTSIDE, across + 1), np.linspace(0, np.pi, around + 1))
    return tube(*lines, np.linspace(0, LENGTH, along + 1))


def clamped(mesh: Mesh) -> np.ndarray:
    """(n, 3) bool: the lower end held, and symmetry."""
    return held(mesh, x="bottom", y=("bottom", "start", "end"), z="bottom")
