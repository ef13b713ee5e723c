"""Going down stairs: the peak of Bergmann 2001; direction and muscles are those of going up."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.in_phase import FOLLOWS, IN_PROPORTION
from femsim.loads.stairs import Stairs


@dataclass(frozen=True)
class StairsDown(Stairs):
    """Going down stairs, constructed from going up with the peak that was measured."""

    peak: ClassVar[float] = 260.0  # Bergmann 2001, J Biomech 34:859
    evidence: ClassVar[str] = "Bergmann 2001: instrumented hips in 4 patients; direction and muscles of going up."

    def _published(self) -> tuple[str, ...]:
        return (
            "Peak hip force of going down stairs, 260 % body weight: Bergmann et al., J Biomech 34 (2001) 859, "
            "instrumented prostheses in 4 patients.",
            "Its direction in the femur frame is that of going up stairs, Heller 2005 (assumed).",
            *self._muscles(f"set of going up stairs, Heller 2005, {IN_PROPORTION}; {FOLLOWS}."),
        )
