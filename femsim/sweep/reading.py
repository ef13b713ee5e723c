"""Reads the [sweep] of a scenario file; says everything that is wrong with it, and with its base case, at once."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from femsim.errors import Problem, ScenarioError, near
from femsim.metrics import METRICS
from femsim.scenario.keys import judged, named
from femsim.scenario.problems import not_one_of, shown, unknown
from femsim.scenario.reading import SWEEP, Scenario, Written, refusal, written
from femsim.scenario.sections import keys_of
from femsim.scenario.sheet import Sheet, dotted
from femsim.sweep.axis import Axis, Level, set_text
from femsim.sweep.axis_reading import AxisReader, flattened, varied_sections
from femsim.sweep.designs import DESIGNS
from femsim.sweep.designs.drawn import is_possible, normal_correlation
from femsim.sweep.designs.listed import Listed, Zipped
from femsim.sweep.filters import Filter, parsed
from femsim.sweep.spec import Settings, Sweep
from femsim.sweep.subjects import read_subjects

OWN_KEYS = ("design", "axis", "case")


def load_sweep(path: str | Path, overrides: Iterable[str] = ()) -> Sweep:
    """Read a scenario file with a [sweep].

    Parameters
    ----------
    overrides : texts "key=value"
        Written over the base case, and over keys of [sweep] such as sweep.n=64.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    overrides = tuple(overrides)
    file = written(path)
    sheet, problems, _ = file.sheet(overrides)
    table = sheet.table((SWEEP,))
    if not isinstance(table, dict):
        raise ScenarioError(
            f"{path} has no table [{SWEEP}].",
            remedy=f"`femsim run {path}` computes the one scenario it is; docs/sweeps.md says how a sweep is written",
        )
    base, wrongs = _base(file, overrides)
    problems = [*wrongs] if wrongs else problems
    reader = _Reader(sheet, base)
    found = reader.sweep(table)
    problems += reader.problems
    if problems or base is None:
        raise refusal(file.path, problems)
    own = tuple(_located(text, sheet) for text in overrides if not text.strip().startswith(f"{SWEEP}."))
    return Sweep(base.name, file, own, base, **found)


def read_design(sheet: Sheet) -> tuple[Any, tuple[Axis, ...], tuple[tuple[int, int, float], ...], tuple[Axis, ...]]:
    """Design, axes, correlation and crossed axes of a sweep; neither its base case nor its subjects are looked at.

    Raises
    ------
    ScenarioError
        Where they are wrong.
    """
    reader = _Reader(sheet, None)
    found = reader.design(sheet.table((SWEEP,)) or {})
    if reader.problems:
        raise refusal(Path(sheet.file), reader.problems)
    return found["design"], found["axes"], found["correlation"], found["crossed"]


def _located(text: str, sheet: Sheet) -> str:
    """An override whose file is named from anywhere: cases are computed in other folders."""
    key = text.partition("=")[0].strip()
    value = sheet.table(tuple(key.split(".")))
    try:
        found, _ = named(key).located(value, Path.cwd())
    except ValueError:
        return text
    return text if found == value else set_text(key, found)


def _base(file: Written, overrides: tuple[str, ...]) -> tuple[Scenario | None, list[Problem]]:
    try:
        return file.scenario(overrides), []
    except ScenarioError as error:
        return None, list(error.problems) or [Problem(str(file.path), "", error.what)]


class _Reader:
    """Reads the table; `problems` grows."""

    def __init__(self, sheet: Sheet, base: Scenario | None):
        self.sheet, self.base = sheet, base
        self.problems: list[Problem] = []
        self.varied: frozenset[str] = frozenset()

    def sweep(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of a Sweep, as far as they are right."""
        found = self.design(table)
        design, axes, settings = found["design"], found["axes"], found["settings"]
        for metric in settings.metrics:
            if metric not in METRICS:
                self._wrong(f"metrics names {shown(metric)}. {near(metric, METRICS)}", "metrics")
        return {
            **found,
            "filters": self._filters(settings, (*axes, *found["crossed"])),
            "notes": getattr(design, "notes", ()),
            **self._hips(settings, (*axes, *found["crossed"]), design),
        }

    def design(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Design, axes, correlation, and the keys that any design has."""
        self.varied = varied_sections(table)
        design = self._design(table)
        settings = self._judged(Settings, {key: table[key] for key in keys_of(Settings) if key in table}) or Settings()
        found = self._cases(table) if type(design) is Listed else self._axes(table, design)
        axes = tuple(axis for axis in found if not axis.crossed)
        return {
            "design": design,
            "axes": axes,
            "crossed": tuple(axis for axis in found if axis.crossed),
            "settings": settings,
            "correlation": self._correlation(settings, axes, design),
        }

    def _wrong(self, what: str, *place: str | int, key: str = "") -> None:
        path = (SWEEP, *place)
        self.problems.append(Problem(self.sheet.where(path), key or dotted(path), what))

    def _judged(self, choice: type, table: Mapping[str, Any]) -> Any:
        found, problems = judged(choice, table)
        for place, what in problems.items():
            self._wrong(what, *place)
        return found

    def _design(self, table: Mapping[str, Any]) -> Any:
        word = table.get("design")
        if word is None:
            self._wrong(f"missing. Write design = one of {', '.join(map(shown, DESIGNS))}.", "design")
            return None
        if not isinstance(word, str) or word not in DESIGNS:
            self._wrong(not_one_of(word, DESIGNS), "design")
            return None
        own, known = keys_of(DESIGNS[word]), {**keys_of(DESIGNS[word]), **keys_of(Settings)}
        for name in table:
            if name not in known and name not in OWN_KEYS:
                self._wrong(unknown(name, known, OWN_KEYS), name)
        return self._judged(DESIGNS[word], {name: table[name] for name in own if name in table})

    def _axes(self, table: Mapping[str, Any], design: Any) -> tuple[Axis, ...]:
        entries = table.get("axis")
        if "case" in table and design is not None:
            self._wrong('[[sweep.case]] is for design = "list"; other designs have [[sweep.axis]].', "case")
        if not (isinstance(entries, list) and entries and all(isinstance(one, dict) for one in entries)):
            self._wrong("missing: nothing is varied. Write a table [[sweep.axis]] for each thing that is.", "axis")
            return ()
        axes = []
        for n, entry in enumerate(entries):
            reader = AxisReader(self.sheet, (SWEEP, "axis", n), entry, self.base, self.varied)
            axis = reader.axis()
            self.problems += reader.problems
            if axis is not None:
                axes.append(axis)
                self._refuse_unfit(axis, n, entry, design)
        self._refuse_doubles(axes)
        own = [axis for axis in axes if not axis.crossed]
        if axes and not own:
            self._wrong("every axis is crossed: one at least is the design's.", "axis")
        if type(design) is Zipped and len({len(axis.levels) for axis in own}) > 1:
            counts = ", ".join(f"{axis.name} {len(axis.levels)}" for axis in own)
            self._wrong(f"axes that are zipped have equally many values: {counts}.", "axis")
        return tuple(axes)

    def _refuse_unfit(self, axis: Axis, n: int, entry: Mapping[str, Any], design: Any) -> None:
        word = DESIGNS.name_of(design) if design is not None else ""
        title = f"axis {shown(axis.name)}"
        if (word in ("grid", "zip") or axis.crossed) and "values" not in entry and "steps" not in entry:
            self._wrong(f"a {'crossed axis' if axis.crossed else word} needs values, or steps.", "axis", n, key=title)
        if axis.crossed and hasattr(design, "block"):
            self._wrong(f"a {word} sweep cannot be crossed: make one sweep for each value.", "axis", n, key=title)

    def _refuse_doubles(self, axes: list[Axis]) -> None:
        names, keys = {}, {}
        for axis in axes:
            if axis.name in names:
                self.problems.append(
                    Problem(axis.where, f"axis {shown(axis.name)}", "this name is taken; give a name.")
                )
            names[axis.name] = axis
            for key in keys_set(axis):
                if keys.setdefault(key, axis) is not axis:
                    what = f"sets {key}, which the axis {shown(keys[key].name)} sets already."
                    self.problems.append(Problem(axis.where, f"axis {shown(axis.name)}", what))

    def _cases(self, table: Mapping[str, Any]) -> tuple[Axis, ...]:
        """[[sweep.case]]: every key that a case names is an axis; None where a case does not."""
        entries = table.get("case")
        if "axis" in table:
            self._wrong('[[sweep.axis]] is for other designs; "list" has [[sweep.case]].', "axis")
        if not (isinstance(entries, list) and entries and all(isinstance(one, dict) for one in entries)):
            self._wrong("missing: write a table [[sweep.case]] for each case.", "case")
            return ()
        columns: dict[str, list[Any]] = {}
        labels = [entry.get("label") for entry in entries]
        for n, entry in enumerate(entries):
            for key, value in flattened({name: one for name, one in entry.items() if name != "label"}):
                columns.setdefault(key, [None] * len(entries))[n] = value
        axes = [self._column(key, values) for key, values in columns.items()]
        if any(label is not None for label in labels):
            axes.insert(0, Axis("label", "-", self.sheet.where((SWEEP, "case")), [Level(label) for label in labels]))
        return tuple(axis for axis in axes if axis is not None)

    def _column(self, key: str, values: list[Any]) -> Axis | None:
        levels: list[Any] = [None] * len(values)
        for n, value in enumerate(values):
            if value is None:
                continue
            reader = AxisReader(self.sheet, (SWEEP, "case", n), {"key": key, "values": [value]}, self.base, self.varied)
            axis = reader.axis()
            self.problems += reader.problems
            if axis is None:
                return None
            levels[n] = axis.levels[0]
        return Axis(key, axis.unit, self.sheet.where((SWEEP, "case")), levels, None, key)

    def _filters(self, settings: Settings, axes: Sequence[Axis]) -> tuple[Filter, ...]:
        found, own = [], {axis.name for axis in axes} | {"subject"}
        for n, text in enumerate(settings.filters):
            try:
                found.append(parsed(text, self.sheet.where((SWEEP, "filters", n))))
                for name in found[-1].names:
                    if name not in own:
                        named(name)
            except ValueError as error:
                self._wrong(str(error), "filters", n)
        return tuple(found)

    def _correlation(self, settings: Settings, axes: Sequence[Axis], design: Any) -> tuple[tuple[int, int, float], ...]:
        pairs, places = [], {axis.name: n for n, axis in enumerate(axes)}
        if settings.correlation and design is not None and not getattr(design, "correlates", False):
            able = ", ".join(name for name, kind in DESIGNS.items() if getattr(kind, "correlates", False))
            self._wrong(f"the design {DESIGNS.name_of(design)!r} has independent axes; take {able}.", "correlation")
            return ()
        for n, (a, b, rank) in enumerate(settings.correlation):
            if strange := [name for name in (a, b) if name not in places]:
                self._wrong(f"there is no axis {shown(strange[0])}. {near(strange[0], places)}", "correlation", n)
            elif a == b or not -1.0 < rank < 1.0:
                self._wrong("two axes and a number above -1 and below 1 are expected.", "correlation", n)
            else:
                pairs.append((places[a], places[b], rank))
        if len({frozenset(pair[:2]) for pair in pairs}) < len(pairs):
            self._wrong("names a pair of axes twice.", "correlation")
        elif pairs and not is_possible(normal_correlation(len(axes), pairs)):
            self._wrong("no numbers can be so correlated: the matrix is not positive definite.", "correlation")
        return tuple(pairs)

    def _hips(self, settings: Settings, axes: Sequence[Axis], design: Any) -> dict[str, Any]:
        if settings.subjects is None:
            return {}
        if hasattr(design, "block"):
            self._wrong(
                f"a {DESIGNS.name_of(design)} sweep is about one hip: give measures of hips as distributions, or take "
                "another design.",
                "subjects",
            )
            return {}
        place = (SWEEP, "subjects")
        path = Path(os.path.abspath(self.sheet.folder_of(place) / Path(settings.subjects).expanduser()))
        found = read_subjects(path, settings.subjects_id, self.base)
        self.problems += found.problems
        for axis in axes:
            for key in {axis.name, *keys_set(axis)} & {"subject", *found.columns}:
                what = f"{key} is a column of the subjects too; give it in one of them."
                self.problems.append(Problem(axis.where, f"axis {shown(axis.name)}", what))
        return {"hips": found.hips, "hip_columns": found.columns}


def keys_set(axis: Axis) -> list[str]:
    """Every key that an axis sets in some case."""
    from_levels = (text.partition("=")[0] for level in axis.levels if level for text in level.sets)
    return list(dict.fromkeys([*filter(None, [axis.key]), *(curve.key for curve in axis.curves), *from_levels]))
