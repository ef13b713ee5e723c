"""Tensile stress in the cement mantle, compared with the tensile strength of the cement."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import principal
from femsim.materials.solids import Pmma
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import implant_places
from femsim.metrics.strength import against_strength


@dataclass(frozen=True)
class CementStress:
    """Largest principal stress in the cement at the peak, as percentiles of local averages. Verified only."""

    strength_mpa: float = Pmma().strength_mpa

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no cement."""
        return tuple(
            measure
            for place in implant_places(operated, cement=True)
            for measure in against_strength(
                operated,
                place,
                _tension(operated, place.rows),
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
        means = np.full(operated.model.mesh.n_elements, np.nan)
        for place in places:
            weights = operated.weights[place.rows]
            means[place.rows] = np.sum(_tension(operated, place.rows) * weights, axis=1) / weights.sum(axis=1)
        return (Map("cement_tension", "operated", "cell", means[None], "MPa"),)


def _tension(outcome: Outcome, rows: np.ndarray) -> np.ndarray:
    """(m, q) [MPa] in elements rows (m,)."""
    return principal(outcome.stress(outcome.peak)[rows])[..., 2]
