"""A femur clamped at the flat end where its shaft, or its condyles, were cut."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.fem.constraints import held_directions
from femsim.supports.holding import UPRIGHT, Body, Holding


@dataclass(frozen=True)
class DistalFixed:
    """Clamped at the cut: no point of the flat distal end moves."""

    from_lab: ClassVar[np.ndarray] = UPRIGHT

    def hold(self, body: Body) -> Holding:
        """All nodes of the surface "distal" in all directions."""
        held = held_directions(body.mesh, np.unique(body.mesh.surface("distal")))
        return Holding(held, None, "The flat distal end is held in all directions.")
