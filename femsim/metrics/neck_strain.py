"""How hard the upper and the lower side of the femoral neck are strained: where a resurfaced neck breaks."""

from dataclasses import dataclass

from femsim import units
from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import AVERAGED, NECK_INFERIOR, NECK_SUPERIOR, bone_places, kept_spheres
from femsim.metrics.statistics import percentile

SIDES = (NECK_SUPERIOR, NECK_INFERIOR)


@dataclass(frozen=True)
class NeckStrain:
    """Tension and compression at the peak that 95 % of the volume of a side of the neck stays below in size.

    Means are among the strain changes; a rise at the edge of a component, which a mean hides, shows here.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Both models [microstrain] and the change of the size [%]; none where no bone of the neck is kept."""
        places = [place for place in bone_places(operated) if place.name in SIDES]
        if not places:
            return ()
        kept, spheres = slice(operated.n_kept), kept_spheres(operated)
        measures = []
        for place in places:
            fields = [
                spheres.average(one.peak_principal_strain[kept][..., [2, 0]], place.rows) for one in (operated, intact)
            ]
            for column, (name, sign, word) in enumerate(_NAMES):
                note = f"95 % of the volume is {word} less; {AVERAGED}"
                after, before = (
                    sign * percentile(sign * values[:, column], one.volumes[place.rows], 95.0)
                    for values, one in zip(fields, (operated, intact))
                )
                measures += [
                    Measure(name, place.name, "operated", after / units.microstrain, "microstrain", note),
                    Measure(name, place.name, "intact", before / units.microstrain, "microstrain", note),
                ]
                if before != 0:
                    change = 100.0 * (after / before - 1.0)
                    measures.append(Measure(name, place.name, "change", change, "%", "operated over intact less 1"))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None: the principal strains are kept with the strain changes."""
        return ()


_NAMES = (("strain_tension_p95", 1.0, "stretched"), ("strain_compression_p95", -1.0, "compressed"))
