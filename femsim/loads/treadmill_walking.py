"""Walking on a treadmill at 1 to 5 km/h: the larger forces of one patient of Bergmann 1993."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.course import gait
from femsim.loads.force_sets import WALKING
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import MUSCLES_OF_WALKING, in_phase, limp_told, muscles_told, scale_told
from femsim.loads.keys import GaitKeys, km_per_cycle
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.loads.walking import SAME_DIRECTION, WAVEFORM_SOURCE
from femsim.registry import parameter

SLOWEST, FASTEST = (1.0, 280.0), (5.0, 480.0)  # km/h, % body weight: Bergmann 1993, J Biomech 26:969, patient 1


def treadmill_peak(speed_km_per_h: float) -> float:
    """Peak hip force [% body weight], a straight line between the two published speeds."""
    return float(np.interp(speed_km_per_h, *zip(SLOWEST, FASTEST)))


@dataclass(frozen=True)
class TreadmillWalking(GaitKeys):
    """Walking on a treadmill at 1 to 5 km/h, after the one patient who walked there with 280 to 480 % body weight."""

    speed_km_per_h: float = parameter(
        4.0,
        text="speed of the belt; peak hip force 280 % body weight at 1 km/h to 480 % at 5 km/h",
        unit="km/h",
        low=1,
        high=5,
        source="Bergmann 1993, patient 1; linear in between",
    )

    evidence: ClassVar[str] = "Bergmann 1993: instrumented hip, 1 patient."
    spread: ClassVar[Spread | None] = None

    @property
    def counting(self) -> Counting:
        return Counting("steps", per_cycle=2.0, km_per_cycle=km_per_cycle(self.speed_km_per_h, self.cycle_s))

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one gait cycle, 0 % at heel strike."""
        peak = treadmill_peak(self.speed_km_per_h)
        sources = (
            f"Peak hip force of walking on a treadmill at {self.speed_km_per_h:g} km/h, {peak:.0f} % body weight: "
            "Bergmann, J Biomech 26 (1993) 969, instrumented prosthesis in 1 patient, 280 % at 1 km/h to 480 % at "
            "5 km/h, linear in between (assumed).",
            "Its direction in the femur frame is that of level walking, Heller 2005 (assumed).",
            WAVEFORM_SOURCE,
            SAME_DIRECTION,
            *muscles_told(self.muscles, MUSCLES_OF_WALKING),
            *limp_told(subject),
            *scale_told(self.scale),
        )
        forces = WALKING.with_muscles(self.muscles).at(peak)
        factor = self.scale * subject.share_of_this_leg
        return in_phase(forces, gait(self.frames, self.cycle_s), factor, subject, sources)
