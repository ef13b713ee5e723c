"""V58: a mass of 35 kg falls at 3 m/s on a spring of 71 kN/m, on the path that a fall on the hip takes."""

import numpy as np

from femsim.fem.impact_setting import Mass
from femsim.fem.laws import SpringDamper
from femsim.verification.case import Case, Check
from femsim.verification.moving import on_stiff_block

MASS, STIFFNESS, SPEED = 0.035, 71.0, 3000.0  # tonne, N/mm, mm/s; Robinovitch 1991 and drop rigs, as quoted
DAMPING = 1.3  # N s/mm
STEPS = 250


def run() -> list[Check]:
    plain = on_stiff_block(SpringDamper(STIFFNESS, 0.0, pulls=False), Mass("mass", MASS, SPEED), 0.05, STEPS)
    heavy = on_stiff_block(SpringDamper(STIFFNESS, 0.0, pulls=False), Mass("mass", MASS, SPEED, 9810.0), 0.05, STEPS)
    damped = on_stiff_block(
        SpringDamper(STIFFNESS, DAMPING, pulls=False), Mass("mass", MASS, SPEED), 0.02, STEPS, rigid=True
    )
    frequency = np.sqrt(STIFFNESS / MASS)
    peak = plain.forces["hip"].argmax()
    late = damped.forces["hip"].argmax()
    return [
        Check("largest force, v √(k m)", "N", SPEED * np.sqrt(STIFFNESS * MASS), plain.forces["hip"][peak], 1e-3),
        # Flat at its top: to one step of output.
        Check("when", "s", np.pi / 2 / frequency, plain.times[peak], 5e-3),
        Check("largest travel", "mm", SPEED / frequency, plain.travels["mass"].max(), 1e-3),
        Check("largest force with gravity", "N", 5084.96, heavy.forces["hip"].max(), 1e-3),
        Check("largest force with a damper of 1300 N s/m", "N", 4136.67, damped.forces["hip"][late], 1e-3),
        Check("when", "s", 0.0072, damped.times[late], 0.01),
        Check("energy off balance, of the three", "-", 0.0, _missed(plain, heavy, damped), 1e-3, absolute=True),
    ]


def _missed(*courses) -> float:
    return float(max(np.abs(one.balance).max() for one in courses))


CASE = Case(
    title="A falling mass, a spring, a damper and gravity, on a stiff block in place of the femur",
    source="v √(k m); weight and damper: the oscillator's closed solution",
    status="closed form",
    quick=True,
    run=run,
)
