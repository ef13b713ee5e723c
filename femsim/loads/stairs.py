"""What going up and down stairs have in common: the stair set of Heller 2005 over a cycle shaped like walking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.course import gait
from femsim.loads.force_sets import STAIRS
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import in_phase, limp_told, muscles_told, scale_told
from femsim.loads.keys import MuscleKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class Stairs(MuscleKeys):
    """Stairs, one step after the other."""

    cycle_s: float = parameter(
        1.5, text="duration of a cycle of two steps; moves no static force", unit="s", low=0.5, high=5, assumed=True
    )

    peak: ClassVar[float]  # % body weight
    spread: ClassVar[Spread | None] = None
    counting: ClassVar[Counting] = Counting("stair steps", per_cycle=2.0)

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one cycle, 0 % at foot contact."""
        sources = (
            *self._published(),
            "Course over the cycle: that of level walking, constructed on OrthoLoad averages, with its peak at 18 % "
            "(assumed; no stair course is known to femsim). The hip force keeps its direction (assumed).",
            *limp_told(subject),
            *scale_told(self.scale),
        )
        forces = STAIRS.with_muscles(self.muscles).at(self.peak)
        factor = self.scale * subject.share_of_this_leg
        return in_phase(forces, gait(self.frames, self.cycle_s), factor, subject, sources)

    def _published(self) -> tuple[str, ...]:
        raise NotImplementedError

    def _muscles(self, words: str) -> tuple[str, ...]:
        return muscles_told(
            self.muscles,
            "Abductor, iliotibial tract and tensor fasciae latae (each proximal, distal), vastus lateralis and "
            f"vastus medialis: {words}",
        )
