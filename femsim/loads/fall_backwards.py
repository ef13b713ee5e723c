"""A fall backwards: the floor meets the greater trochanter from behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.fall import Fall
from femsim.loads.history import LoadHistory
from femsim.loads.places import USUAL_SITES
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class FallBackwards(Fall):
    """A fall backwards onto the outwards turned hip, constructed from the fall to the side."""

    external_rotation_deg: float = parameter(
        45.0,
        text="how far the femur of a person lying on the back is turned outwards; at 0 the floor pushes straight "
        "forward, at 90 straight inwards as in a fall to the side",
        unit="deg",
        low=0,
        high=90,
        assumed=True,
    )

    evidence: ClassVar[str] = "Constructed from the fall to the side (assumed); no measured subjects."

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur during the impact; `sites` tells the levers."""
        sources = (
            f"Fall backwards, shaft {self.shaft_from_floor_deg:g} deg from the floor (flexed, the knee higher), "
            f"{self.external_rotation_deg:g} deg external rotation, so that the floor pushes inwards and forward: "
            "constructed (assumed). Speed, stiffness and mass are those of a fall to the side (assumed), and the force "
            "is put where that one meets the trochanter, at its most lateral point (assumed).",
        )
        return self._history(subject, sites, 90.0 - self.external_rotation_deg, sources)
