"""How close bone is to failing: principal strain of small spheres over its limit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.bone_strain import bone_strain
from femsim.metrics.frames import over_frames
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import OF_MEAN_STRAIN, judged_places
from femsim.metrics.statistics import share, top_percentile


@dataclass(frozen=True)
class RiskFactor:
    """Risk factor of the kept bone at the peak of the activity: percentiles, largest, volume over 1.

    Of the strain averaged over the sphere of 2 mm about each element: strain at a point is singular at edges. Marrow
    strains and does not break: elements lighter than 0.1 g/cm³ are left out. Bone beside a patch of muscle force is
    judged apart, as "load_patches": its strains belong to the patch.

    Validation: the criterion, not femsim, was validated on 14 femora (Schileo 2014).
    """

    criterion: PrincipalStrain = PrincipalStrain()

    citations: ClassVar[tuple[str, ...]] = (PrincipalStrain.citation,)

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Per zone and for the femur; both models and their difference. Removed bone is left out of both."""
        strains = [bone_strain(one, operated) for one in (operated, intact)]
        risks = [self._peak(one, operated)[: operated.n_kept] for one in (operated, intact)]
        solid = np.zeros(operated.n_kept, bool)
        solid[strains[0].rows[: strains[0].n_kept]] = True
        measures = []
        for place in judged_places(operated):
            rows, values = place.rows[solid[place.rows]], []
            if not len(rows):
                continue
            for risk, outcome in zip(risks, (operated, intact)):
                local, volumes = risk[rows], outcome.volumes[rows]
                values.append(
                    (
                        top_percentile(local, volumes, 95.0),
                        top_percentile(local, volumes, 99.0),
                        float(local.max()),
                        100.0 * share(local > 1.0, volumes),
                    )
                )
            names = (
                ("risk_factor_p95", "-", f"95 % of the volume lies below; {OF_MEAN_STRAIN}"),
                ("risk_factor_p99", "-", f"99 % of the volume lies below; {OF_MEAN_STRAIN}"),
                ("risk_factor_max", "-", f"largest {OF_MEAN_STRAIN}"),
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
        """Of every frame that is shown, over solid bone."""
        return tuple(
            Map("risk_factor", one.model.name, "cell", over_frames(one, self._field(one, operated), degree=1), "-")
            for one in (operated, intact)
        )

    def _peak(self, outcome: Outcome, operated: Outcome) -> np.ndarray:
        return outcome.once((self, "peak"), lambda: self._field(outcome, operated)(outcome.peak))

    def _field(self, outcome: Outcome, operated: Outcome):
        bone = bone_strain(outcome, operated)

        def at_frame(frame: int) -> np.ndarray:
            """(e,) NaN where there is no solid bone."""
            values = np.full(outcome.model.mesh.n_elements, np.nan)
            values[bone.rows] = bone.risk(outcome.model.load_factors[frame], self.criterion)
            return values

        return at_frame
