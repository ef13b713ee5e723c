"""What falls have in common: the floor pushes on the trochanter, the socket on the head, the knee is a pivot.

The force is that of a mass stopped by a spring: F = v √(k m), m the part of the body that takes part in the impact. The
three forces are in balance without inertia. With K the knee, T the trochanter, the head centre at the origin, u the
floor's normal and h the horizontal direction of the shaft (the part of the shaft's direction normal to u), the knee may
turn about the horizontal axis square to the shaft, a = h × u up to its sign, and carries no moment about it:

    F (T − K) · h = H (−K) · h        since ((r × u) · a) is the lever r · h

H is what the socket pushes on the head against u; the knee takes F − H, also along u.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import ClassVar

import numpy as np

from femsim.errors import ModelError
from femsim.loads.activity import Spread
from femsim.loads.course import half_sine
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.in_phase import scale_told
from femsim.loads.keys import HipKeys
from femsim.loads.places import KNEE, TROCHANTER_SIDE, place
from femsim.loads.subject import Subject
from femsim.registry import parameter

SHAFT = np.array([0.0, 0.0, 1.0])  # of the Bergmann frame: from the knee to where neck and shaft axis meet


@dataclass(frozen=True)
class Fall(HipKeys):
    """A fall onto the hip, quasi-static at its largest force."""

    frames: int = parameter(
        1, text="instants of the impact with its peak among them; 1 is the peak alone", unit="-", low=1, high=1000
    )
    impact_speed_m_per_s: float = parameter(
        3.0,
        text="speed of the hip when it meets the floor",
        unit="m/s",
        low=0.1,
        high=10,
        source="drop towers; 2.5–3.2 m/s, van den Kroonenberg 1996, as quoted",
        assumed=True,
    )
    stiffness_kn_per_m: float = parameter(
        71.0,
        text="stiffness of the pelvis with its soft tissue; about 90 with tensed muscles",
        unit="kN/m",
        low=5,
        high=500,
        source="Robinovitch 1991, J Biomech Eng 113:366, as quoted",
        assumed=True,
    )
    effective_mass_share: float = parameter(
        35.0 / 75.0,
        text="share of the body mass that takes part in the impact; 35 kg of 75 kg",
        unit="-",
        low=0.1,
        high=1,
        source="35 kg in drop rigs, 0.4–0.6 of body mass",
        assumed=True,
    )
    shaft_from_floor_deg: float = parameter(
        10.0,
        text="angle between shaft and floor, the knee higher than the hip: adduction on the side, flexion on the back",
        unit="deg",
        low=-30,
        high=60,
        source="Courtney 1994 and others, as quoted",
        assumed=True,
    )

    counting: ClassVar[None] = None  # nobody does it daily
    spread: ClassVar[Spread | None] = None

    def floor_force(self, subject: Subject) -> float:
        """[N] the peak of the force between floor and trochanter."""
        mass = self.effective_mass_share * subject.body_mass_kg
        return self.impact_speed_m_per_s * sqrt(1000.0 * self.stiffness_kn_per_m * mass)

    def _history(
        self, subject: Subject, sites: Mapping[str, np.ndarray], roll_deg: float, sources: tuple[str, ...]
    ) -> LoadHistory:
        """roll_deg : as in `floor_normal`."""
        normal = floor_normal(self.shaft_from_floor_deg, roll_deg)
        share = head_share(normal, place(sites, TROCHANTER_SIDE), place(sites, KNEE))
        force = self.scale * self.floor_force(subject)
        mass = self.effective_mass_share * subject.body_mass_kg
        course = half_sine(self.frames, pi * sqrt(mass / (1000.0 * self.stiffness_kn_per_m)))
        peak = force * np.stack([-share * normal, normal])
        return LoadHistory(
            channels=("hip", "floor"),
            sites=(HEAD, TROCHANTER_SIDE),
            forces=course.share[:, None, None] * peak,
            instants=course.instants,
            instant_unit=course.unit,
            duration_s=course.duration_s,
            cyclic=False,
            sources=(
                *sources,
                f"Force of the floor {force:.0f} N at its peak, v √(k m) with v = {self.impact_speed_m_per_s:g} m/s, "
                f"k = {self.stiffness_kn_per_m:g} kN/m and m = {mass:.3g} kg: a mass stopped by a spring, no measured "
                "subjects (assumed; values as used in drop rigs). Course: half a sine of that spring.",
                f"The socket pushes {share * force:.0f} N on the head, straight against the floor, so that nothing "
                "turns the femur about the pivot at the knee, which carries the rest. Inertia, muscles and the force "
                "that bypasses the femur are left out (assumed).",
                *scale_told(self.scale),
            ),
            mass_exponent=0.5,
        )


def floor_normal(shaft_from_floor_deg: float, roll_deg: float) -> np.ndarray:
    """(3,) unit vector of the floor's push, upwards: lateral, anterior, proximal.

    shaft_from_floor_deg : of a shaft whose knee end is the higher one.
    roll_deg : how far the femur is rolled about its shaft from lying on its lateral side towards lying on its back. On
        the side the floor pushes inwards; internal rotation rolls it, so that the floor meets the trochanter from
        behind and pushes forward too.
    """
    tilt, roll = radians(shaft_from_floor_deg), radians(roll_deg)
    return np.array([-cos(tilt) * cos(roll), cos(tilt) * sin(roll), -sin(tilt)])


def head_share(normal: np.ndarray, trochanter: np.ndarray, knee: np.ndarray) -> float:
    """Force on the head over that of the floor, so that no moment acts about the axis on which the knee turns.

    normal : (3,) of the floor; trochanter, knee : (3,) [mm], the head centre is the origin.
    """
    along = SHAFT - normal * (SHAFT @ normal)
    along = along / np.linalg.norm(along)
    levers = (trochanter - knee) @ along, -knee @ along
    if not (levers[0] > 0 and levers[1] > 0):
        raise ModelError(
            f"From the knee, the trochanter lies {levers[0]:.0f} mm and the head {levers[1]:.0f} mm towards the hip "
            "along the floor; a fall is balanced only where both are above 0.",
            where="load",
            why="the sites of this femur are not those of a femur, or it stands on its knee",
        )
    return float(levers[0] / levers[1])
