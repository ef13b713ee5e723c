"""How much bone the cement was pressed into."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure


@dataclass(frozen=True)
class CementPenetration:
    """Volume of the kept bone that computes as a composite of bone and cement. Verified only."""

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where cement does not penetrate."""
        inside = operated.model.penetrated
        if inside is None:
            return ()
        note = "kept bone within implant.penetration_mm of the cement, its pores filled"
        value = float(operated.weights[inside].sum())
        return (Measure("penetrated_volume", "bone_kept", "operated", value, "mm3", note),)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Share of each element's volume that is penetrated; none where cement does not penetrate."""
        inside = operated.model.penetrated
        if inside is None:
            return ()
        share = np.sum(operated.weights * inside, axis=1) / operated.volumes
        return (Map("cement_penetration", "operated", "cell", share[None], "-"),)
