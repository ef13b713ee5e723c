"""No implant: the femur as it is."""

from dataclasses import dataclass
from typing import Any

from femsim.anatomy.femur import Femur
from femsim.implants.solids import Solids


@dataclass(frozen=True)
class Intact:
    """Nothing is taken from the bone and nothing is put in: the operated femur and its twin are one."""

    def place(self, femur: Femur) -> Solids:
        """Solids without any."""
        return Solids((0.0, 0.0, 0.0), femur.landmarks.neck_axis)

    def bonds(self) -> dict[str, Any]:
        """No interfaces."""
        return {}

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """No cement."""
        return (), 0.0
