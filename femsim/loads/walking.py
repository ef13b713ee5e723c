"""Level walking: the simplified force set of Heller 2005 at its peak, and a whole cycle around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.cohort import LEVEL_WALKING
from femsim.loads.course import gait
from femsim.loads.force_sets import WALKING
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import FOLLOWS, in_phase, limp_told, muscles_told, scale_told
from femsim.loads.keys import GaitKeys, km_per_cycle
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.registry import parameter

HELLER_SOURCE = (
    "Heller et al., J Biomech 38 (2005) 1155-1163, simplified load set as widely quoted (hip force measured by "
    "instrumented prostheses in 4 patients, HIP98 femur frame; muscles from a model; assumed, its size agrees with "
    "Bergmann 2001)."
)
WAVEFORM_SOURCE = (
    "Course over the gait cycle: constructed on averages of OrthoLoad walking trials (757 cycles), not measured, and "
    "scaled so that its first peak is the peak force of this activity."
)
SAME_DIRECTION = "The hip force keeps its direction over the cycle (assumed)."

# Peak hip force [% body weight]: Bergmann 2001, J Biomech 34:859; slow and fast as quoted.
PEAKS = {"slow": 242.0, "normal": 238.0, "fast": 250.0}
# km/h; normal: Bergmann 2001. Slow and fast: assumed, as quoted of the same patients.
SPEEDS = {"slow": 3.5, "normal": 4.0, "fast": 5.3}


@dataclass(frozen=True)
class Walking(GaitKeys):
    """Level walking, slow, normal or fast."""

    speed: Literal["slow", "normal", "fast"] = parameter(
        "normal",
        text="peak hip force 242, 238 or 250 % body weight in slow, normal or fast walking",
        source="Bergmann 2001; slow and fast as quoted",
    )
    speed_km_per_h: float | None = parameter(
        None,
        text="speed, only to count kilometres; by default 3.5 slow, 4 normal, 5.3 fast",
        unit="km/h",
        low=0.5,
        high=9,
        source="4 km/h: Bergmann 2001; the others assumed",
        assumed=True,
    )

    evidence: ClassVar[str] = "Bergmann 2001 and Heller 2005: instrumented hips in 4 patients; muscles from a model."
    spread: ClassVar[Spread | None] = LEVEL_WALKING

    @property
    def counting(self) -> Counting:
        speed = SPEEDS[self.speed] if self.speed_km_per_h is None else self.speed_km_per_h
        return Counting("steps", per_cycle=2.0, km_per_cycle=km_per_cycle(speed, self.cycle_s))

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one gait cycle, 0 % at heel strike."""
        factor = self.scale * (PEAKS[self.speed] / PEAKS["normal"]) * subject.share_of_this_leg
        sources = (
            f"Hip force of level walking, {self.speed} speed, {PEAKS[self.speed]:g} % body weight at its peak: "
            + HELLER_SOURCE,
            *self._speed_told(),
            WAVEFORM_SOURCE,
            SAME_DIRECTION,
            *muscles_told(
                self.muscles,
                f"Abductor, tensor fasciae latae (proximal, distal) and vastus lateralis: same set; {FOLLOWS}.",
            ),
            *limp_told(subject),
            *scale_told(self.scale),
        )
        return in_phase(WALKING.with_muscles(self.muscles), gait(self.frames, self.cycle_s), factor, subject, sources)

    def _speed_told(self) -> tuple[str, ...]:
        if self.speed == "normal":
            return ()
        return (
            f"At {self.speed} speed the set of normal speed is multiplied by {PEAKS[self.speed]:g}/238, the peaks of "
            "Bergmann 2001 as quoted; direction and course are those of normal speed (assumed).",
        )
