"""Running at 6 to 12 km/h: a musculoskeletal model, larger than anything measured in jogging."""

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


def running_peak(speed_km_per_h: float) -> float:
    """Peak hip force [% body weight] of a healthy runner in a model: 749 at 6 km/h to 1001 at 12 km/h."""
    return 749.0 + 42.0 * (speed_km_per_h - 6.0)  # Giarmatzis 2015, JBMR, as quoted


@dataclass(frozen=True)
class Running(Strides):
    """Running at 6 to 12 km/h, from a musculoskeletal model of healthy people."""

    speed_km_per_h: float = parameter(
        9.0,
        text="speed; peak hip force 749 % body weight at 6 km/h to 1001 % at 12 km/h",
        unit="km/h",
        low=6,
        high=12,
        source="Giarmatzis 2015, as quoted",
    )

    evidence: ClassVar[str] = (
        "Giarmatzis 2015, as quoted: a model of healthy subjects, their number not known to femsim; direction and "
        "muscles of walking."
    )

    @property
    def counting(self) -> Counting:
        return self._counting(self.speed_km_per_h)

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over one cycle, 0 % at foot strike."""
        peak = running_peak(self.speed_km_per_h)
        published = (
            f"Peak hip force of running at {self.speed_km_per_h:g} km/h, {peak:.0f} % body weight: 749 + 42 (v - 6), "
            "Giarmatzis et al., JBMR 2015, as quoted; a musculoskeletal model of healthy subjects, whose number is "
            "not known to femsim, without an implant. In a hip replacement 550 % were measured in jogging.",
        )
        return self._history(subject, peak, published)
