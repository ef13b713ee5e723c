"""Standing on one leg: the mean force of ten OrthoLoad patients, held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.cohort import ONE_LEGGED_STANCE
from femsim.loads.course import hold
from femsim.loads.force_sets import WALKING
from femsim.loads.history import LoadHistory
from femsim.loads.in_phase import IN_PROPORTION, in_phase, muscles_told, scale_told
from femsim.loads.keys import MuscleKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.registry import parameter

STANCE = WALKING.under(ONE_LEGGED_STANCE.mean_vector)  # hip 259.9 %; the mean of the resultants is 261 %


@dataclass(frozen=True)
class OneLeggedStance(MuscleKeys):
    """Standing on one leg, held still."""

    frames: int = parameter(1, text="instants, all alike: nothing moves", unit="-", low=1, high=1000)
    hold_s: float = parameter(
        3.0, text="how long it is held; moves no static force", unit="s", low=0.1, high=600, assumed=True
    )

    evidence: ClassVar[str] = "OrthoLoad (Bergmann 2016): instrumented hips in 10 patients; muscles of walking."
    counting: ClassVar[Counting] = Counting("stances")
    spread: ClassVar[Spread | None] = ONE_LEGGED_STANCE

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur while the stance is held."""
        sources = (
            "Hip force of one-legged stance, 260 % body weight: mean vector of 10 OrthoLoad patients (Bergmann 2016, "
            "instrumented prostheses, OrthoLoad femur frame), lateral 73.6 ± 19.5, anterior -15.0 ± 13.9, proximal "
            "-248.8 ± 27.3; resultants 261 ± 29 %. Nothing moves while it is held (assumed).",
            *muscles_told(self.muscles, f"Muscles: set of level walking, Heller 2005, {IN_PROPORTION}."),
            *scale_told(self.scale),
        )
        return in_phase(STANCE.with_muscles(self.muscles), hold(self.frames, self.hold_s), self.scale, subject, sources)
