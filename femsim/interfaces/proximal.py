"""An interface that holds along its proximal part: a porous coating that ends partway down a stem."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsim.interfaces.frame import ALONG
from femsim.registry import parameter


@dataclass(frozen=True)
class Proximal:
    """Bonded over a share of its length from its proximal end; beyond it slides (see `sliding`), or is `free`."""

    share: float = parameter(
        0.4,
        text="share of the length of the interface, from its proximal end, that is bonded",
        unit="-",
        low=0,
        high=1,
        assumed=True,
    )
    below: Literal["sliding", "free"] = parameter(
        "sliding",
        text="sliding: the rest is held across its surface and slides along it; free: nothing is carried across",
        assumed=True,
    )

    @property
    def slides(self) -> bool:
        """Whether the freed faces are held across their surface."""
        return self.below == "sliding"

    def freed(self, places: np.ndarray) -> np.ndarray:
        """(f,) bool: farther down. places : (f, 3) centroids of the faces in the implant's frame [mm]."""
        along = places[:, ALONG]
        if not len(along):
            return np.zeros(0, bool)
        return along < along.max() - self.share * np.ptp(along)
