"""An interface that holds along its proximal part: a porous coating that ends partway down a stem."""

from dataclasses import dataclass

import numpy as np

from femsim.interfaces.frame import ALONG
from femsim.registry import parameter


@dataclass(frozen=True)
class Proximal:
    """Bonded over a share of its length from its proximal end; free beyond, without contact (see `free`)."""

    share: float = parameter(
        0.4,
        text="share of the length of the interface, from its proximal end, that is bonded",
        unit="-",
        low=0,
        high=1,
        assumed=True,
    )

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool: farther down. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        along = places[:, ALONG]
        if not len(along):
            return np.zeros(0, bool)
        return along < along.max() - self.share * np.ptp(along)
