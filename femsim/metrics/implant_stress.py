"""Stress in the metal of the implant, compared with its yield strength."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import von_mises
from femsim.materials.solids import CobaltChromium
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import implant_places
from femsim.metrics.strength import against_strength


@dataclass(frozen=True)
class ImplantStress:
    """Von Mises stress in every metal region at the peak, as percentiles of local averages. Verified only."""

    strength_mpa: float = CobaltChromium().strength_mpa

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no implant."""
        stress = von_mises(operated.stress(operated.peak))
        return tuple(
            measure
            for place in implant_places(operated, cement=False)
            for measure in against_strength(
                operated,
                place,
                stress,
                name="stress_von_mises",
                strength_mpa=self.strength_mpa,
                strength="yield strength (assumed)",
            )
        )

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means at the peak, in every region of both models."""
        maps = []
        for outcome in (operated, intact):
            weights = outcome.weights
            means = np.sum(von_mises(outcome.stress(outcome.peak)) * weights, axis=1) / weights.sum(axis=1)
            maps.append(Map("stress_von_mises", outcome.model.name, "cell", means[None], "MPa"))
        return tuple(maps)
