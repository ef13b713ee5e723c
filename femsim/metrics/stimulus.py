"""The remodelling stimulus: strain energy of bone averaged over the time of all that the person does."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import strain, strain_energy_density, stress
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import bone_places
from femsim.metrics.statistics import mean

_NOTHING = 1e-14  # eigenvalues below this share of the largest are rounding


@dataclass(frozen=True)
class Stimulus:
    """Strain energy density averaged over time, both models and its change on kept bone; negative means unloaded.

    Over the routine where the scenario has one, each activity counted by its cycles per day times its duration; else
    over the activity under [load]. Per bone mass the change is the same, as the density is. Verified only.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Zone means and their change; none where the activity is a single instant."""
        if not _over_time(operated):
            return ()
        after, before = (_time_mean(outcome) for outcome in (operated, intact))
        measures = []
        for place in bone_places(operated):
            rows = place.rows
            values = [mean(field[rows], one.volumes[rows]) for field, one in ((after, operated), (before, intact))]
            for model, value in zip(("operated", "intact"), values):
                measures.append(Measure("stimulus", place.name, model, 1000.0 * value, "kJ/m3", _NOTE))
            if values[1] > 0:
                change = 100.0 * (values[0] / values[1] - 1.0)
                measures.append(Measure("stimulus_change", place.name, "change", change, "%", _CHANGE))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Element means of the time average; its change over kept bone."""
        if not _over_time(operated):
            return ()
        after, before = (_time_mean(outcome) for outcome in (operated, intact))
        kept, change = slice(operated.n_kept), np.full((1, operated.model.mesh.n_elements), np.nan)
        loaded = before[kept] > 1e-9 * mean(before[kept], intact.volumes[kept])
        ratio = after[kept] / np.where(loaded, before[kept], 1.0)
        change[0, kept] = np.where(loaded, ratio - 1.0, np.nan)
        return (
            Map("stimulus", operated.model.name, "cell", after[None], "MPa"),
            Map("stimulus", intact.model.name, "cell", before[None], "MPa"),
            Map("stimulus_change", "operated", "cell", change, "-"),
        )


_NOTE = "strain energy density averaged over the time of all activities that count; mean over the volume"
_CHANGE = "operated over intact less 1, of the time average; negative: unloaded"


def _over_time(outcome: Outcome) -> bool:
    return bool(outcome.model.routine) or len(outcome.model.history.instants) > 1


def _time_mean(outcome: Outcome) -> np.ndarray:
    """(e,) [MPa]: element means of the strain energy density, averaged over time.

    Energy is quadratic in the load, so its average over any number of frames is the energy of as many loads as the
    basis has: those of the eigenvectors of the mean product of load factors.
    """

    def made() -> np.ndarray:
        model = outcome.model
        values, vectors = np.linalg.eigh(mean_product(model.counted))
        total = np.zeros(model.mesh.n_elements)
        for value, vector in zip(values, vectors.T):
            if value > _NOTHING * values[-1]:
                displacement = np.sqrt(value) * np.einsum("b,bnk->nk", vector, outcome.displacement_basis)
                strains = strain(model.mesh, displacement)
                density = strain_energy_density(stress(strains, model.elasticity), strains)
                total += np.sum(density * outcome.weights, axis=1)
        return total / outcome.volumes

    return outcome.once("time mean of strain energy density", made)


def mean_product(counted) -> np.ndarray:
    """(b, b) mean over time of the products of load factors: Σ share · factorsᵀ factors.

    counted : pairs of a LoadCase and its share of the time.
    """
    return sum(
        share * np.einsum("t,tb,tc->bc", case.history.weights, case.factors, case.factors) for case, share in counted
    )
