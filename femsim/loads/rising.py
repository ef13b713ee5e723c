"""What rising, sitting down and bending the knees have in common: one slow hump of the force of standing up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.cohort import STANDING_UP
from femsim.loads.course import hump
from femsim.loads.force_sets import hip_only
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import NO_MUSCLES_KNOWN, in_phase, scale_told
from femsim.loads.keys import HipKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.registry import parameter

RISING = hip_only(STANDING_UP.mean_vector)  # 214.4 % body weight; the mean of the resultants is 215 %


@dataclass(frozen=True)
class Rising(HipKeys):
    """The force of standing up, once up and down."""

    duration_s: float = parameter(
        2.0, text="how long it lasts; moves no static force", unit="s", low=0.2, high=20, assumed=True
    )

    peak: ClassVar[float]  # % body weight
    published: ClassVar[tuple[str, ...]]
    counting: ClassVar[Counting]
    spread: ClassVar[Spread | None] = None

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur while it lasts."""
        sources = (
            *self.published,
            "Course: one smooth hump, sin² over the duration, from nothing to the peak and back (constructed, assumed; "
            "the force of standing on both legs before and after is left out). The force keeps its direction "
            "(assumed).",
            NO_MUSCLES_KNOWN,
            *scale_told(self.scale),
        )
        return in_phase(RISING.at(self.peak), hump(self.frames, self.duration_s), self.scale, subject, sources)
