"""How much of a sliding interface is pulled, where contact would open."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure
from femsim.metrics.statistics import percentile

AROUND = 12  # pairs of nodes, the nearest: at a corner of quadratic faces an even pressure leaves no force at all
SAME_SIDE = 0.5  # cosine between the normals of pairs that are averaged: those across a thin stem are not
NOTHING = 0.01  # share of the traction that 95 % of the area stay below; pull below it is no pull


@dataclass(frozen=True)
class InterfacePull:
    """Normal traction across sliding interfaces at the peak. Verified only.

    Sliding sides are tied across the interface in pull too. Contact would open there, unless a press-fit presses the
    sides together beforehand; where much of an interface pulls, the truth lies between sliding and free.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """By interface; none where nothing slides."""
        measures = []
        for name in operated.model.springs_of:
            traction, areas = _traction(operated, name), operated.model.loose[name].areas
            least = NOTHING * percentile(np.abs(traction), areas, 95.0)
            share = 100.0 * float(areas[traction > least].sum() / areas.sum())
            note = "share of the sliding area that is pulled apart: contact would open there, if no press-fit closes it"
            measures.append(Measure("interface_pull_share", name, "operated", share, "%", note))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Traction [MPa] on the nodes of sliding interfaces, positive in pull; none where nothing slides."""
        values = np.full((1, operated.model.mesh.n_nodes), np.nan)
        for name in operated.model.springs_of:
            values[0, operated.model.loose[name].pairs] = _traction(operated, name)[:, None]
        return (Map("interface_traction", "operated", "point", values, "MPa"),) if np.isfinite(values).any() else ()


def _traction(outcome: Outcome, name: str) -> np.ndarray:
    """(p,) [MPa] across an interface at the peak, positive in pull: force over area of the pairs around each."""
    from scipy.spatial import cKDTree

    loose, springs = outcome.model.loose[name], outcome.model.springs_of[name]
    force = springs.stiffness * springs.openings(outcome.displacement(outcome.peak))
    places = outcome.model.mesh.nodes[loose.pairs[:, 0]]
    near = cKDTree(places).query(places, min(AROUND, len(places)))[1].reshape(len(places), -1)
    counts = np.einsum("pki,pi->pk", loose.normals[near], loose.normals) > SAME_SIDE
    return (force[near] * counts).sum(axis=1) / (loose.areas[near] * counts).sum(axis=1)
