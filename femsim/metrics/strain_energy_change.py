"""Stress shielding: how the strain energy density of kept bone changes against the intact twin."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import strain_energy_density
from femsim.metrics.frames import over_frames
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import bone_places
from femsim.metrics.statistics import mean, share
from femsim.registry import parameter

# Where the intact bone stores less than this share of the femur's mean, a ratio to it says nothing.
_NEGLIGIBLE = 1e-9

# Kept bone counts as shielded below these shares [%] of the strain energy density that it has in the intact femur.
SHIELDED_BELOW = (50.0, 25.0)


@dataclass(frozen=True)
class StrainEnergyChange:
    """Strain energy density at the peak, operated over intact less 1, on the same elements; negative means unloaded.

    Kept bone has the same density in both models, so the change of energy per bone mass, which drives remodelling, is
    the same number: at a point, and of a zone as its energy over its bone mass. Where cement has penetrated bone, the
    energy is that of both, the mass that of the bone. Verified only: not compared with measured bone loss.
    """

    overload_percent: float = parameter(
        150.0,
        text="strain energy density, of that of the intact femur, above which bone counts as overloaded",
        unit="%",
        low=105,
        high=500,
        assumed=True,
        source="inside the dead zone of remodelling laws, ±35–75 %",
    )

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Zone means of both models, their change, and the volume that is shielded or overloaded."""
        after, before = (_points(outcome, outcome.peak) for outcome in (operated, intact))
        change = _element_change(operated, intact)
        volume_names = [
            *((f"shielded_volume_{share:g}", share, "below") for share in SHIELDED_BELOW),
            ("overloaded_volume", self.overload_percent, "above"),
        ]
        measures = []
        for place in bone_places(operated):
            rows = place.rows
            means = [mean(values[rows], one.weights[rows]) for values, one in ((after, operated), (before, intact))]
            volumes, ratio = operated.volumes[rows], 100.0 * (1.0 + change[rows])
            for model, value in zip(("operated", "intact"), means):
                measures.append(
                    # 1 MPa is 1000 kJ/m³
                    Measure("strain_energy_density", place.name, model, 1000.0 * value, "kJ/m3", "mean over the volume")
                )
            if means[1] > 0:
                note = "operated over intact less 1, of the zone's energy per bone mass; negative: unloaded"
                measures.append(
                    Measure("shielding_change", place.name, "change", 100.0 * (means[0] / means[1] - 1.0), "%", note)
                )
            for name, limit, word in volume_names:
                where = ratio < limit if word == "below" else ratio > limit
                note = f"share of the kept volume with a strain energy density {word} {limit:g} % of that of the intact"
                measures.append(Measure(name, place.name, "change", 100.0 * share(where, volumes), "%", note))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Strain energy density of every frame in both models; the change at the peak, over kept bone only."""
        energies = tuple(
            Map(
                "strain_energy_density",
                one.model.name,
                "cell",
                over_frames(one, _element_mean_of(one), degree=2),
                "MPa",
            )
            for one in (operated, intact)
        )
        change = np.full((1, operated.model.mesh.n_elements), np.nan)
        change[0, : operated.n_kept] = _element_change(operated, intact)
        return (*energies, Map("shielding_change", "operated", "cell", change, "-"))


def _points(outcome: Outcome, frame: int) -> np.ndarray:
    """(e, q) [MPa]"""

    def density():
        return strain_energy_density(outcome.stress(frame), outcome.strain(frame))

    return outcome.once("strain energy density", density) if frame == outcome.peak else density()


def _element_mean_of(outcome: Outcome):
    weights = outcome.weights
    return lambda frame: np.sum(_points(outcome, frame) * weights, axis=1) / weights.sum(axis=1)


def _element_change(operated: Outcome, intact: Outcome) -> np.ndarray:
    """(n_kept,) fraction; NaN where the intact element is as good as unloaded."""
    kept = slice(operated.n_kept)
    after, before = (_element_mean_of(one)(one.peak)[kept] for one in (operated, intact))
    loaded = before > _NEGLIGIBLE * mean(before, intact.volumes[kept])
    return np.where(loaded, after / np.where(loaded, before, 1.0) - 1.0, np.nan)
