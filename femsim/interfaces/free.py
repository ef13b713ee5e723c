"""An interface that holds nowhere."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True)
class Free:
    """Nothing is carried across, neither pull nor push.

    There is no contact: where the two sides are pressed on each other they overlap as if the other were not there.
    `interface_overlap_max` says by how much; where it is not small against the micromotion, the truth lies between
    this and the bonded interface.
    """

    slides: ClassVar[bool] = False

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool, all. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        return np.ones(len(places), bool)
