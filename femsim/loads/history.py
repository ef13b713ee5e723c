"""What acts on the femur over time: forces at named sites, frame by frame."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class LoadHistory:
    """Forces on the femur over one activity, in the femur frame.

    channels : name of each force, such as "hip", "abductor".
    sites : where each acts: "head" for the joint force, otherwise a name of the muscle attachments.
    forces : (t, c, 3) [N], acting on the femur.
    instants : (t,) in `instant_unit` ("% gait cycle" for cyclic activities, "s" otherwise).
    duration_s : length of the activity or of one cycle.
    cyclic : whether the last instant runs into the first.
    sources : sentences for the report; assumptions are said to be assumptions.
    """

    channels: tuple[str, ...]
    sites: tuple[str, ...]
    forces: np.ndarray
    instants: np.ndarray
    instant_unit: str
    duration_s: float
    cyclic: bool
    sources: tuple[str, ...] = ()

    def __post_init__(self):
        n = len(self.channels)
        freeze(
            self,
            forces=frozen(self.forces, np.float64, (None, n, 3)),
            instants=frozen(self.instants, np.float64, (len(self.forces),)),
        )

    @property
    def peak(self) -> int:
        """Frame with the largest hip force."""
        return int(np.argmax(np.linalg.norm(self.forces[:, self.channels.index("hip")], axis=1)))
