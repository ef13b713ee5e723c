"""A quarter of a tube under pressure from inside, between two rigid plates: what is solved and what is compared."""

from collections.abc import Callable

from femsim.fem.elasticity import Elasticity
from femsim.fem.forces import surface_pressure
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Check
from femsim.verification.solid import held, solve


def checks(
    mesh: Mesh,
    material: Elasticity,
    pressure: float,
    exact: Callable[[float], tuple[float, float, float]],
    *radii: float,
) -> list[Check]:
    """Solve, and compare at the bore and at the outer face.

    Parameters
    ----------
    mesh : from `shapes.tube`
    pressure : on the surface "inner" [MPa]
    exact : radius [mm] → radial displacement [mm], hoop and axial stress [MPa]
    radii : of bore and outer face [mm]
    """
    supports = held(mesh, y="start", x="end", z=("bottom", "top"))
    solved = solve(mesh, material, supports, surface_pressure(mesh, mesh.surface("inner"), pressure))
    compared = []
    for place, radius in zip(("bore", "outer face"), radii):
        moved, hoop, axial = exact(radius)
        found = solved.stress_at((radius, 0, 0))
        compared += [
            Check(f"radial displacement, {place}", "mm", moved, solved.displacement_at((radius, 0, 0))[0], 1e-3),
            Check(f"hoop stress, {place}", "MPa", hoop, found[1], 0.01),
            Check(f"axial stress, {place}", "MPa", axial, found[2], 0.01),
        ]
    return compared
