"""When in the activity bone is nearest to failing, where, and how much more load it would take."""

from dataclasses import dataclass

from femsim.analyses.outcome import Outcome
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.courses import courses
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import FEMUR, OF_MEAN_STRAIN


@dataclass(frozen=True)
class RiskOverActivity:
    """Largest risk factor of kept bone over all frames of the activity, its instant, the load that would reach 1.

    Of the activity under [load]; those of a routine are in activities.csv. Verified only.
    """

    criterion: PrincipalStrain = PrincipalStrain()

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Per zone and for the femur; none where the activity is a single instant but the load multiplier."""
        (after, *_), _ = courses(operated, operated, self.criterion)
        (before, *_), _ = courses(intact, operated, self.criterion)
        measures = []
        unit = operated.model.history.instant_unit
        for place in after.places if len(after.largest) > 1 else ():
            values = [course.peak_of(place) for course in (after, before)]
            for model, (value, instant) in zip(("operated", "intact"), values):
                note = f"largest over all frames, {OF_MEAN_STRAIN}"
                measures.append(Measure("cycle_risk_factor_max", place, model, value, "-", note))
                measures.append(Measure("cycle_risk_instant", place, model, instant, unit, "when that is reached"))
            measures.append(
                Measure(
                    "cycle_risk_factor_max", place, "change", values[0][0] - values[1][0], "-", "operated less intact"
                )
            )
        for model, course in (("operated", after), ("intact", before)):
            note = f"all forces times this: the largest risk factor reaches 1; {OF_MEAN_STRAIN}"
            measures.append(Measure("load_to_yield", FEMUR, model, course.multiplier, "-", note))
        change = 100.0 * (after.multiplier / before.multiplier - 1.0)
        measures.append(Measure("load_to_yield", FEMUR, "change", change, "%", "operated over intact less 1"))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """The envelope over all frames of all activities, and when the first activity is at its worst."""
        maps = []
        for outcome in (operated, intact):
            _, envelope = courses(outcome, operated, self.criterion)
            name, unit = outcome.model.name, outcome.model.history.instant_unit
            maps.append(Map("risk_factor_envelope", name, "cell", envelope.risk[None], "-"))
            maps.append(Map("risk_instant", name, "cell", envelope.instant[None], unit))
        return tuple(maps)
