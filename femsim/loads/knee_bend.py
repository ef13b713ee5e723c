"""Bending the knees: the peak of Bergmann 2001 along the force of standing up."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.activity import Counting
from femsim.loads.rising import Rising


@dataclass(frozen=True)
class KneeBend(Rising):
    """Bending both knees while standing."""

    peak: ClassVar[float] = 143.0  # Bergmann 2001, J Biomech 34:859, as quoted
    published: ClassVar[tuple[str, ...]] = (
        "Peak hip force of a knee bend, 143 % body weight: Bergmann et al., J Biomech 34 (2001) 859, as quoted, "
        "instrumented prostheses in 4 patients.",
        "Its direction in the femur frame is that of standing up, 9 OrthoLoad patients (assumed).",
    )
    evidence: ClassVar[str] = "Bergmann 2001, as quoted: instrumented hips in 4 patients; direction of standing up."
    counting: ClassVar[Counting] = Counting("knee bends")
