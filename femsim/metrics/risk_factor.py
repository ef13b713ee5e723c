"""How close bone is to failing: principal strain over its limit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.frames import over_frames
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGED, bone_mask, bone_places, solid_spheres
from femsim.metrics.statistics import percentile, share


@dataclass(frozen=True)
class RiskFactor:
    """Risk factor of the kept bone at the peak of the activity: percentiles, largest average, volume over 1.

    Marrow strains and does not break: elements lighter than 0.1 g/cm³ are left out.

    Validation: the criterion, not femsim, was validated on 14 femora (Schileo 2014).
    """

    criterion: PrincipalStrain = PrincipalStrain()

    citations: ClassVar[tuple[str, ...]] = (PrincipalStrain.citation,)

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Per zone and for the femur; both models and their difference. Removed bone is left out of both."""
        points = np.stack([self._ratio(one, one.peak)[: operated.n_kept] for one in (operated, intact)], axis=-1)
        solid = ~operated.marrow[: operated.n_kept]
        averaged = np.zeros((operated.n_kept, 2))
        averaged[solid] = solid_spheres(operated).average(points[solid])
        measures = []
        for place in bone_places(operated):
            rows, values = place.rows[solid[place.rows]], []
            if not len(rows):
                continue
            for column, outcome in enumerate((operated, intact)):
                local, volumes = averaged[rows, column], outcome.volumes[rows]
                past = points[rows, :, column] > 1.0
                values.append(
                    (
                        percentile(local, volumes, 95.0),
                        percentile(local, volumes, 99.0),
                        float(local.max()),
                        100.0 * share(past, outcome.weights[rows]),
                    )
                )
            names = (
                ("risk_factor_p95", "-", f"95 % of the volume lies below; {AVERAGED}"),
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
        """Element means of every frame, bone without marrow."""
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

    def _ratio(self, outcome: Outcome, frame: int) -> np.ndarray:
        """(e, q). Diseased bone may yield at another strain than sound bone, for which the criterion was made."""

        def ratio():
            return (
                self.criterion.ratio(outcome.stress(frame), outcome.strain(frame)) / outcome.model.yield_strain_factor
            )

        return outcome.once((self, "peak"), ratio) if frame == outcome.peak else ratio()

    def _element_field(self, outcome: Outcome):
        bone, weights = bone_mask(outcome) & ~outcome.marrow, outcome.weights

        def at_frame(frame: int) -> np.ndarray:
            means = np.sum(self._ratio(outcome, frame) * weights, axis=1) / weights.sum(axis=1)
            return np.where(bone, means, np.nan)

        return at_frame
