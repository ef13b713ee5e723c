"""V24: a tube like a femoral shaft, clamped and bent by a force across its tip."""

import numpy as np

from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check
from femsim.verification.shaft import (
    AREA,
    BONE,
    INERTIA,
    INSIDE,
    LENGTH,
    MODULUS,
    OUTSIDE,
    POISSON,
    clamped,
    half_shaft,
)
from femsim.verification.solid import solve

FORCE = 500.0  # N


def exact() -> tuple[float, float]:
    """Tip deflection [mm] with shear by Cowper's coefficient, and strain of the outer fibre at mid-span."""
    bent = FORCE * LENGTH**3 / (3 * MODULUS * INERTIA)
    m = (INSIDE / OUTSIDE) ** 2
    kappa = 6 * (1 + POISSON) * (1 + m) ** 2 / ((7 + 6 * POISSON) * (1 + m) ** 2 + (20 + 12 * POISSON) * m)
    sheared = FORCE * LENGTH / (kappa * MODULUS / (2 * (1 + POISSON)) * AREA)
    return bent + sheared, FORCE * LENGTH / 2 * OUTSIDE / (MODULUS * INERTIA)


def run() -> list[Check]:
    return _checks(across=2, around=16, along=20)


def _checks(across: int, around: int, along: int) -> list[Check]:
    mesh = half_shaft(across, around, along)
    loads = surface_traction(mesh, mesh.surface("top"), np.array([FORCE / AREA, 0, 0]))
    solved = solve(mesh, BONE, clamped(mesh), loads)
    deflection, fibre = exact()
    stress = solved.stress_at((-OUTSIDE, 0, LENGTH / 2))
    found = solved.u[np.unique(mesh.surface("top")), 0].mean()
    strain = (stress[2] - POISSON * (stress[0] + stress[1])) / MODULUS
    return [
        Check("tip deflection, by beam theory with shear", "mm", deflection, found, 0.015),
        Check("tip deflection, by another finite-element code", "mm", 1.1958, found, 0.005),
        Check("axial strain of the outer fibre at mid-span", "-", fibre, strain, 0.01),
    ]


CASE = Case(
    title="Clamped tube under a force across its tip, 20 295 dof, curved TET10",
    source="Timoshenko beam; shear coefficient: Cowper, J. Appl. Mech. 33 (1966) 335-340",
    status="closed form",
    quick=True,
    run=run,
)
