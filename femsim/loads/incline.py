"""What walking up and down an incline have in common: level walking, as large as the user says."""

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


@dataclass(frozen=True, kw_only=True)
class Incline(GaitKeys):
    """Walking on an incline, with a peak that has to be given."""

    peak_percent_bw: float = parameter(
        text="peak hip force; no trustworthy figure is known for inclines, so that it has to be given",
        unit="% body weight",
        low=100,
        high=1200,
    )
    speed_km_per_h: float = parameter(
        4.0,
        text="speed, only to count kilometres",
        unit="km/h",
        low=0.5,
        high=9,
        source="that of level walking",
        assumed=True,
    )

    direction: ClassVar[str]
    evidence: ClassVar[str] = "No figure is known: the peak is given by the user, the rest is that of level walking."
    spread: ClassVar[Spread | None] = None

    @property
    def counting(self) -> Counting:
        return Counting("steps", per_cycle=2.0, km_per_cycle=km_per_cycle(self.speed_km_per_h, self.cycle_s))

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one gait cycle, 0 % at heel strike."""
        sources = (
            f"Peak hip force of walking {self.direction} an incline, {self.peak_percent_bw:g} % body weight: given in "
            "the scenario; the sources of femsim know no measured subjects.",
            "Direction in the femur frame: that of level walking, Heller 2005 (assumed).",
            WAVEFORM_SOURCE,
            SAME_DIRECTION,
            *muscles_told(self.muscles, MUSCLES_OF_WALKING),
            *limp_told(subject),
            *scale_told(self.scale),
        )
        forces = WALKING.with_muscles(self.muscles).at(self.peak_percent_bw)
        factor = self.scale * subject.share_of_this_leg
        return in_phase(forces, gait(self.frames, self.cycle_s), factor, subject, sources)
