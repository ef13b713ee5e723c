"""How hard an impact must be to just break a femur, and every run that was made to find it."""

from collections.abc import Mapping
from dataclasses import dataclass

from femsim.metrics.measure import Measure
from femsim.metrics.places import FEMUR

# What is searched → name of its measure, unit, power of the factor on speed or force that it grows with.
SOUGHT = {
    "speed": ("impact_breaking_speed", "m/s", 1),
    "drop height": ("impact_breaking_height", "mm", 2),
    "push": ("impact_breaking_push", "N", 1),
}


@dataclass(frozen=True)
class Tried:
    """One run. factor : on what was given; severity : 1 where it just breaks; peak_force : [N]; zone : worst place."""

    factor: float
    severity: float
    peak_force: float
    zone: str


@dataclass(frozen=True)
class Limit:
    """What just breaks one femur.

    sought : a key of `SOUGHT`. given : in its unit. factor : on it, of speed or force; None where it was not found.
    severity : what was judged, in words. tried : every run, that of the impact itself first.
    why : a sentence where nothing was found.
    """

    sought: str
    given: float
    factor: float | None
    severity: str
    tried: tuple[Tried, ...]
    why: str = ""

    @property
    def unit(self) -> str:
        return SOUGHT[self.sought][1]

    @property
    def value(self) -> float | None:
        """In the unit of what was given."""
        return None if self.factor is None else self.at(self.factor)

    def at(self, factor: float) -> float:
        """What was given, times a factor on speed or force: a drop height grows with the square of the speed."""
        return self.given * factor ** SOUGHT[self.sought][2]


def limit_measures(limits: Mapping[str, Limit]) -> tuple[Measure, ...]:
    """Of each model where it was found, and operated over intact less 1; the intact one for both where it is alone."""
    limits = limits if "operated" in limits or not limits else {"operated": limits["intact"], **limits}
    found = [_measure(model, one) for model, one in limits.items() if one.value is not None]
    if len(found) == 2:
        change = 100.0 * (limits["operated"].value / limits["intact"].value - 1.0)
        found.append(Measure(found[0].name, FEMUR, "change", change, "%", "operated over intact less 1"))
    return tuple(found)


def _measure(model: str, one: Limit) -> Measure:
    name, unit, _ = SOUGHT[one.sought]
    return Measure(name, FEMUR, model, one.value, unit, f"just breaks: {one.severity}; {len(one.tried)} runs")
