"""What jogging and running have in common: one hump a stride, along the hip force of level walking."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.activity import Counting, Spread
from femsim.loads.course import RUN_STANCE, run
from femsim.loads.force_sets import WALKING
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import MUSCLES_OF_WALKING, in_phase, limp_told, muscles_told, scale_told
from femsim.loads.keys import MuscleKeys, km_per_cycle
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class Strides(MuscleKeys):
    """Running of any speed."""

    stance_s: float = parameter(
        0.275,
        text="time of the foot on the ground, 35 % of the cycle; moves no static force",
        unit="s",
        low=0.1,
        high=0.6,
        source="0.25–0.30 s, constructed",
        assumed=True,
    )

    spread: ClassVar[Spread | None] = None

    def _counting(self, speed_km_per_h: float) -> Counting:
        cycle_s = self.stance_s * 100.0 / RUN_STANCE
        return Counting("steps", per_cycle=2.0, km_per_cycle=km_per_cycle(speed_km_per_h, cycle_s))

    def _history(self, subject: Subject, peak: float, published: tuple[str, ...]) -> LoadHistory:
        """peak : of the hip force [% body weight]; published : sentences on where it is from."""
        sources = (
            *published,
            "Its direction in the femur frame is that of level walking, Heller 2005, and does not turn (assumed).",
            "Course over the cycle: one hump over the first 35 %, peak at 13.5 %, half-width 16 %, 25 % body weight "
            "in the swing (constructed, assumed).",
            *muscles_told(self.muscles, MUSCLES_OF_WALKING),
            *limp_told(subject),
            *scale_told(self.scale),
        )
        course = run(self.frames, self.stance_s, peak)
        factor = self.scale * subject.share_of_this_leg
        return in_phase(WALKING.with_muscles(self.muscles).at(peak), course, factor, subject, sources)
