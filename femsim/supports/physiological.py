"""A femur held as in a body: by its knee and its hip."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.anatomy.attachments import KNEE, LATERAL_EPICONDYLE
from femsim.loads.traction import patch_force
from femsim.registry import parameter
from femsim.supports.holding import UPRIGHT, Body, Holding
from femsim.supports.spread import carried
from femsim.supports.three_nodes import three_nodes


@dataclass(frozen=True)
class Physiological:
    """As in a body: the knee's centre stays, the head moves along the line to it alone, an epicondyle stops the turn.

    Source
    ------
    Speirs et al., J Biomech 40 (2007) 2318, as widely quoted (assumed): knee centre held in three directions, head
    centre in the two across the line of hip and knee, distal lateral epicondyle from front to back.
    """

    from_lab: ClassVar[np.ndarray] = UPRIGHT

    epicondyle_patch_mm: float = parameter(
        10.0,
        text="whole femur: radius of the patch of the epicondyle that the turning is stopped at",
        unit="mm",
        low=2.0,
        high=30.0,
        assumed=True,
        source="as the patches of muscles",
    )

    def hold(self, body: Body) -> Holding:
        """Reactions of knee (3), head (2) and epicondyle, spread over the surfaces that carry them.

        The knee's reaction is carried by the cut end, of the condyles or of the shaft, as the linear traction that is
        equal to it; the head's by the bearing surface; the epicondyle's by a patch, or by the cut where there is none.

        Raises
        ------
        ModelError
            Where a surface cannot carry its reaction.
        """
        mesh, sites = body.mesh, body.sites
        knee, epicondyle, head = sites[KNEE], sites[LATERAL_EPICONDYLE], np.asarray(body.head_centre, float)
        up = (head - knee) / np.linalg.norm(head - knee)
        lateral = np.array([1.0, 0.0, 0.0]) - up[0] * up
        lateral /= np.linalg.norm(lateral)
        anterior = np.cross(up, lateral)
        if body.femur.knee_height is None:
            turning = carried(mesh, "distal", epicondyle, anterior[None])
        else:
            turning = patch_force(mesh, epicondyle, anterior, self.epicondyle_patch_mm)[None]
        reactions = [
            carried(mesh, "distal", knee, np.array([lateral, anterior, up])),
            carried(mesh, "bearing", head, np.array([lateral, anterior])),
            turning,
        ]
        place = "" if body.femur.knee_height is not None else "; the cut shaft carries what the missing knee would"
        words = (
            "Held as in a body (Speirs 2007, as quoted): knee centre in three directions, head centre across the line "
            f"to it, lateral epicondyle from front to back{place}."
        )
        return Holding(three_nodes(mesh), np.concatenate(reactions), words)
