"""V53: the period, order and damping of the implicit scheme on one oscillator."""

import numpy as np

from femsim.solvers.time.hht_alpha import HHTAlpha
from femsim.solvers.time.motion import Motion
from femsim.verification.case import Case, Check
from femsim.verification.moving import Oscillator


def run() -> list[Check]:
    one, average = Oscillator(), HHTAlpha(0.0)
    checks = [
        Check(f"period over the exact one, Ω = {step:g}", "-", known, one.period(average, step), 1e-6)
        for step, known in ((0.1, 1.000833), (0.5, 1.020497), (1.0, 1.078405))
    ]
    energy = [m.speed[0] ** 2 + m.place[0] ** 2 for m in one.followed(average, 0.5, 200)]
    checks.append(Check("energy after 200 steps over that before", "-", 1.0, energy[-1] / energy[0], 1e-10))
    for alpha in (0.0, -0.1, -1 / 3):
        checks.append(Check(f"order, α = {alpha:.3g}", "-", 2.0, _order(HHTAlpha(alpha)), 0.05, absolute=True))
    for alpha in (-0.05, -0.15, -1 / 3):
        name = f"kept per step at Ω = 1000, α = {alpha:.3g}"
        checks.append(Check(name, "-", (1 + alpha) / (1 - alpha), _kept(HHTAlpha(alpha)), 0.02))
    return checks


def _kept(scheme: HHTAlpha) -> float:
    """Spectral radius of one step, from what becomes of a place, a speed and an acceleration alone."""
    one, ends = Oscillator(stiffness=1e6), []
    for start in np.eye(3):
        motion = Motion(0.0, *start[:, None], one.evaluate(*start[:2, None], 0.0))
        after, _ = scheme.step(one, motion, 1.0, 1e-6)
        ends.append([after.place[0], after.speed[0], after.acceleration[0]])
    return float(np.abs(np.linalg.eigvals(np.array(ends).T)).max())


def _order(scheme: HHTAlpha) -> float:
    """Of the error at t = 2 under a force that starts at once, with damping."""
    one = Oscillator(damping=0.2, force=1.0)
    w = np.sqrt(1 - 0.01)
    exact = 1 - np.exp(-0.2) * (np.cos(2 * w) + 0.1 / w * np.sin(2 * w))
    errors = [abs(one.followed(scheme, 2.0 / n, n, place=0.0)[-1].place[0] - exact) for n in (80, 160)]
    return float(np.log2(errors[0] / errors[1]))


CASE = Case(
    title="Average acceleration and HHT-α on one oscillator",
    source="Roots of the scheme's amplification matrix; Hilber, Hughes & Taylor 1977",
    status="closed form",
    quick=True,
    run=run,
)
