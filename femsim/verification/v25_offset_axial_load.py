"""V25: a tube like a femoral shaft under a compressive force beside its axis."""

import numpy as np

from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check
from femsim.verification.shaft import AREA, BONE, INERTIA, INSIDE, LENGTH, OUTSIDE, clamped, half_shaft
from femsim.verification.solid import solve

FORCE, OFFSET = 1500.0, 42.0  # N, mm


def run() -> list[Check]:
    return _checks(across=2, around=16, along=20)


def _checks(across: int, around: int, along: int) -> list[Check]:
    mesh = half_shaft(across, around, along)
    # Another distribution than the beam's own carries force and moment in, so that the stress has to even out.
    lever = 4 / 3 * (OUTSIDE**3 - INSIDE**3)  # mm³: ∫ |x| dA
    top = mesh.surface("top")
    upward = -FORCE / AREA - FORCE * OFFSET / lever * np.sign(mesh.nodes[top[:, :3], 0].mean(axis=1))
    solved = solve(mesh, BONE, clamped(mesh), surface_traction(mesh, top, upward[:, None] * [0, 0, 1]))
    bending = FORCE * OFFSET * OUTSIDE / INERTIA
    loaded, far = (solved.stress_at((x, 0, LENGTH / 2))[2] for x in (OUTSIDE, -OUTSIDE))
    return [
        Check("axial stress on the loaded side, mid-span", "MPa", -FORCE / AREA - bending, loaded, 0.01),
        Check("axial stress on the far side, mid-span", "MPa", -FORCE / AREA + bending, far, 0.01),
    ]


CASE = Case(
    title="Clamped tube under a force beside its axis, 20 295 dof, curved TET10",
    source="Bernoulli beam: -F/A ± M c/I",
    status="closed form",
    quick=True,
    run=run,
)
