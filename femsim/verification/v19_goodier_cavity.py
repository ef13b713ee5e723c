"""V19: stress around a small spherical cavity in a pulled body."""

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, octant_shell
from femsim.verification.solid import held, solve

CAVITY, BODY = 1.0, 20.0  # mm, radii: the outer face moves the stresses by about (1/20)³
MODULUS, POISSON = 1000.0, 0.3  # MPa, -


def run() -> list[Check]:
    return _checks(across=10, along=5)


def _checks(across: int, along: int) -> list[Check]:
    radii = graded(CAVITY, BODY, across, 200.0)
    mesh = octant_shell(radii, along, ("cavity", "far"))
    far = mesh.surface("far")
    loads = surface_traction(mesh, far, mesh.nodes[far] / BODY * [0, 0, 1])  # unit tension on the sphere's normals
    solved = solve(mesh, Isotropic(MODULUS, POISSON), held(mesh, x="x0", y="y0", z="z0"), loads)
    equator = (27 - 15 * POISSON) / (2 * (7 - 5 * POISSON))
    pole = -(3 + 15 * POISSON) / (2 * (7 - 5 * POISSON))
    return [
        Check("σzz on the equator per far stress", "-", equator, solved.stress_at((CAVITY, 0, 0))[2], 0.02),
        Check("σxx at the pole per far stress", "-", pole, solved.stress_at((0, 0, CAVITY))[0], 0.02),
    ]


CASE = Case(
    title="Spherical cavity in a body under tension, 20 853 dof, curved TET10",
    source="Goodier, J. Appl. Mech. 55 (1933) 39-44; Timoshenko & Goodier, Theory of Elasticity (1970), art. 137",
    status="closed form",
    quick=True,
    run=run,
)
