"""Landing from a jump: nobody's figure, so that its peak has to be given."""

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


@dataclass(frozen=True, kw_only=True)
class JumpLanding(Pulse):
    """Landing from a jump; its peak has to be given."""

    peak_percent_bw: float = parameter(
        text="peak hip force; no trustworthy figure is known for landing, so that it has to be given",
        unit="% body weight",
        low=100,
        high=2000,
    )

    evidence: ClassVar[str] = "No figure is known: the peak is given by the user; direction and muscles of walking."
    counting: ClassVar[Counting] = Counting("landings")
    spread: ClassVar[Spread | None] = None

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur while the landing lasts."""
        published = (
            f"Peak hip force of landing from a jump, {self.peak_percent_bw:g} % body weight: given in the scenario; "
            "the sources of femsim know no measured subjects.",
        )
        return self._history(subject, self.peak_percent_bw, published)
