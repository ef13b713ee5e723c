"""How often a person does an activity: the amounts of a day or a week, made into load cycles of one leg."""

import dataclasses
from math import isfinite

from femsim.errors import ScenarioError
from femsim.registry import parameter

DAYS_PER_WEEK = 7.0
AMOUNTS = ("times_per_day", "times_per_week", "km_per_day", "km_per_week")
_TEXTS = (
    "how many a day of what the activity counts: steps of both legs, chair rises",
    "how many a week of what the activity counts",
    "kilometres a day",
    "kilometres a week",
)
_UNITS = ("1/day", "1/week", "km/day", "km/week")
_MOST = (100_000.0, 700_000.0, 200.0, 1400.0)


def routine_of(kind: type) -> type:
    """The activity with the amount of it as further keys; days, weeks, times and kilometres add up.

    kind : an activity that is counted.

    Returns
    -------
    type
        A frozen dataclass, made from `kind`, with `cycles_per_day()`: load cycles of one leg.
        It raises ScenarioError where there is no amount, or kilometres of what covers no way.
    """
    if kind.counting is None:
        raise TypeError(f"{kind.__name__} is nothing that a person does daily.")
    fields = [
        (name, float, parameter(0.0, text=text, unit=unit, low=0, high=most))
        for name, text, unit, most in zip(AMOUNTS, _TEXTS, _UNITS, _MOST)
    ]
    made = dataclasses.make_dataclass(
        f"{kind.__name__}Routine",
        fields,
        bases=(kind,),
        frozen=True,
        kw_only=True,
        namespace={
            "__doc__": kind.__doc__,
            "__module__": kind.__module__,
            "__post_init__": _check,
            "cycles_per_day": cycles_per_day,
        },
    )
    return made


def cycles_per_day(activity) -> float:
    """How often this leg is loaded on an average day."""
    counting = activity.counting
    cycles = (activity.times_per_day + activity.times_per_week / DAYS_PER_WEEK) / counting.per_cycle
    way = activity.km_per_day + activity.km_per_week / DAYS_PER_WEEK
    return cycles + (way / counting.km_per_cycle if way else 0.0)


def _check(activity) -> None:
    before = next((k for k in type(activity).__mro__[1:] if "__post_init__" in vars(k)), None)
    if before is not None:
        before.__post_init__(activity)
    amounts = {name: getattr(activity, name) for name in AMOUNTS}
    for name, amount in amounts.items():
        if not (isfinite(amount) and amount >= 0):
            raise ScenarioError(f"{name} = {amount:g} is no amount.", remedy="give a number that is not below 0")
    if not any(amounts.values()):
        raise ScenarioError(
            f"Nothing is said of how often: {', '.join(AMOUNTS)} are all 0.", remedy="give one of them, above 0"
        )
    if activity.counting.km_per_cycle is None and (activity.km_per_day or activity.km_per_week):
        raise ScenarioError(
            f"Kilometres do not count {activity.counting.noun}: this activity covers no way.",
            remedy="give times_per_day or times_per_week",
        )
