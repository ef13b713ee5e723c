"""V26: a half-space under even pressure on a circle."""

from dataclasses import replace

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.mapped import joined
from femsim.verification.shapes import octant_ball, octant_shell
from femsim.verification.solid import held, solve

CIRCLE, FAR = 5.0, 75.0  # mm, radii
PRESSURE = 1.0  # MPa
MODULUS, POISSON = 1000.0, 0.3  # MPa, -


def run() -> list[Check]:
    return _checks(along=6, layers=3, across=10)


def _checks(along: int, layers: int, across: int) -> list[Check]:
    mesh = _mesh(along, layers, across)
    supports = held(mesh, x=("x0", "far"), y=("y0", "far"), z="far")
    loads = surface_pressure(mesh, mesh.surface("loaded"), PRESSURE)
    solved = solve(mesh, Isotropic(MODULUS, POISSON), supports, loads, prescribed=_far_motion(mesh))
    centre = 2 * (1 - POISSON**2) * PRESSURE * CIRCLE / MODULUS
    return [
        Check("depth of the centre", "mm", centre, solved.displacement_at((0, 0, 0))[2], 0.01),
        Check("depth of the edge", "mm", 2 / np.pi * centre, solved.displacement_at((CIRCLE, 0, 0))[2], 0.02),
    ]


def _mesh(along: int, layers: int, across: int) -> Mesh:
    """A quarter of the half-space z ≥ 0 within the far sphere; "loaded" is the circle's quarter."""
    ball = octant_ball(CIRCLE, along, layers, "seam")
    names = {"z0": "loaded"}
    ball = replace(ball, surfaces={names.get(name, name): faces for name, faces in ball.surfaces.items()})
    return joined([ball, octant_shell(np.geomspace(CIRCLE, FAR, across + 1), along, ("seam", "far"))])


def _far_motion(mesh: Mesh) -> np.ndarray:
    """(n, 3) on the far sphere, Boussinesq's motion under the whole load in one point; from far it looks the same."""
    motion = np.zeros((mesh.n_nodes, 3))
    far = np.unique(mesh.surface("far"))
    x, y, z = mesh.nodes[far].T
    r = np.linalg.norm(mesh.nodes[far], axis=1)
    size = (1 + POISSON) * np.pi * CIRCLE**2 * PRESSURE / (2 * np.pi * MODULUS)
    outward = size * (z / r**3 - (1 - 2 * POISSON) / (r * (r + z)))
    motion[far] = np.column_stack([outward * x, outward * y, size * (z**2 / r**3 + 2 * (1 - POISSON) / r)])
    return motion


CASE = Case(
    title="Half-space under even pressure on a circle, 43 173 dof, curved TET10",
    source="Love, Phil. Trans. R. Soc. A 228 (1929) 377-420; Johnson, Contact Mechanics (1985), 3.4 (far field 3.2)",
    status="closed form",
    quick=True,
    run=run,
)
