"""V15: Cook's tapered membrane in shear, as a slab between a plane of symmetry and a free face."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.shapes import graded
from femsim.verification.solid import held, solve

EDGE = 16.0  # mm, height of the loaded edge
FORCE = 1.0  # N, on a slab 1 mm thick


def run() -> list[Check]:
    return _checks(cells=28)


def _checks(cells: int) -> list[Check]:
    def mapping(p):
        x = 48 * p[:, 0]
        low, high = 44 * p[:, 0], 44 + 16 * p[:, 0]
        return np.column_stack([x, low + (high - low) * p[:, 1], p[:, 2]])

    faces = ("clamp", "end", "below", "above", "bottom", "top")
    mesh = mapped_box((graded(0, 1, cells, 10.0), cells, 1), mapping, faces)
    loads = surface_traction(mesh, mesh.surface("end"), np.array([0, FORCE / EDGE, 0]))
    supports = held(mesh, x="clamp", y="clamp", z="bottom")
    solved = solve(mesh, Isotropic(1.0, 1 / 3), supports, loads)
    middle, corner = (solved.displacement_at((48, y, 0))[1] for y in (52, 60))
    return [
        Check("deflection of the middle of the loaded edge", "mm", 23.967, middle, 0.01),
        Check("deflection of its upper corner", "mm", 25.18, corner, 0.01),
    ]


CASE = Case(
    title="Cook's membrane as a slab, 29 241 dof, TET10",
    source="Cook, J. Struct. Div. ASCE 100 (1974) 1851-1863; values of quadratic quadrilaterals refined until still",
    status="independent code",
    quick=True,
    run=run,
)
