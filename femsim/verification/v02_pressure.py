"""V02: a pressure all around squeezes a distorted patch, and a ball with curved sides, evenly."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.fem.recovery import strain, stress
from femsim.mesh.mesh import Mesh
from femsim.verification.ball import ball_octant
from femsim.verification.boundary import outer_faces
from femsim.verification.case import Case, Check, furthest
from femsim.verification.patch import patch_mesh
from femsim.verification.v02_traction_patch import pinned

PRESSURE, ELASTICITY, RADIUS = 30.0, Isotropic(17000.0, 0.3), 24.0  # MPa, MPa and -, mm
SHRINKAGE = PRESSURE * (1 - 2 * 0.3) / 17000.0  # strain along every direction


def run() -> list[Check]:
    checks = []
    for name, order in (("TET4", 1), ("TET10", 2)):
        mesh = patch_mesh(order)
        u, found = _squeezed(mesh, outer_faces(mesh), pinned(mesh), -SHRINKAGE * mesh.nodes)
        corner = mesh.nodes.sum(axis=1).argmax()
        checks += [
            Check(f"{name}: normal stress, worst point", "MPa", -PRESSURE, furthest(found[..., :3], -PRESSURE), 1e-9),
            Check(f"{name}: displacement of the far corner", "mm", -SHRINKAGE, u[corner, 0], 1e-9),
        ]
    ball = ball_octant(RADIUS, 4, order=2)
    outside = np.linalg.norm(ball.nodes, axis=1) > RADIUS * (1 - 1e-9)
    u, found = _squeezed(ball, outer_faces(ball, outside), ball.nodes < 1e-9, 0.0)
    inward = np.linalg.norm(u[outside], axis=1)
    shrunk = SHRINKAGE * RADIUS
    return [
        *checks,
        Check("curved TET10, ball: radial displacement, mean", "mm", shrunk, inward.mean(), 1e-4),
        Check("curved TET10, ball: mean stress", "MPa", -PRESSURE, found[..., :3].mean(), 1e-4),
    ]


def _squeezed(mesh: Mesh, faces, held, prescribed) -> tuple[np.ndarray, np.ndarray]:
    """Displacement (n, 3) and stress (e, q, 6)."""
    moved = np.broadcast_to(prescribed, mesh.nodes.shape)
    problem = prepare_static(mesh, ELASTICITY, held)
    u = problem.solve(surface_pressure(mesh, faces, PRESSURE), prescribed=moved, rtol=1e-12).displacements[0]
    return u, stress(strain(mesh, u), ELASTICITY)


CASE = Case(
    title="Pressure all around",
    source="σ = -p, ε = -p (1 - 2ν)/E",
    status="closed form",
    quick=True,
    run=run,
)
