"""V55: an elastic bar flies against a rigid wall: wave, arrival, reflection, contact, rebound; by both schemes."""

import numpy as np

from femsim.analyses.impact import Impact
from femsim.analyses.impact_course import ImpactCourse
from femsim.fem.elasticity import Isotropic
from femsim.fem.impact_setting import ImpactSetting
from femsim.verification.case import Case, Check
from femsim.verification.moving import Solid, face_mean, guided_bar, wall

MODULUS, DENSITY, LENGTH, SPEED, SIDE = 15_000.0, 1.8e-9, 80.0, 2000.0, 2.0  # MPa, tonne/mm³, mm, mm/s, mm
CELLS = 80


def run() -> list[Check]:
    wave = np.sqrt(MODULUS / DENSITY)
    checks = []
    for scheme, courses in (("implicit", "hht_alpha"), ("explicit", "central_difference")):
        course = _course(courses)
        time, force = course.times, course.forces["floor"]
        # Between the front and its return, away from the ripples that follow them.
        flat = (time > 0.3 * LENGTH / wave) & (time < 1.6 * LENGTH / wave)
        stress = force[flat].mean() / SIDE**2
        contact = time[force > 0].max()
        end = course.travels["end"]
        impulse = np.trapezoid(force, time)
        momentum = DENSITY * LENGTH * SIDE**2 * SPEED
        checks += [
            Check(f"{scheme}: stress at the wall", "MPa", DENSITY * wave * SPEED, stress, 0.02),
            Check(f"{scheme}: contact lasts", "s", 2 * LENGTH / wave, contact, 0.03),
            Check(f"{scheme}: wave reaches the free end", "s", LENGTH / wave, time[end.argmax()], 0.03),
            Check(f"{scheme}: shortening", "mm", SPEED * LENGTH / wave, end.max(), 0.02),
            Check(f"{scheme}: rebound speed of the middle", "mm/s", SPEED, SPEED * (impulse / momentum - 1), 0.03),
            Check(f"{scheme}: energy off balance", "-", 0.0, np.abs(course.balance).max(), 0.01, absolute=True),
        ]
    return checks


def _course(scheme: str) -> ImpactCourse:
    mesh, held = guided_bar(CELLS, LENGTH, SIDE, order=1)
    velocity = np.zeros((mesh.n_nodes, 3))
    velocity[:, 0] = -SPEED
    setting = ImpactSetting(
        "fall", held, np.full((mesh.n_elements, 1), DENSITY), velocity,
        floor=wall(mesh, 2 * MODULUS * CELLS / LENGTH), watched={"end": -face_mean(mesh, "x1")},
    )  # fmt: skip
    implicit = scheme == "hht_alpha"
    settings = Impact(
        scheme=scheme, duration_ms=0.07, step_us=0.35 if implicit else None, safety=0.5, alpha=-0.05,
        damping_percent=0.0, outputs=400, relative_tolerance=1e-7,
    )  # fmt: skip
    return settings.run(Solid(mesh, Isotropic(MODULUS, 0.0)), setting)


CASE = Case(
    title="Elastic bar 80 × 2 × 2 against a rigid wall at 2 m/s, TET4, implicit and explicit",
    source="One-dimensional waves: σ = ρ c v, contact 2L/c, full rebound",
    status="closed form",
    quick=True,
    run=run,
)
