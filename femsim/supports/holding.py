"""How one mesh is held: nodes that cannot move, or reactions that balance every load."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.arrays import freeze, frozen
from femsim.mesh.mesh import Mesh

# (3, 3) from the laboratory (z up) to a femur whose shaft axis is vertical in it.
UPRIGHT = frozen(np.eye(3))


@dataclass(frozen=True)
class Holding:
    """Support of one mesh.

    held : (n, 3) bool, directions that do not move. Where there are reactions: six that only keep the body in place.
    reactions : (6, n, 3) [N] nodal forces of six unit reactions that together balance any load, and along which the
        body does not move; None where the held directions react.
    words : a sentence for the report.
    """

    held: np.ndarray
    reactions: np.ndarray | None
    words: str

    def __post_init__(self):
        freeze(self, held=frozen(self.held, bool, (None, 3)))
        if self.reactions is not None:
            freeze(self, reactions=frozen(self.reactions, np.float64, (6, len(self.held), 3)))


@dataclass(frozen=True)
class Body:
    """What a support is told of the body it holds.

    femur : Femur
    mesh : with the surfaces "bearing", "bone_outer" and "distal".
    sites : site → (3,) point in the femur frame [mm], as of FemurSites.
    density : (e, q) of mass [tonne/mm³] at the integration points.
    head_centre : (3,) of the bearing [mm].
    """

    femur: Femur
    mesh: Mesh
    sites: Mapping[str, np.ndarray]
    density: np.ndarray
    head_centre: np.ndarray = (0.0, 0.0, 0.0)
