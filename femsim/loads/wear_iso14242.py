"""The walking cycle of a hip simulator, ISO 14242-1: a vertical force on a head that turns under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.loads.activity import Spread
from femsim.loads.course import GAIT_CYCLE, cycle_instants, eased
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.in_phase import scale_told
from femsim.loads.keys import HipKeys
from femsim.loads.places import USUAL_SITES
from femsim.loads.pose import downwards
from femsim.loads.subject import Subject

# ISO 14242-1, as quoted: % cycle and value; every motion returns to where it began.
AXIAL = ((0, 300), (12, 3000), (32, 1500), (50, 3000), (62, 300), (100, 300))  # N
FLEXION = ((0, 25), (50, -18), (100, 25))  # deg
ADDUCTION = ((0, 3), (21, 7), (83, -4), (100, 3))  # deg; negative is abduction
INTERNAL_ROTATION = ((0, -10), (50, 2), (100, -10))  # deg; negative is outwards
FIRST_PEAK = 12.0  # % cycle
CYCLE_S = 1.0  # s; 1 Hz


@dataclass(frozen=True)
class WearIso14242(HipKeys):
    """The walking cycle of a hip wear simulator, ISO 14242-1: an absolute force whose direction in the femur moves."""

    evidence: ClassVar[str] = "ISO 14242-1, as quoted: a simulator; no subjects."
    counting: ClassVar[None] = None  # nobody does it daily
    spread: ClassVar[Spread | None] = None

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """The force on the head over one cycle; it does not depend on the subject."""
        instants = cycle_instants(self.frames, FIRST_PEAK)
        motions = (eased(instants, points) for points in (FLEXION, ADDUCTION, INTERNAL_ROTATION))
        force = self.scale * eased(instants, AXIAL)[:, None] * downwards(*motions)
        return LoadHistory(
            channels=("hip",),
            sites=(HEAD,),
            forces=force[:, None],
            instants=instants,
            instant_unit=GAIT_CYCLE,
            duration_s=CYCLE_S,
            cyclic=True,
            sources=(
                f"Wear simulator, 300 to {self.scale * 3000:.0f} N whatever the body mass: ISO 14242-1, as quoted "
                "(assumed); a machine, no subjects.",
                "The vertical force is turned into the femur by flexion (25 to -18 deg), adduction (7 to -4 deg) and "
                "internal rotation (-10 to 2 deg), in this order. Between the published points force and angles "
                "follow half a cosine (assumed). No muscles.",
                *scale_told(self.scale),
            ),
            mass_exponent=0.0,
        )
