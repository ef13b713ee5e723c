"""V21: a sphere of another stiffness in a pulled body, stressed evenly whatever its stiffness."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check
from femsim.verification.mapped import joined
from femsim.verification.shapes import graded, octant_ball, octant_shell
from femsim.verification.solid import held, solve

SPHERE, BODY = 1.0, 20.0  # mm, radii: the outer face moves the stresses by about (1/20)³
MATRIX, POISSON = 1000.0, 0.3  # MPa, -; Poisson's ratio of both
STIFF, SOFT = 210_000.0, 100.0  # MPa


def exact(modulus: float) -> tuple[float, float]:
    """σzz and σxx in the sphere under unit tension along z."""
    nu = POISSON
    ratio = modulus / MATRIX
    bulk = (1 + nu) / (3 * (1 - nu))  # share of a mean strain that a matrix hands back  # Eshelby (3.14)
    shear = 2 * (4 - 5 * nu) / (15 * (1 - nu))
    mean = ratio / (1 + bulk * (ratio - 1)) / 3
    deviator = ratio / (1 + shear * (ratio - 1)) / 3
    return mean + 2 * deviator, mean - deviator


def run() -> list[Check]:
    return _checks(along=4, layers=2, across=9)


def _checks(along: int, layers: int, across: int) -> list[Check]:
    ball = octant_ball(SPHERE, along, layers, "seam", region="sphere")
    body = octant_shell(graded(SPHERE, BODY, across, 80.0), along, ("seam", "far"), region="matrix")
    mesh = joined([ball, body])
    supports = held(mesh, x="x0", y="y0", z="z0")
    far = mesh.surface("far")
    loads = surface_traction(mesh, far, mesh.nodes[far] / BODY * [0, 0, 1])  # unit tension on the sphere's normals
    sphere = mesh.in_region("sphere")
    checks = []
    for name, modulus in (("stiff", STIFF), ("soft", SOFT)):
        solved = solve(mesh, Isotropic(np.where(sphere, modulus, MATRIX), POISSON), supports, loads)
        mean = solved.mean_stress("sphere")
        along_pull, across_pull = exact(modulus)
        checks += [
            Check(f"{name} sphere: mean σzz per far stress", "-", along_pull, mean[2], 0.01),
            Check(f"{name} sphere: mean σxx per far stress", "-", across_pull, mean[0], 0.01),
        ]
    return checks


CASE = Case(
    title="Stiff and soft sphere in a body under tension, 16 509 dof, curved TET10",
    source="Eshelby, Proc. R. Soc. A 241 (1957) 376-396",
    status="closed form",
    quick=True,
    run=run,
)
