"""Stress in the metal of the implant, compared with its yield strength."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import von_mises
from femsim.materials import SOLIDS
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import implant_places, material_of
from femsim.metrics.strength import against_strength


@dataclass(frozen=True)
class ImplantStress:
    """Von Mises stress in every metal region at the peak, as percentiles of local averages. Verified only.

    strength_mpa : instead of that of each region's own metal.
    """

    strength_mpa: float | None = None

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no implant."""
        places = implant_places(operated, cement=False)
        if not places:
            return ()
        stress, measures = operated.stress(operated.peak), []
        for place in places:
            solid = SOLIDS[material_of(operated, place.name)]()
            measures += against_strength(
                operated,
                place,
                von_mises(stress[place.rows]),
                name="stress_von_mises",
                strength_mpa=self.strength_mpa or solid.strength_mpa,
                strength=f"yield strength of {SOLIDS.name_of(solid)} (assumed)",
            )
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means at the peak, in every region of both models."""
        maps = []
        for outcome in (operated, intact):
            weights = outcome.weights
            means = np.sum(von_mises(outcome.stress(outcome.peak)) * weights, axis=1) / weights.sum(axis=1)
            maps.append(Map("stress_von_mises", outcome.model.name, "cell", means[None], "MPa"))
        return tuple(maps)
