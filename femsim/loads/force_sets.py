"""Force sets at the peak of an activity, as published: the hip force, and muscles where somebody gave them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from femsim.anatomy.attachments import GREATER_TROCHANTER, VASTUS_LATERALIS
from femsim.arrays import freeze, frozen
from femsim.loads.history import HEAD
from femsim.loads.places import VASTUS_MEDIALIS

# % body weight: x medial, y anterior, z proximal. Heller 2005, J Biomech 38:1155, simplified sets, as quoted.
HELLER_WALKING = (
    ("hip", HEAD, (-54.0, -32.8, -229.2)),
    ("abductor", GREATER_TROCHANTER, (58.0, 4.3, 86.5)),
    ("tfl_proximal", GREATER_TROCHANTER, (7.2, 11.6, 13.2)),
    ("tfl_distal", GREATER_TROCHANTER, (-0.5, -0.7, -19.0)),
    ("vastus_lateralis", VASTUS_LATERALIS, (-0.9, 18.5, -92.9)),
)
HELLER_STAIRS = (
    ("hip", HEAD, (-59.3, -60.6, -236.3)),
    ("abductor", GREATER_TROCHANTER, (70.1, 28.8, 84.9)),
    ("itt_proximal", GREATER_TROCHANTER, (10.5, 3.0, 12.8)),
    ("itt_distal", GREATER_TROCHANTER, (-0.5, -0.8, -16.8)),
    ("tfl_proximal", GREATER_TROCHANTER, (3.1, 4.9, 2.9)),
    ("tfl_distal", GREATER_TROCHANTER, (-0.2, -0.3, -6.5)),
    ("vastus_lateralis", VASTUS_LATERALIS, (-2.2, 22.4, -135.1)),
    ("vastus_medialis", VASTUS_MEDIALIS, (-8.8, 39.6, -267.1)),
)


@dataclass(frozen=True)
class ForceSet:
    """Forces on the femur at one instant.

    channels, sites : name of each and where it acts; the first is "hip", on the head.
    percent : (c, 3) [% body weight] lateral, anterior, proximal; Bergmann frame.
    """

    channels: tuple[str, ...]
    sites: tuple[str, ...]
    percent: np.ndarray

    def __post_init__(self):
        freeze(self, percent=frozen(self.percent, np.float64, (len(self.channels), 3)))

    @property
    def hip_percent(self) -> float:
        """Size of the hip force [% body weight]."""
        return float(np.linalg.norm(self.percent[0]))

    def alone(self) -> "ForceSet":
        """The hip force without muscles."""
        return ForceSet(self.channels[:1], self.sites[:1], self.percent[:1])

    def with_muscles(self, wanted: bool) -> "ForceSet":
        return self if wanted else self.alone()

    def times(self, factor: float) -> "ForceSet":
        return replace(self, percent=self.percent * factor)

    def at(self, hip_percent: float) -> "ForceSet":
        """As large that the hip force is this [% body weight]; every muscle in proportion."""
        return self.times(hip_percent / self.hip_percent)

    def under(self, hip: Sequence[float]) -> "ForceSet":
        """Another hip force (lateral, anterior, proximal) [% body weight]; muscles in proportion to its size."""
        grown = self.at(float(np.linalg.norm(hip)))
        return replace(grown, percent=np.concatenate([[hip], grown.percent[1:]]))


def _of(published: tuple) -> ForceSet:
    rows = [(-medial, anterior, proximal) for _, _, (medial, anterior, proximal) in published]
    return ForceSet(tuple(name for name, _, _ in published), tuple(site for _, site, _ in published), rows)


def hip_only(hip: Sequence[float]) -> ForceSet:
    """A hip force (lateral, anterior, proximal) [% body weight] without muscles."""
    return ForceSet(("hip",), (HEAD,), [hip])


WALKING = _of(HELLER_WALKING)  # hip 237.7 %
STAIRS = _of(HELLER_STAIRS)  # hip 251.1 %
