"""V11: the mass matrix of a block whose density varies, by the motions its elements can follow."""

import numpy as np

from femsim.fem.geometry import integration_points
from femsim.fem.mass import lumped_mass, mass
from femsim.fem.sample import box_mesh
from femsim.verification.case import Case, Check

LENGTHS = np.array([2.0, 3.0, 4.0])  # mm
DENSITY = 1e-9  # tonne/mm³ at the origin; times 1 + x + 2 y + 3 z in the TET10 mesh, which can carry that


def run() -> list[Check]:
    x, y, z = LENGTHS
    box, slope = DENSITY * x * y, 1 + x / 2 + y
    whole = box * (slope * z + 3 * z**2 / 2)
    uniform = box_mesh((2, 3, 3), LENGTHS, order=1, distortion=0.1)
    uneven = box_mesh((2, 3, 3), LENGTHS, order=2, distortion=0.1)
    density = DENSITY * (1 + integration_points(uneven) @ [1.0, 2, 3])
    return [
        _check("TET4: uᵀM u of u = z", uniform, DENSITY, 1, box * z**3 / 3),
        _check("TET10, uneven: uᵀM u of u = z", uneven, density, 1, box * (slope * z**3 / 3 + 3 * z**4 / 4)),
        _check("TET10, uneven: uᵀM u of u = z²", uneven, density, 2, box * (slope * z**5 / 5 + 3 * z**6 / 6)),
        Check("TET4: lumped mass", "tonne", box * z, lumped_mass(uniform, DENSITY).sum(), 1e-10),
        Check("TET10, uneven: lumped mass", "tonne", whole, lumped_mass(uneven, density).sum(), 1e-10),
    ]


def _check(name: str, mesh, density, power: int, known: float) -> Check:
    """The same motion along all three axes, which must not mix: three times the known value."""
    motion = np.repeat(mesh.nodes[:, 2:] ** power, 3, axis=1).ravel()
    unit = "tonne·mm²" if power == 1 else "tonne·mm⁴"
    return Check(name, unit, 3 * known, motion @ (mass(mesh, density) @ motion), 1e-10)


CASE = Case(
    title="Mass of a block of uneven density",
    source="∫ ρ u² over a box",
    status="closed form",
    quick=True,
    run=run,
)
