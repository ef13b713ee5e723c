"""A testing machine that presses on the head of a femur, straight down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Spread
from femsim.loads.course import hold
from femsim.loads.history import HEAD, LAB, LoadHistory
from femsim.loads.in_phase import scale_told
from femsim.loads.keys import HipKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.pose import downwards
from femsim.loads.subject import Subject
from femsim.registry import parameter


@dataclass(frozen=True)
class AxialCompression(HipKeys):
    """A force of given size on the head, along the vertical of a testing machine, held; no muscles.

    The shaft stands upright unless it is tilted, here or by the support: a rig that is tilted adds its own angles.
    """

    frames: int = parameter(1, text="instants, all alike: the force is held", unit="-", low=1, high=1000)
    force_n: float = parameter(
        1000.0,
        text="force on the head; of a linear analysis any size tells the same",
        unit="N",
        low=1,
        high=50_000,
        assumed=True,
        source="choice of femsim",
    )
    adduction_deg: float = parameter(
        0.0,
        text="angle between shaft and force seen from the front: the knee end inwards, the force leaning outwards",
        unit="deg",
        low=-45,
        high=45,
        assumed=True,
        source="an upright shaft",
    )
    flexion_deg: float = parameter(
        0.0,
        text="angle between shaft and force seen from the side: the knee end in front, the force leaning backwards",
        unit="deg",
        low=-45,
        high=45,
        assumed=True,
        source="an upright shaft",
    )

    evidence: ClassVar[str] = "A testing machine; no subjects."
    counting: ClassVar[None] = None  # nobody does it daily
    spread: ClassVar[Spread | None] = None

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """The force on the head, in the laboratory; it does not depend on the subject."""
        force = self.scale * self.force_n
        course = hold(self.frames, 1.0)
        return LoadHistory(
            channels=("hip",),
            sites=(HEAD,),
            forces=course.share[:, None, None] * force * downwards(self.flexion_deg, self.adduction_deg, 0.0),
            instants=course.instants,
            instant_unit=course.unit,
            duration_s=course.duration_s,
            cyclic=False,
            sources=(
                f"A testing machine presses with {force:.0f} N on the head, whatever the body mass (assumed); no "
                "subjects, no muscles.",
                f"The shaft stands {self.adduction_deg:g} deg adducted and {self.flexion_deg:g} deg flexed under the "
                "vertical force, besides the tilt of the rig that holds it.",
                *scale_told(self.scale),
            ),
            frame=LAB,
            mass_exponent=0.0,
        )
