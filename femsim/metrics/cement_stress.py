"""Tensile stress in the cement mantle, compared with the tensile strength of the cement."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import principal, sphere_average
from femsim.materials.solids import Pmma
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGED, AVERAGING_RADIUS, implant_places, rows_mask
from femsim.metrics.statistics import percentile


@dataclass(frozen=True)
class CementStress:
    """Largest principal stress in the cement at the peak, as percentiles of local averages. Verified only."""

    strength_mpa: float = Pmma().strength_mpa

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """None where there is no cement."""
        measures = []
        for place in implant_places(operated, cement=True):
            averaged = sphere_average(
                operated.model.mesh, _tension(operated), AVERAGING_RADIUS, elements=rows_mask(operated, place.rows)
            )[place.rows]
            p95, p99 = (percentile(averaged, operated.volumes[place.rows], percent) for percent in (95.0, 99.0))
            measures += [
                Measure(
                    "stress_principal_1_p95",
                    place.name,
                    "operated",
                    p95,
                    "MPa",
                    f"95 % of the volume lies below; {AVERAGED}",
                ),
                Measure(
                    "stress_principal_1_p99",
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
                    f"the p99 over the tensile strength of {self.strength_mpa:g} MPa (Li 2022)",
                ),
            ]
        return tuple(measures)

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
