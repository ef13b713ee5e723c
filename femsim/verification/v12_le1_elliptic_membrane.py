"""V12: NAFEMS LE1, an elliptic membrane pulled outward, as a slab between a plane of symmetry and a free face."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.verification.case import Case, Check
from femsim.verification.nafems import SOURCE, STEEL, D, elliptic_plate
from femsim.verification.solid import held, solve

PULL = 10.0  # MPa
THICKNESS = 100.0  # mm


def run() -> list[Check]:
    return _checks(across=16, along=24)


def _checks(across: int, along: int) -> list[Check]:
    mesh = elliptic_plate(across, along, np.array([0, THICKNESS]), ratio=6.0)
    loads = surface_pressure(mesh, mesh.surface("outer"), -PULL)
    solved = solve(mesh, Isotropic(*STEEL), held(mesh, x="x0", y="y0", z="bottom"), loads)
    # In a solid the stress falls from the middle of the plate to its face; plane stress speaks of the mean.
    low, middle, high = (solved.stress_at((*D, z))[1] for z in (0, THICKNESS / 2, THICKNESS))
    return [Check("σyy at D, mean through the thickness", "MPa", 92.7, (low + 4 * middle + high) / 6, 0.02)]


CASE = Case(
    title="NAFEMS LE1: elliptic membrane as a slab, 14 553 dof, curved TET10",
    source=f"{SOURCE}, test LE1; refined quadratic quadrilaterals in plane stress give 92.65",
    status="published",
    quick=True,
    run=run,
)
