"""How close bone is to failing: principal strain over its limit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.fem.recovery import sphere_average
from femsim.metrics.frames import over_frames
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGED, AVERAGING_RADIUS, bone_mask, bone_places, rows_mask
from femsim.metrics.statistics import percentile, share


@dataclass(frozen=True)
class RiskFactor:
    """Risk factor of the kept bone at the peak of the activity: 99th percentile, largest average, volume over 1.

    Validation: the criterion, not femsim, was validated on 14 femora (Schileo 2014).
    """

    criterion: PrincipalStrain = PrincipalStrain()

    citations: ClassVar[tuple[str, ...]] = (PrincipalStrain.citation,)

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Per zone and for the femur; both models and their difference. Removed bone is left out of both."""
        fields = [self._kept_fields(outcome) for outcome in (operated, intact)]
        measures = []
        for place in bone_places(operated):
            values = []
            for outcome, (points, averaged) in zip((operated, intact), fields):
                weights, rows = outcome.weights, place.rows
                values.append(
                    (
                        percentile(averaged[rows], weights[rows].sum(axis=1), 99.0),
                        float(averaged[rows].max()),
                        100.0 * share(points[rows] > 1.0, weights[rows]),
                    )
                )
            names = (
                ("risk_factor_p99", "-", f"99 % of the volume lies below; {AVERAGED}"),
                ("risk_factor_max", "-", f"largest {AVERAGED}"),
                ("volume_over_yield", "%", "share of the volume with a risk factor above 1"),
            )
            for (name, unit, note), after, before in zip(names, *values):
                measures += [
                    Measure(name, place.name, "operated", after, unit, note),
                    Measure(name, place.name, "intact", before, unit, note),
                    Measure(name, place.name, "change", after - before, unit, "operated less intact; " + note),
                ]
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means of every frame, bone only."""
        return tuple(
            Map(
                "risk_factor",
                outcome.model.name,
                "cell",
                over_frames(outcome, self._element_field(outcome), degree=1),
                "-",
            )
            for outcome in (operated, intact)
        )

    def _kept_fields(self, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
        """Ratio at the points (e, q) and its sphere average (e,), over kept bone away from the support."""
        points = self._ratio(outcome, outcome.peak)
        kept = rows_mask(outcome, np.arange(outcome.n_kept))
        return points, sphere_average(outcome.model.mesh, points, AVERAGING_RADIUS, elements=kept)

    def _ratio(self, outcome: Outcome, frame: int) -> np.ndarray:
        """Diseased bone may yield at another strain than sound bone, for which the criterion was made."""
        return self.criterion.ratio(outcome.stress(frame), outcome.strain(frame)) / outcome.model.yield_strain_factor

    def _element_field(self, outcome: Outcome):
        bone, weights = bone_mask(outcome), outcome.weights

        def at_frame(frame: int) -> np.ndarray:
            means = np.sum(self._ratio(outcome, frame) * weights, axis=1) / weights.sum(axis=1)
            return np.where(bone, means, np.nan)

        return at_frame
