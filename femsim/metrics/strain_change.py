"""How the strains of kept bone change against the intact twin: tension, compression, equivalent."""

from dataclasses import dataclass

import numpy as np

from femsim import units
from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import bone_places
from femsim.metrics.statistics import mean


@dataclass(frozen=True)
class StrainChange:
    """Zone means at the peak of the largest and smallest principal strain and of the equivalent (von Mises) strain."""

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Means of both models [microstrain] and the change of their size [%]."""
        fields = [_strains(outcome) for outcome in (operated, intact)]
        measures = []
        for place in bone_places(operated):
            rows = place.rows
            for column, (name, note) in enumerate(_NAMES):
                after, before = (
                    mean(values[rows][..., column], one.weights[rows]) / units.microstrain
                    for values, one in zip(fields, (operated, intact))
                )
                measures += [
                    Measure(name, place.name, "operated", after, "microstrain", note),
                    Measure(name, place.name, "intact", before, "microstrain", note),
                ]
                if before != 0:
                    change = 100.0 * (after / before - 1.0)
                    measures.append(
                        Measure(name, place.name, "change", change, "%", "operated over intact less 1; " + note)
                    )
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means of the principal strains at the peak; 1 is the largest, 3 the smallest."""
        maps = []
        for outcome in (operated, intact):
            weights = outcome.weights[..., None]
            means = np.sum(_strains(outcome) * weights, axis=1) / weights.sum(axis=1)
            for name, column in (("strain_principal_1", 0), ("strain_principal_3", 1)):
                maps.append(Map(name, outcome.model.name, "cell", means[None, :, column], "-"))
        return tuple(maps)


_NAMES = (
    ("strain_tension", "mean of the largest principal strain"),
    ("strain_compression", "mean of the smallest principal strain"),
    ("strain_equivalent", "mean of √(2/3 e:e), e the deviatoric strain"),
)


def _strains(outcome: Outcome) -> np.ndarray:
    """(e, q, 3): largest principal, smallest principal, equivalent strain at the peak."""
    values = outcome.peak_principal_strain
    deviatoric = values - values.mean(axis=-1, keepdims=True)
    equivalent = np.sqrt(2.0 / 3.0 * np.sum(deviatoric**2, axis=-1))
    return np.stack([values[..., 2], values[..., 0], equivalent], axis=-1)
