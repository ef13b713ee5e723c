"""Stress in the metal of the implant, compared with its yield strength."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import sphere_average, von_mises
from femsim.materials.solids import CobaltChromium
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGED, AVERAGING_RADIUS, implant_places, rows_mask
from femsim.metrics.statistics import percentile


@dataclass(frozen=True)
class ImplantStress:
    """Von Mises stress in every metal region at the peak, as percentiles of local averages. Verified only."""

    strength_mpa: float = CobaltChromium().strength_mpa

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no implant."""
        measures = []
        for place in implant_places(operated, cement=False):
            stress = von_mises(operated.stress(operated.peak))
            averaged = sphere_average(
                operated.model.mesh, stress, AVERAGING_RADIUS, elements=rows_mask(operated, place.rows)
            )[place.rows]
            p95, p99 = (percentile(averaged, operated.volumes[place.rows], percent) for percent in (95.0, 99.0))
            measures += [
                Measure(
                    "stress_von_mises_p95",
                    place.name,
                    "operated",
                    p95,
                    "MPa",
                    f"95 % of the volume lies below; {AVERAGED}",
                ),
                Measure(
                    "stress_von_mises_p99",
                    place.name,
                    "operated",
                    p99,
                    "MPa",
                    f"99 % of the volume lies below; {AVERAGED}",
                ),
                Measure(
                    "stress_over_strength",
                    place.name,
                    "operated",
                    p99 / self.strength_mpa,
                    "-",
                    f"the p99 over the yield strength of {self.strength_mpa:g} MPa (assumed)",
                ),
            ]
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means at the peak, in every region of both models."""
        maps = []
        for outcome in (operated, intact):
            weights = outcome.weights
            means = np.sum(von_mises(outcome.stress(outcome.peak)) * weights, axis=1) / weights.sum(axis=1)
            maps.append(Map("stress_von_mises", outcome.model.name, "cell", means[None], "MPa"))
        return tuple(maps)
