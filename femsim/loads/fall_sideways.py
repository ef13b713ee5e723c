"""A fall to the side: the floor meets the lateral face of the greater trochanter."""

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
class FallSideways(Fall):
    """A fall to the side onto the greater trochanter, as in drop rigs."""

    internal_rotation_deg: float = parameter(
        15.0,
        text="how far the femur is turned inwards; the floor then meets the trochanter from behind too",
        unit="deg",
        low=-90,
        high=90,
        source="Courtney 1994 and others, as quoted",
        assumed=True,
    )

    evidence: ClassVar[str] = "Robinovitch 1991, Courtney 1994, as quoted: a mass on a spring; no measured subjects."

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur during the impact; `sites` tells the levers."""
        sources = (
            f"Fall to the side, shaft {self.shaft_from_floor_deg:g} deg from the floor (adducted, the knee higher), "
            f"{self.internal_rotation_deg:g} deg internal rotation: set-up of Courtney 1994 and others, as quoted "
            "(assumed).",
        )
        return self._history(subject, sites, self.internal_rotation_deg, sources)
