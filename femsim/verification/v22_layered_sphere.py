"""V22: concentric spheres of bone, cement and metal under pressure from outside."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.verification.case import Case, Check
from femsim.verification.mapped import joined
from femsim.verification.shapes import octant_ball, octant_shell
from femsim.verification.solid import held, solve

RADII = (20.0, 22.0, 25.0)  # mm
REGIONS = ("bone", "cement", "metal")
MODULI, RATIOS = np.array([1000.0, 2200.0, 200_000.0]), np.array([0.3, 0.35, 0.3])  # MPa, -
PRESSURE = 10.0  # MPa


def exact() -> np.ndarray:
    """(3, 2) constants A, B of each layer: u = A r + B/r², σrr = 3K A - 4G B/r³, σθ = 3K A + 2G B/r³."""
    bulk, shear = MODULI / (3 * (1 - 2 * RATIOS)), MODULI / (2 * (1 + RATIOS))

    def row(layer, radius, what):
        values = (radius, radius**-2) if what == "u" else (3 * bulk[layer], -4 * shear[layer] / radius**3)
        line = np.zeros(6)
        line[2 * layer : 2 * layer + 2] = values
        return line

    equations = [row(k, RADII[k], what) - row(k + 1, RADII[k], what) for k in (0, 1) for what in ("u", "σ")]
    equations += [np.eye(6)[1], row(2, RADII[2], "σ")]  # no point source in the centre; the pressure outside
    return np.linalg.solve(equations, [0, 0, 0, 0, 0, -PRESSURE]).reshape(3, 2)


def run() -> list[Check]:
    return _checks(along=5, layers=(3, 2, 2))


def _checks(along: int, layers: tuple[int, int, int]) -> list[Check]:
    blocks = [octant_ball(RADII[0], along, layers[0], "seam", region="bone")]
    for k, face in ((1, "seam"), (2, "outer")):
        radii = np.linspace(RADII[k - 1], RADII[k], layers[k] + 1)
        blocks.append(octant_shell(radii, along, ("seam", face), region=REGIONS[k]))
    mesh = joined(blocks)
    elasticity = Isotropic(MODULI[mesh.region_of], RATIOS[mesh.region_of])
    loads = surface_pressure(mesh, mesh.surface("outer"), PRESSURE)
    solved = solve(mesh, elasticity, held(mesh, x="x0", y="y0", z="z0"), loads)
    constants = exact()
    bulk, shear = MODULI / (3 * (1 - 2 * RATIOS)), MODULI / (2 * (1 + RATIOS))
    checks = []
    for layer, radius in enumerate(RADII):
        a, b = constants[layer]
        found = solved.displacement_at((radius, 0, 0))[0]
        checks.append(Check(f"radial displacement at {radius:g} mm", "mm", a * radius + b / radius**2, found, 5e-4))
    for layer in (0, 1):
        a, b = constants[layer]
        radial = 3 * bulk[layer] * a - 4 * shear[layer] * b / RADII[layer] ** 3
        found = solved.stress_at((RADII[layer], 0, 0), REGIONS[layer])[0]
        checks.append(Check(f"radial stress in the {REGIONS[layer]} at its surface", "MPa", radial, found, 0.01))
    a, b = constants[2]
    hoop = 3 * bulk[2] * a + 2 * shear[2] * b / RADII[1] ** 3
    found = solved.stress_at((RADII[1], 0, 0), "metal")[1]
    return [*checks, Check("hoop stress in the metal, inside", "MPa", hoop, found, 0.01)]


CASE = Case(
    title="Layered sphere of bone, cement and metal under pressure, 17 895 dof, curved TET10",
    source="Lamé's solution in each layer; Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 136",
    status="closed form",
    quick=True,
    run=run,
)
