"""What a construct tolerates: by how much each activity's load may grow until bone first yields, and for whom."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.build import Loading
from femsim.capacity.solved import Solved, solved, units_of
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.errors import FemsimError, UsageError, near
from femsim.loads import ACTIVITIES
from femsim.loads.history import LoadHistory
from femsim.metrics.courses import Course
from femsim.scenario.activity_course import needs
from femsim.scenario.reading import Scenario

# Zones of the shaft: where a femur is held at its cut, their bending is that of the support as much as of the load.
SHAFT = ("shaft_lateral", "shaft_medial", "shaft_distal")


@dataclass(frozen=True)
class Limit:
    """What one part of one model bears of an activity.

    risk : largest risk factor over the activity, of strain averaged over spheres of 2 mm.
    multiplier : of all forces of the activity, at which that is 1; None where nothing is strained.
    body_mass_kg : at which it is 1; None where body mass plays no part.
    zone, instant : where and when.
    """

    risk: float
    multiplier: float | None
    body_mass_kg: float | None
    zone: str
    instant: float


@dataclass(frozen=True)
class Borne:
    """One activity on one construct.

    proximal, shaft : limits of "operated" and "intact": bone above the shaft (head, neck, greater trochanter, calcar),
        and the shaft.
    """

    activity: str
    hip_peak_n: float
    hip_peak_percent_bw: float
    instant_unit: str
    proximal: dict[str, Limit]
    shaft: dict[str, Limit]


@dataclass(frozen=True)
class Tolerance:
    """What one construct tolerates.

    left_out : activities that were not asked, and why.
    sources : sentences on every activity.
    """

    name: str
    body_mass_kg: float
    rows: tuple[Borne, ...]
    left_out: dict[str, str]
    sources: dict[str, tuple[str, ...]]
    loads: int


def tolerance(
    scenario: Scenario,
    names: Sequence[str] = (),
    *,
    criterion: PrincipalStrain | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Tolerance:
    """What the construct of a scenario tolerates of activities.

    Parameters
    ----------
    scenario : Scenario
        Its own activity and those of its routine are asked with the keys that it gives; the others with their defaults.
    names : of activities; all that need no key, and the scenario's own, when there are none.
    fresh : mesh and solve again.
    progress : callable(str), optional

    Raises
    ------
    UsageError
        For an unknown activity, or one that needs a key that the scenario does not give.
    """
    chosen, left_out = askable(scenario, names)
    histories: dict[str, LoadHistory] = {}

    def wanted(loading: Loading):
        found, impossible = histories_of(loading, scenario, chosen, needed=names)
        histories.update(found)
        left_out.update(impossible)
        return units_of(loading, list(histories.values()))

    found = solved(scenario, wanted, fresh=fresh, progress=progress)
    if progress:
        progress("every frame of every activity")
    rows = [
        _borne(found, name, history, scenario, criterion or PrincipalStrain()) for name, history in histories.items()
    ]
    sources = {name: history.sources for name, history in histories.items()}
    return Tolerance(scenario.name, scenario.subject.body_mass_kg, tuple(rows), left_out, sources, len(found.units))


def histories_of(
    loading: Loading, scenario: Scenario, chosen: Mapping[str, Any], *, needed: Collection[str]
) -> tuple[dict[str, LoadHistory], dict[str, str]]:
    """Of activities those that this femur can do, in its frame; why not of the others.

    Raises
    ------
    FemsimError
        Where one that is needed cannot be done: a site of its muscles lies off the bone.
    """
    histories, left_out = {}, {}
    for name, activity in chosen.items():
        try:
            history = loading.history_of(activity, scenario.subject)
            _ = [loading.sites[site] for site in history.pulled_sites]
        except FemsimError as error:
            if name in needed:
                raise
            left_out[name] = error.what
            continue
        histories[name] = history
    return histories, left_out


def askable(scenario: Scenario, names: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Activity by name, and those left out with the reason."""
    own = {ACTIVITIES.name_of(scenario.load): scenario.load}
    for activity in scenario.routine:
        own.setdefault(ACTIVITIES.name_of(type(activity).__mro__[1]), activity)
    for name in names:
        if name not in ACTIVITIES:
            raise UsageError(f"There is no activity {name!r}. {near(name, ACTIVITIES)}", where="--activities")
    chosen, left_out = {}, {}
    for name in names or ACTIVITIES:
        missing = needs(name)
        if name in own:
            chosen[name] = own[name]
        elif not missing:
            chosen[name] = ACTIVITIES[name]()
        elif names:
            raise UsageError(
                f"{name} needs {', '.join(missing)}.",
                where="--activities",
                remedy=f"give the scenario [routine.{name}] or [load] activity = {name!r} with it",
            )
        else:
            left_out[name] = f"needs {', '.join(missing)}"
    return chosen, left_out


def _borne(found: Solved, name: str, history: LoadHistory, scenario: Scenario, criterion: PrincipalStrain) -> Borne:
    courses = found.courses(name, history, criterion)
    size = float(np.linalg.norm(history.hip, axis=1).max())
    mass = scenario.subject.body_mass_kg

    def limits(wanted: Callable[[str], bool]) -> dict[str, Limit]:
        return {
            model: _limit(course, tuple(zone for zone in course.zones if wanted(zone)), mass)
            for model, course in courses.items()
        }

    return Borne(
        name,
        size,
        100.0 * size / scenario.subject.body_weight,
        history.instant_unit,
        limits(lambda zone: zone not in SHAFT),
        limits(lambda zone: zone in SHAFT),
    )


def _limit(course: Course, zones: Sequence[str], body_mass: float) -> Limit:
    risk, instant, zone = course.worst_of(zones)
    if not risk > 0:
        return Limit(risk, None, None, zone, instant)
    return Limit(risk, 1.0 / risk, course.mass_at(1.0 / risk, body_mass), zone, instant)
