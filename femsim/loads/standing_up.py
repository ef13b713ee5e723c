"""Standing up from a chair: the mean force of nine OrthoLoad patients."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.activity import Counting, Spread
from femsim.loads.cohort import STANDING_UP
from femsim.loads.rising import RISING, Rising


@dataclass(frozen=True)
class StandingUp(Rising):
    """Standing up from a chair, the activity that people differ most in."""

    peak: ClassVar[float] = RISING.hip_percent
    published: ClassVar[tuple[str, ...]] = (
        "Hip force of standing up, 214 % body weight: mean vector of 9 OrthoLoad patients (Bergmann 2016, instrumented "
        "prostheses, OrthoLoad femur frame), lateral 86 ± 38, anterior -23 ± 16, proximal -195 ± 59; resultants "
        "215 ± 69 %. Bergmann 2001 gives 190 %.",
    )
    evidence: ClassVar[str] = "OrthoLoad (Bergmann 2016): instrumented hips in 9 patients."
    counting: ClassVar[Counting] = Counting("chair rises")
    spread: ClassVar[Spread | None] = STANDING_UP
