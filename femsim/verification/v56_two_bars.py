"""V56: a bar flies against one like it that is at rest: all of the momentum goes over."""

import numpy as np

from femsim.analyses.impact import Impact
from femsim.fem.coupling import Coupling
from femsim.fem.elasticity import Isotropic
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.laws import SpringDamper
from femsim.verification.case import Case, Check
from femsim.verification.mapped import joined
from femsim.verification.moving import Solid, face_mean, guided_bar

MODULUS, DENSITY, LENGTH, SPEED, SIDE = 15_000.0, 1.8e-9, 80.0, 2000.0, 2.0  # MPa, tonne/mm³, mm, mm/s, mm
CELLS = 60
APART = 1.0  # mm between the meshes; the coupling takes the distance as closed


def run() -> list[Check]:
    first, _ = guided_bar(CELLS, LENGTH, SIDE, order=1)
    second, _ = guided_bar(CELLS, LENGTH, SIDE, order=1, start=LENGTH + APART)
    mesh = joined([first, second])
    flying = mesh.nodes[:, 0] < LENGTH + APART / 2
    velocity = np.where(flying[:, None], [SPEED, 0, 0], 0.0)
    held = np.ones((mesh.n_nodes, 3), bool)
    held[:, 0] = False
    meet = np.zeros((mesh.n_nodes, 3))
    for bar, face, sign in ((first, "x1", 1.0), (second, "x0", -1.0)):
        pattern = face_mean(bar, face)
        for node in np.flatnonzero(pattern[:, 0]):
            there = np.flatnonzero(np.linalg.norm(mesh.nodes - bar.nodes[node], axis=1) < 1e-9)
            meet[there] += sign * pattern[node] / len(there)
    law = SpringDamper(2 * MODULUS * CELLS / LENGTH * SIDE**2, 0.0, pulls=False)
    mass = DENSITY * LENGTH * SIDE**2
    setting = ImpactSetting(
        "fall", held, np.full((mesh.n_elements, 1), DENSITY), velocity, couplings=(Coupling("hip", meet, law),)
    )
    settings = Impact(scheme="central_difference", duration_ms=0.08, safety=0.5, damping_percent=0.0, outputs=400)
    course = settings.run(Solid(mesh, Isotropic(MODULUS, 0.0)), setting)
    force, time = course.forces["hip"], course.times
    impulse = np.trapezoid(force, time)
    wave = np.sqrt(MODULUS / DENSITY)
    flat = (time > 0.3 * LENGTH / wave) & (time < 1.6 * LENGTH / wave)
    return [
        Check("momentum that went over, of all", "-", 1.0, impulse / (mass * SPEED), 0.03),
        Check("contact lasts", "s", 2 * LENGTH / wave, time[force > 0].max(), 0.03),
        Check("stress where they meet", "MPa", DENSITY * wave * SPEED / 2, force[flat].mean() / SIDE**2, 0.02),
    ]


CASE = Case(
    title="Two like bars, one at rest, TET4, explicit",
    source="One-dimensional waves: full exchange, σ = ρ c v / 2, contact 2L/c",
    status="closed form",
    quick=True,
    run=run,
)
