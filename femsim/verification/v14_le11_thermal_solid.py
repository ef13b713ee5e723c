"""V14: NAFEMS LE11, a solid of cylinder, taper and sphere that a temperature field strains."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import integration_points
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.nafems import SOURCE, STEEL
from femsim.verification.shapes import graded
from femsim.verification.solid import held, solve

EXPANSION = 2.3e-4  # 1/K
A = (1000.0, 0.0, 0.0)  # mm, on the inner sphere
# Meridian (r, z) in m at the ends of sphere, taper and cylinder, inside and outside; the sphere's arcs have radius
# 1 and 1.4.
INNER = np.array([(0.70711, 0.70711), (0.70711, 1.39711), (0.70711, 1.79711)])
OUTER = np.array([(1.2083, 0.70711), (1.0, 1.39711), (1.0, 1.79711)])


def run() -> list[Check]:
    return _checks(across=7, around=6, along=(10, 6, 3))


def _checks(across: int, around: int, along: tuple[int, int, int]) -> list[Check]:
    mesh = _mesh(across, around, along)
    x, y, z = np.moveaxis(integration_points(mesh), -1, 0) / 1000
    thermal = np.zeros((*x.shape, 6))
    thermal[..., :3] = (EXPANSION * (np.hypot(x, y) + z))[..., None]
    supports = held(mesh, x="x0", y="y0", z=("bottom", "top"))
    found = solve(mesh, Isotropic(*STEEL), supports, initial_strain=thermal).stress_at(A)[2]
    return [
        Check("σzz at A", "MPa", -105.0, found, 0.02),
        Check("σzz at A, converged for this meridian", "MPa", -106.03, found, 0.015),  # axisymmetric quadratic quads
    ]


def _mesh(across: int, around: int, along: tuple[int, int, int]) -> Mesh:
    def meridian(s, t):
        """(r, z) [m]; t runs over the sphere in 0…1, the taper in 1…2, the cylinder in 2…3."""
        inside, outside = (
            np.column_stack([np.interp(t, [1, 2, 3], side[:, k]) for k in (0, 1)]) for side in (INNER, OUTER)
        )
        round_ = t < 1
        for line, radius, (r, z) in ((inside, 1.0, INNER[0]), (outside, 1.4, OUTER[0])):
            angle = t[round_] * np.arctan2(z, r)
            line[round_] = radius * np.column_stack([np.cos(angle), np.sin(angle)])
        return inside + s[:, None] * (outside - inside)

    def mapping(p):
        r, z = 1000 * meridian(p[:, 0], p[:, 2]).T
        return np.column_stack([r * np.cos(p[:, 1]), r * np.sin(p[:, 1]), z])

    sphere, taper, cylinder = along
    heights = np.concatenate(
        [graded(0, 1, sphere, 3.0), np.linspace(1, 2, taper + 1)[1:], np.linspace(2, 3, cylinder + 1)[1:]]
    )
    lines = (graded(0, 1, across, 4.0), np.linspace(0, np.pi / 2, around + 1), heights)
    return mapped_box(lines, mapping, ("inner", "outer", "y0", "x0", "bottom", "top"))


CASE = Case(
    title="NAFEMS LE11: solid cylinder, taper and sphere under a temperature field, 22 815 dof, curved TET10",
    source=f"{SOURCE}, test LE11; refined axisymmetric quadratic quadrilaterals give -106.03",
    status="published",
    quick=True,
    run=run,
)
