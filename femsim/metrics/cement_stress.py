"""Tensile stress in the cement mantle, compared with the tensile strength of the cement."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import principal
from femsim.materials.solids import Pmma
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import implant_places, rows_mask
from femsim.metrics.strength import against_strength


@dataclass(frozen=True)
class CementStress:
    """Largest principal stress in the cement at the peak, as percentiles of local averages. Verified only."""

    strength_mpa: float = Pmma().strength_mpa

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no cement."""
        stress = _tension(operated)
        return tuple(
            measure
            for place in implant_places(operated, cement=True)
            for measure in against_strength(
                operated,
                place,
                stress,
                name="stress_principal_1",
                strength_mpa=self.strength_mpa,
                strength="tensile strength (Li 2022)",
            )
        )

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means of the largest principal stress at the peak, cement only; none where there is no cement."""
        places = implant_places(operated, cement=True)
        if not places:
            return ()
        weights = operated.weights
        means = np.sum(_tension(operated) * weights, axis=1) / weights.sum(axis=1)
        cement = rows_mask(operated, np.concatenate([place.rows for place in places]))
        return (Map("cement_tension", "operated", "cell", np.where(cement, means, np.nan)[None], "MPa"),)


def _tension(outcome: Outcome) -> np.ndarray:
    """(e, q) [MPa]"""
    return principal(outcome.stress(outcome.peak))[..., 2]
