"""How much the answer depends on the failure criterion: every one of them on the same bone."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.criteria import CRITERIA
from femsim.metrics.bone_strain import bone_strain
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGING_RADIUS, FEMUR, HEAD_NECK, Place, judged_places, solid_spheres
from femsim.metrics.statistics import top_percentile

SHAFT = "shaft"  # all zones of the shaft but the one beside the support
_NOTE = f"of stress or strain averaged over spheres of {AVERAGING_RADIUS:g} mm"


@dataclass(frozen=True)
class Criteria:
    """Risk factor of kept solid bone at the peak of the activity by each criterion: 99th percentile and largest.

    Stress criteria compare the stress averaged over the sphere of 2 mm about each element with the strength averaged
    over it, by the strength law of the bone and weakened as the bone is; they are isotropic. Principal strain is
    compared with its own limits: it is the risk factor. What is left out is left out there, too. Verified only.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """For the femur, head and neck together, and the shaft; none where the model does not say what bone bears."""
        if operated.model.failing is None or intact.model.failing is None:
            return ()
        rows = solid_spheres(operated).rows
        row_of = np.full(operated.n_kept, -1)
        row_of[rows] = np.arange(len(rows))
        risks = _risks(operated, intact)
        measures = []
        for place in _places(operated):
            at = row_of[place.rows]
            at = at[at >= 0]
            if not len(at):
                continue
            for model, outcome in (("operated", operated), ("intact", intact)):
                volumes = outcome.volumes[rows[at]]
                for name, values in risks[model].items():
                    largest, p99 = float(values[at].max()), top_percentile(values[at], volumes, 99.0)
                    measures += [
                        Measure(f"criterion_{name}_p99", place.name, model, p99, "-", f"99 % lies below; {_NOTE}"),
                        Measure(f"criterion_{name}_max", place.name, model, largest, "-", f"largest {_NOTE}"),
                    ]
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None: the risk factor draws its own."""
        return ()


def _places(operated: Outcome) -> list[Place]:
    judged = judged_places(operated)
    shaft = [place.rows for place in judged if place.name.startswith("shaft_")]
    main = [place for place in judged if place.name in (FEMUR, HEAD_NECK)]
    return main + ([Place(SHAFT, np.concatenate(shaft))] if shaft else [])


def _risks(operated: Outcome, intact: Outcome) -> dict[str, dict[str, np.ndarray]]:
    """Model → criterion → (m,) risk over the spheres of kept solid bone."""
    outcomes, spheres = {"operated": operated, "intact": intact}, solid_spheres(operated)
    fields = []
    for one in outcomes.values():
        bears = one.model.failing.tension, one.model.failing.compression, one.model.shear_strength
        fields += [one.stress(one.peak)[spheres.rows], *(values[spheres.rows][..., None] for values in bears)]
    # All in one go: it is looking for neighbours that takes the time.
    averages = spheres.average(np.concatenate(fields, axis=-1))
    found = {}
    for (model, one), columns in zip(outcomes.items(), np.split(averages, 2, axis=1)):
        stress, strength, bone = columns[:, :6], tuple(columns[:, 6:].T), bone_strain(one, operated)
        factors = one.model.load_factors[one.peak]
        found[model] = {
            name: bone.risk(factors, kind())[: bone.n_kept]
            if kind.judges == "strain"
            else kind().ratio(stress, None, strength)
            for name, kind in CRITERIA.items()
        }
    return found
