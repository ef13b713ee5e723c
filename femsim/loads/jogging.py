"""Jogging: the one figure that was measured inside a hip."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting
from femsim.loads.history import LoadHistory
from femsim.loads.places import USUAL_SITES
from femsim.loads.strides import Strides
from femsim.loads.subject import Subject
from femsim.registry import parameter

PEAK = 550.0  # % body weight, about; Bergmann 1993, J Biomech 26:969


@dataclass(frozen=True)
class Jogging(Strides):
    """Jogging, as measured in a hip replacement."""

    speed_km_per_h: float = parameter(
        7.0, text="speed, only to count kilometres", unit="km/h", low=3, high=14, assumed=True
    )

    evidence: ClassVar[str] = "Bergmann 1993: instrumented hips in 2 patients; direction and muscles of walking."

    @property
    def counting(self) -> Counting:
        return self._counting(self.speed_km_per_h)

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one cycle, 0 % at foot strike."""
        published = (
            "Peak hip force of jogging, about 550 % body weight: Bergmann, J Biomech 26 (1993) 969, instrumented "
            "prostheses in 2 patients; very fast walking was as large.",
        )
        return self._history(subject, PEAK, published)
