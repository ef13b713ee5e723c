"""What a stumble and a landing have in common: one short hump of the forces of level walking."""

from dataclasses import dataclass

from femsim.loads.course import hump
from femsim.loads.force_sets import WALKING
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import MUSCLES_OF_WALKING, in_phase, muscles_told, scale_told
from femsim.loads.keys import MuscleKeys
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class Pulse(MuscleKeys):
    """A short push."""

    duration_s: float = parameter(
        0.3, text="how long the push lasts; moves no static force", unit="s", low=0.02, high=2, assumed=True
    )

    def _history(self, subject: Subject, peak: float, published: tuple[str, ...]) -> LoadHistory:
        """peak : of the hip force [% body weight]; published : sentences on where it is from."""
        sources = (
            *published,
            "Its direction in the femur frame is that of level walking, Heller 2005, and does not turn (assumed).",
            "Course: one smooth hump, sin² over the duration (constructed, assumed).",
            *muscles_told(self.muscles, MUSCLES_OF_WALKING),
            *scale_told(self.scale),
        )
        forces = WALKING.with_muscles(self.muscles).at(peak)
        return in_phase(forces, hump(self.frames, self.duration_s), self.scale, subject, sources)
