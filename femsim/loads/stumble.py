"""Stumbling without a fall: the largest hip forces ever measured in a patient."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Counting, Spread
from femsim.loads.history import LoadHistory
from femsim.loads.places import USUAL_SITES
from femsim.loads.pulse import Pulse
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class Stumble(Pulse):
    """Stumbling and catching oneself."""

    peak_percent_bw: float = parameter(
        870.0,
        text="peak hip force; 720 in one patient, 870 in the other",
        unit="% body weight",
        low=720,
        high=870,
        source="Bergmann 1993; a later cohort: above 800",
    )

    evidence: ClassVar[str] = "Bergmann 1993: instrumented hips in 2 patients, 720 and 870 % body weight."
    counting: ClassVar[Counting] = Counting("stumbles")
    spread: ClassVar[Spread | None] = Spread(
        mean=795.0,  # of the two
        sd=106.0,  # of the two, n - 1
        low=720.0,
        high=870.0,
        n_subjects=2,
        source="Bergmann 1993, J Biomech 26:969: the two patients who stumbled; patient 2 also with 410 % at 3 km/h",
    )

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur while the stumble lasts."""
        published = (
            f"Peak hip force of stumbling, {self.peak_percent_bw:g} % body weight: Bergmann, J Biomech 26 (1993) 969, "
            "instrumented prostheses in 2 patients, 720 and 870 %.",
        )
        return self._history(subject, self.peak_percent_bw, published)
