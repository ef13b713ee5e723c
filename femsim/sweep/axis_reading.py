"""Reads one [[sweep.axis]]: what it sets, which values it takes; says everything that is wrong with it."""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from femsim.errors import Problem, near
from femsim.scenario.keys import Named, judged, named
from femsim.scenario.problems import shown
from femsim.scenario.sections import SECTIONS, Scenario, keys_of
from femsim.scenario.sheet import KeyPath, Sheet, dotted
from femsim.sweep.axis import Axis, Curve, Level, set_text, significant
from femsim.sweep.distributions import DISTRIBUTIONS

OWN_KEYS = ("key", "name", "unit", "values", "distribution", "steps", "gives", "crossed")
TAIL = 1e-6  # share of a distribution that may lie outside of what its key takes
ENDS = (0.05, 0.95)  # quantiles that stand for a distribution where a design wants a low and a high value


class AxisReader:
    """The axis at a place of the file; `problems` holds what is wrong with it.

    base : the scenario without any axis; None where that is wrong itself.
    varied : sections of which the sweep varies the kind, so that the base case's kind does not judge.
    """

    def __init__(
        self,
        sheet: Sheet,
        path: KeyPath,
        table: Mapping[str, Any],
        base: Scenario | None,
        varied: Collection[str] = (),
    ):
        self.sheet, self.path, self.table, self.base, self.varied = sheet, path, table, base, varied
        self.problems: list[Problem] = []

    def axis(self) -> Axis | None:
        """The axis, or None where something is wrong."""
        key, target = self._target()
        curves = self._curves()
        name = self.table.get("name", key)
        if not (isinstance(name, str) and name.strip()):
            self._wrong('names neither a key nor itself: write key = "implant.cement_mm", or a name.', "name")
            return None
        distribution, levels = self._distribution(target, curves), ()
        if "values" in self.table:
            levels = self._levels(key, target, curves)
        elif distribution is None and not self.problems:
            self._wrong("has no values: write values = […], or low and high, or a distribution.")
        if self.problems:
            return None
        unit = self.table.get("unit") or (target.unit if target else "-")
        crossed = self.table.get("crossed", False)
        if not isinstance(crossed, bool) or not isinstance(unit, str):
            self._wrong("crossed is true or false, and unit a text.")
            return None
        axis = Axis(name, unit, self.sheet.where(self.path), levels, distribution, key, curves, crossed)
        return axis if levels else self._with_steps(axis)

    def _wrong(self, what: str, *place: str | int) -> None:
        path = (*self.path, *place)
        self.problems.append(Problem(self.sheet.where(path), self._title(), what))

    def _title(self) -> str:
        name = self.table.get("name") or self.table.get("key")
        return f"axis {shown(name)}" if isinstance(name, str) and name else dotted(self.path)

    def _target(self) -> tuple[str, Named | None]:
        key = self.table.get("key", "")
        if not isinstance(key, str):
            self._wrong(f"key is {shown(key)}; a key path in quotes is expected.", "key")
            return "", None
        return key, self._named(key, "key") if key else None

    def _named(self, key: str, *place: str | int) -> Named | None:
        try:
            return named(key)
        except ValueError as error:
            self._wrong(f"{key}: {error}", *place)
            return None

    def _problem(self, target: Named, value: Any) -> str:
        return target.problem(value, None if target.section.title in self.varied else self.base)

    def _curves(self) -> tuple[Curve, ...]:
        curves, given = [], self.table.get("gives", [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self._wrong('gives is a list of tables {key = "…", at = […], values = […]}.', "gives")
            return ()
        for one in given:
            key, at, values = one.get("key"), one.get("at"), one.get("values")
            if not (set(one) == {"key", "at", "values"} and isinstance(key, str) and _rising(at, values)):
                self._wrong("gives needs key, at (rising numbers) and values (as many numbers).", "gives")
                continue
            target = self._named(key, "gives")
            for value in values if target else ():
                if problem := self._problem(target, float(value)):
                    self._wrong(f"{key}: {problem}", "gives")
            curves.append(Curve(key, tuple(map(float, at)), tuple(map(float, values))))
        return tuple(curves)

    def _levels(self, key: str, target: Named | None, curves: tuple[Curve, ...]) -> tuple[Level, ...]:
        values = self.table["values"]
        if not isinstance(values, list) or not values:
            self._wrong("is empty: values must name one value at least." if values == [] else
                        f"values is {shown(values)}; a list is expected.", "values")  # fmt: skip
            return ()
        levels = [self._level(value, n, key, target, curves) for n, value in enumerate(values)]
        seen: dict[Any, int] = {}
        for n, level in enumerate(levels):
            if level is None:
                continue
            told = float(level.value) if _is_number(level.value) else repr(level.value)
            if told in seen:
                self._wrong(f"names {shown(level.value)} twice.", "values", n)
            seen.setdefault(told, n)
        return tuple(level for level in levels if level is not None)

    def _level(self, value: Any, n: int, key: str, target: Named | None, curves) -> Level | None:
        if isinstance(value, dict):
            if key:
                self._wrong("has a key, so its values are plain; without key, each value is a table of keys.", "values")
                return None
            return self.settings(value, ("values", n))
        if not key and not curves:
            self._wrong("has no key, so each of its values is a table of keys, such as {femur.sex = \"female\"}.",
                        "values")  # fmt: skip
            return None
        if curves and not _is_number(value):
            self._wrong(f"{shown(value)} is no number, and what it gives follows from one.", "values", n)
            return None
        if target and (problem := self._problem(target, value)):
            self._wrong(f"{key}: {problem}", "values", n)
            return None
        value = self._located(target, value, "values", n) if target else value
        return Axis("", "", "", key=key, curves=curves).of(value)

    def settings(self, table: Mapping[str, Any], place: KeyPath = ()) -> Level | None:
        """A level that sets several keys: a table of them, with a label if wanted."""
        table = dict(table)
        label, sets, before = table.pop("label", None), [], len(self.problems)
        for key, value in flattened(table):
            target = self._named_or_switch(key, value, place)
            if target and (problem := self._problem(target, value)):
                self._wrong(f"{key}: {problem}", *place)
            sets.append(set_text(key, self._located(target, value, *place) if target else value))
        if not isinstance(label, str | None):
            self._wrong(f"label is {shown(label)}; a text is expected.", *place)
        if not sets:
            self._wrong("sets no key.", *place)
        return Level(label or ", ".join(sets), tuple(sets)) if len(self.problems) == before else None

    def _named_or_switch(self, key: str, value: Any, place: KeyPath) -> Named | None:
        """An empty table switches on an optional section."""
        if value == {} and any(section.title == key and section.optional for section in SECTIONS):
            return None
        return self._named(key, *place)

    def _located(self, target: Named, value: Any, *place: str | int) -> Any:
        value, problem = target.located(value, self.sheet.folder_of(self.path))
        if problem:
            self._wrong(f"{target.path}: {problem}", *place)
        return value

    def _distribution(self, target: Named | None, curves: tuple[Curve, ...]) -> Any:
        rest = {name: value for name, value in self.table.items() if name not in OWN_KEYS}
        word = self.table.get("distribution", "uniform" if rest else None)
        if word is None:
            return None
        if not isinstance(word, str) or word not in DISTRIBUTIONS:
            self._wrong(f"distribution is {shown(word)}. {near(str(word), DISTRIBUTIONS)}", "distribution")
            return None
        kind = DISTRIBUTIONS[word]
        if "distribution" not in self.table and (strange := [name for name in rest if name not in keys_of(kind)]):
            self._wrong(f"unknown key {strange[0]}. {near(strange[0], (*OWN_KEYS, 'low', 'high'))}", strange[0])
            return None
        found, problems = judged(kind, rest)
        for place, what in problems.items():
            self._wrong(f"{dotted(place)}: {what}" if place else what, *place)
        if found is None:
            return None
        if kind.of_levels != ("values" in self.table):
            self._wrong("needs values to choose from." if kind.of_levels else
                        f"has values and a distribution ({word}); give one of them.")  # fmt: skip
        elif kind.of_levels:
            if len(found.weights) != len(self.table["values"]):
                self._wrong(f"has {len(self.table['values'])} values and {len(found.weights)} weights.", "weights")
        else:
            self._refuse_out_of_range(found, target, curves)
        return found

    def _refuse_out_of_range(self, distribution: Any, target: Named | None, curves: tuple[Curve, ...]) -> None:
        if not target and not curves:
            self._wrong("draws a number for no key: write key, or gives.")
        if not target:
            return
        ends = [float(distribution.ppf(quantile)) for quantile in (0.0, 1.0)]
        tails = [float(distribution.ppf(quantile)) for quantile in (TAIL, 1.0 - TAIL)]
        for end, tail in zip(ends, tails):
            value = end if np.isfinite(end) else significant(tail)
            if problem := self._problem(target, value):
                self._wrong(f"{target.path}: the distribution reaches out of what the key takes: {problem}")

    def _with_steps(self, axis: Axis) -> Axis:
        """Levels of a distribution, for designs that list: `steps` of them, or its low and its high end."""
        steps = self.table.get("steps")
        if steps is not None and not (type(steps) is int and steps >= 2):
            self._wrong(f"steps is {shown(steps)}; a whole number of 2 or more is expected.", "steps")
            return axis
        ends = [float(axis.distribution.ppf(quantile)) for quantile in (0.0, 1.0)]
        if steps is None:
            numbers = [float(axis.distribution.ppf(quantile)) for quantile in ENDS]
        elif DISTRIBUTIONS.name_of(axis.distribution) == "uniform":
            numbers = np.linspace(*ends, steps)
        else:
            numbers = [float(axis.distribution.ppf((n + 0.5) / steps)) for n in range(steps)]
        levels = [axis.of(significant(float(number))) for number in numbers]
        return replace(axis, levels=levels)


def flattened(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Key path → value of nested tables; an empty table is a value."""
    for name, value in table.items():
        path = f"{before}.{name}" if before else name
        if isinstance(value, dict) and value:
            yield from flattened(value, path)
        else:
            yield path, value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rising(at: Any, values: Any) -> bool:
    if not (isinstance(at, list) and isinstance(values, list) and len(at) == len(values) >= 2):
        return False
    return all(map(_is_number, [*at, *values])) and all(a < b for a, b in itertools.pairwise(at))


def varied_sections(table: Mapping[str, Any]) -> frozenset[str]:
    """Titles of the sections of which a [sweep] table varies the kind."""
    keys = [axis.get("key") for axis in table.get("axis", ()) if isinstance(axis, dict)]
    values = [axis.get("values") for axis in table.get("axis", ()) if isinstance(axis, dict)]
    settings = [one for some in values if isinstance(some, list) for one in some if isinstance(one, dict)]
    settings += [case for case in table.get("case", ()) if isinstance(case, dict)]
    keys += [key for one in settings for key, _ in flattened(one)]
    tags = {f"{section.title}.{section.tag}": section.title for section in SECTIONS if section.tag}
    return frozenset(tags[key] for key in keys if isinstance(key, str) and key in tags)
