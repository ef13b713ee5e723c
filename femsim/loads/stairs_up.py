"""Going up stairs: the simplified force set of Heller 2005 with all its muscles."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.force_sets import STAIRS
from femsim.loads.in_phase import FOLLOWS
from femsim.loads.stairs import Stairs
from femsim.loads.walking import HELLER_SOURCE


@dataclass(frozen=True)
class StairsUp(Stairs):
    """Going up stairs, with the hip force that twists a stem most."""

    peak: ClassVar[float] = STAIRS.hip_percent  # as published: 251.1
    evidence: ClassVar[str] = "Bergmann 2001 and Heller 2005: instrumented hips in 4 patients; muscles from a model."

    def _published(self) -> tuple[str, ...]:
        return (
            f"Hip force of going up stairs, {self.peak:.0f} % body weight at its peak: {HELLER_SOURCE}",
            *self._muscles(f"same set; {FOLLOWS}."),
        )
