"""An interface that holds across its surface and slides along it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True)
class Sliding:
    """Tied in the normal direction, in pull as in push; free along the surface, without friction.

    The linear stand-in for a smooth press-fit: right where the two sides are pressed on each other. Where they are
    pulled apart contact would open; `interface_pull_share` says how much of the interface that is.
    """

    slides: ClassVar[bool] = True

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool, all. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        return np.ones(len(places), bool)
