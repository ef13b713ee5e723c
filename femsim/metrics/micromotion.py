"""How far the two sides of an interface that is not bonded move against each other."""

from dataclasses import dataclass

import numpy as np

from femsim import units
from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure
from femsim.metrics.statistics import percentile

INGROWTH, FIBROUS = 40.0, 150.0  # um; bone grows in below, fibrous tissue above (widely quoted, assumed)


@dataclass(frozen=True)
class Micromotion:
    """Relative motion of the sides of every free or sliding interface at the peak. Verified only.

    Free sides pass through each other: the overlap is what contact would forbid.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """By interface [um]; none where everything is bonded."""
        limits = f"below {INGROWTH:g} um bone grows in, above {FIBROUS:g} um fibrous tissue forms (assumed)"
        measures = []
        for name, loose in operated.model.loose.items():
            if not len(loose.pairs):
                continue
            area = f"of the {'sliding' if loose.slides else 'free'} area"
            motion = _relative(operated, loose)
            size = np.linalg.norm(motion, axis=1) / units.um
            rows = [
                (
                    "micromotion_p95",
                    percentile(size, loose.areas, 95.0),
                    f"95 % {area} moves less; {limits}",
                ),
                ("micromotion_max", float(size.max()), f"largest {area}; {limits}"),
            ]
            if not loose.slides:
                closing = -np.einsum("pi,pi->p", motion, loose.normals) / units.um
                note = "how far the free sides pass into each other, which contact would forbid"
                rows.append(("interface_overlap_max", float(max(closing.max(), 0.0)), note))
            measures += [Measure(label, name, "operated", value, "um", note) for label, value, note in rows]
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """Micromotion on the nodes of free and sliding interfaces at the peak; none where everything is bonded."""
        values = np.full((1, operated.model.mesh.n_nodes), np.nan)
        for loose in operated.model.loose.values():
            size = np.linalg.norm(_relative(operated, loose), axis=1) / units.um
            values[0, loose.pairs] = size[:, None]
        return (Map("micromotion", "operated", "point", values, "um"),) if np.isfinite(values).any() else ()


def _relative(outcome: Outcome, loose) -> np.ndarray:
    """(p, 3) [mm] motion of the second side against the first at the peak."""
    own, other = loose.pairs.T
    displacement = outcome.displacement(outcome.peak)
    return displacement[other] - displacement[own]
