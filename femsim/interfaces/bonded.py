"""An interface that holds everywhere."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True)
class Bonded:
    """The two sides share their nodes: ingrown, or cemented and sound."""

    slides: ClassVar[bool] = False

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool, none. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        return np.zeros(len(places), bool)
