"""The fatigue bench of ISO 7206: the force of a testing machine on the head of a femur stem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from femsim.loads.activity import Spread
from femsim.loads.course import hold
from femsim.loads.history import FEMUR, HEAD, LoadHistory
from femsim.loads.in_phase import scale_told
from femsim.loads.keys import HipKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.pose import downwards
from femsim.loads.subject import Subject
from femsim.registry import parameter

FORCES = {"stem": 2300.0, "neck": 5340.0}  # N; ISO 7206-4 and ISO 7206-6, as quoted
PARTS = {"stem": "ISO 7206-4", "neck": "ISO 7206-6"}


@dataclass(frozen=True)
class BenchIso7206(HipKeys):
    """The bench test of stems, ISO 7206-4, or of necks, ISO 7206-6: an absolute force on the head, held.

    The femur stands with its shaft, which the stem follows, adducted and flexed under a vertical force: the knee end is
    inwards and in front of where it would be below the head. Told in the femur, the force leans outwards and backwards,
    as the hip force of walking does.
    """

    frames: int = parameter(1, text="instants, all alike: the peak is held", unit="-", low=1, high=1000)
    part: Literal["stem", "neck"] = parameter(
        "stem", text="stem: 2300 N, ISO 7206-4; neck: 5340 N, ISO 7206-6", source="ISO 7206, as quoted", assumed=True
    )
    adduction_deg: float = parameter(
        10.0,
        text="angle between shaft and force seen from the front",
        unit="deg",
        low=0,
        high=45,
        source="ISO 7206-4, as quoted",
        assumed=True,
    )
    flexion_deg: float = parameter(
        9.0,
        text="angle between shaft and force seen from the side",
        unit="deg",
        low=0,
        high=45,
        source="ISO 7206-4, as quoted",
        assumed=True,
    )

    evidence: ClassVar[str] = "ISO 7206, as quoted: a testing machine; no subjects."
    counting: ClassVar[None] = None  # nobody does it daily
    spread: ClassVar[Spread | None] = None

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """The force on the head; it does not depend on the subject."""
        force = self.scale * FORCES[self.part]
        course = hold(self.frames, 1.0)
        peak = force * downwards(self.flexion_deg, self.adduction_deg, 0.0)
        return LoadHistory(
            channels=("hip",),
            sites=(HEAD,),
            forces=course.share[:, None, None] * peak,
            instants=course.instants,
            instant_unit=course.unit,
            duration_s=course.duration_s,
            cyclic=False,
            sources=(
                f"Bench test of the {self.part}, {force:.0f} N whatever the body mass: {PARTS[self.part]}, as quoted "
                "(assumed); a machine, no subjects. The standard repeats the force, here its peak is held.",
                f"The shaft stands {self.adduction_deg:g} deg adducted and {self.flexion_deg:g} deg flexed under the "
                "vertical force, the angles of ISO 7206-4, as quoted (assumed); no muscles.",
                *scale_told(self.scale),
            ),
            frame=FEMUR,
            mass_exponent=0.0,
        )
