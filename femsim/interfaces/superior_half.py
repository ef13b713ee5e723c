"""An interface that holds on its upper side alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.interfaces.frame import SUPERIOR


@dataclass(frozen=True)
class SuperiorHalf:
    """Bonded on the superior side of the implant's axis, free on the inferior side; no contact there (see `free`).

    Source
    ------
    One of the ingrowth patterns of Haider 2015, Comput Methods Biomech Biomed Engin 18:1349: only the superior half
    bonded costs little bone.
    """

    slides: ClassVar[bool] = False

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool: below the axis. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        return places[:, SUPERIOR] < 0
