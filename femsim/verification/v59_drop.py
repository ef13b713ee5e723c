"""V59: how much more than its weight a load is that comes suddenly, or from a height."""

import numpy as np

from femsim.fem.impact_setting import Mass
from femsim.fem.laws import SpringDamper
from femsim.verification.case import Case, Check
from femsim.verification.moving import on_stiff_block

GRAVITY = 9810.0  # mm/s²
HEIGHT, SINKING = 5.0, 0.1  # mm: of the drop, and of the spring under the weight at rest
MASS = 0.005  # tonne


def run() -> list[Check]:
    stiffness = MASS * GRAVITY / SINKING
    law = SpringDamper(stiffness, 0.0, pulls=False)
    period = 2 * np.pi * np.sqrt(SINKING / GRAVITY)
    sudden = on_stiff_block(law, Mass("mass", MASS, 0.0, GRAVITY), 0.6 * period, 150)
    speed = np.sqrt(2 * GRAVITY * HEIGHT)
    dropped = on_stiff_block(law, Mass("mass", MASS, speed, GRAVITY), 0.6 * period, 250)
    weight = MASS * GRAVITY
    return [
        Check("suddenly applied, over its weight", "-", 2.0, sudden.forces["hip"].max() / weight, 2e-4),
        Check("dropped 5 mm, over its weight", "-", 11.0499, dropped.forces["hip"].max() / weight, 2e-4),
        Check("speed after 0.7 m", "mm/s", 3705.94, np.sqrt(2 * GRAVITY * 700.0), 1e-6),
    ]


CASE = Case(
    title="A weight on a spring: put there at once, and dropped",
    source="1 + √(1 + 2h/δ)",
    status="closed form",
    quick=True,
    run=run,
)
