"""A femur in free flight: inertia balances the load."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.fem.constraints import rigid_body_modes
from femsim.fem.mass import mass
from femsim.supports.holding import UPRIGHT, Body, Holding
from femsim.supports.three_nodes import three_nodes


@dataclass(frozen=True)
class Balanced:
    """Held nowhere: the mass of bone and implant balances every load by its inertia (inertia relief).

    A metal implant takes a larger share than the bone it stands for: the twins are then not loaded alike.
    """

    from_lab: ClassVar[np.ndarray] = UPRIGHT

    def hold(self, body: Body) -> Holding:
        """Reactions are the inertia forces M R of the six rigid motions R; the mean motion, by mass, is none.

        The bone's mass is that of its apparent density: what fills its pores is not counted.
        """
        modes = rigid_body_modes(body.mesh.nodes)
        reactions = (mass(body.mesh, body.density) @ modes).T.reshape(6, -1, 3)
        return Holding(
            three_nodes(body.mesh),
            reactions / np.abs(reactions).sum(axis=(1, 2), keepdims=True),
            "Nothing is held: the inertia of bone and implant balances the load.",
        )
