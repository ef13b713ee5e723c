"""A finished sweep as arrays: what was varied, and what came of it."""

import fnmatch
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import StoreError, UsageError, near
from femsim.scenario.reading import written
from femsim.scenario.sections import TOP_KEYS
from femsim.sweep.axis import Axis
from femsim.sweep.designed import designed, quantiles
from femsim.sweep.job import ABOUT, TEXT
from femsim.sweep.reading import read_design
from femsim.sweep.table import PARQUET


@dataclass(frozen=True)
class Finished:
    """Rows of the design, in its order, with what is known of each.

    A case that the design has several times stands in all its rows. Designs of blocks have all rows, others those of
    which the table has a case.

    design : an entry of DESIGNS; axes : those of the design, then those that are crossed with it.
    numbers : (n,) of the rows; hips come one after the other.
    n_beside : rows of one case of the design, one for each combination of crossed levels.
    quantiles : (n, d) of a design that draws, of its own axes, else None.
    values : column → (n,) numbers, or texts, of what was varied; hips' columns too.
    measures : column "model.zone.name [unit]" → (n,), NaN where a case failed or is missing.
    correlated : whether axes were drawn together on purpose.
    n_failed, n_missing : rows whose case failed; rows of the design that no case of the table is.
    """

    name: str
    design: Any
    axes: Sequence[Axis]
    numbers: np.ndarray
    n_beside: int
    quantiles: np.ndarray | None
    values: Mapping[str, np.ndarray]
    measures: Mapping[str, np.ndarray]
    n_failed: int
    n_missing: int
    correlated: bool = False

    def __post_init__(self):
        freeze(self, axes=tuple(self.axes), values=dict(self.values), measures=dict(self.measures))
        freeze(self, numbers=frozen(self.numbers, np.int64))
        if self.quantiles is not None:
            freeze(self, quantiles=frozen(self.quantiles, np.float64))

    @property
    def own_axes(self) -> tuple[Axis, ...]:
        """Axes of the design, without crossed ones."""
        return tuple(axis for axis in self.axes if not axis.crossed)

    def only(self, factor: str, value: str) -> "Finished":
        """The rows in which a factor has a value.

        Raises
        ------
        UsageError
            Where there is no such factor, or no such row; and of designs whose rows stand or fall together.
        """
        heads = {head.partition(" [")[0]: head for head in self.values}
        if factor not in heads:
            raise UsageError(f"There is no factor {factor!r}. {near(factor, heads)}")
        if hasattr(self.design, "block"):
            raise UsageError("The rows of this design stand or fall together; none can be chosen.")
        column = self.values[heads[factor]]
        rows = np.array([str(one) == value or _same_number(one, value) for one in column.tolist()], bool)
        if not rows.any():
            some = ", ".join(f"{one}" for one in np.unique(column)[:8])
            raise UsageError(f"{factor} is {value} in no row.", remedy=f"it is {some}")
        return replace(
            self,
            numbers=self.numbers[rows],
            quantiles=None if self.quantiles is None else self.quantiles[rows],
            values={head: one[rows] for head, one in self.values.items()},
            measures={head: one[rows] for head, one in self.measures.items()},
        )

    @property
    def n(self) -> int:
        """Rows of the design."""
        return len(self.numbers)

    def chosen(self, patterns: Sequence[str]) -> dict[str, np.ndarray]:
        """Measures whose column fits one of the patterns, with or without its unit.

        Raises
        ------
        UsageError
            Where none does.
        """
        found = {
            name: values
            for name, values in self.measures.items()
            if any(fnmatch.fnmatchcase(text, one) for text in (name, name.partition(" [")[0]) for one in patterns)
        }
        if not found:
            some = ", ".join(list(self.measures)[:8])
            raise UsageError(f"No measure fits {', '.join(patterns)}.", remedy=f"the table has {some} …")
        return found


def read_finished(folder: Path) -> Finished:
    """The sweep in a folder, as far as it is finished.

    Raises
    ------
    StoreError
        Where there is no sweep, or no table yet.
    """
    folder = Path(folder)
    if not (folder / TEXT).is_file():
        raise StoreError("This folder holds no sweep.", where=str(folder), remedy="name the folder of a `femsim sweep`")
    about = _about(folder)
    overrides = [text for text in about.get("overrides", ()) if text.strip().startswith("sweep.")]
    sheet, _, _ = written(folder / TEXT).sheet(overrides)
    design, axes, correlation, beside = read_design(sheet)
    n_beside = math.prod(len(axis.levels) for axis in beside)
    table = _table(folder)
    points = quantiles(design, axes, correlation) if design.draws else None
    found = _rows(table, design, axes, points, n_beside)
    whole = hasattr(design, "block")
    rows = [(number, place) for number, place in found if whole or place is not None]
    numbers = np.array([number for number, _ in rows], int)
    return _finished(
        str(about.get("name", folder.name)),
        design,
        (*axes, *beside),
        numbers,
        n_beside,
        None if points is None else points[numbers // n_beside % len(points)],
        table,
        [place for _, place in rows],
        sum(place is None for _, place in found),
        bool(correlation),
    )


def _about(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreError(f"{ABOUT} of this sweep is damaged.", where=str(folder), why=str(error)) from None


def _table(folder: Path) -> dict[str, list[Any]]:
    import pyarrow.parquet

    try:
        return pyarrow.parquet.read_table(folder / PARQUET).to_pydict()
    except FileNotFoundError:
        raise StoreError(
            f"This sweep has no {PARQUET} yet.", where=str(folder), remedy=f"femsim sweep table {folder}"
        ) from None
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these kinds
        raise StoreError(
            f"{PARQUET} of this sweep is damaged.",
            where=str(folder),
            why=str(error),
            remedy=f"femsim sweep table {folder}",
        ) from None


def _rows(table, design, axes, points, n_beside: int) -> list[tuple[int, int | None]]:
    """For every row of the design, hip by hip, its number and its row in the table; a repeated case has one there."""
    row_of = {int(number): row for row, number in enumerate(table["number"])}
    size = design.count([len(axis.levels) for axis in axes]) * n_beside
    n_hips = max(row_of, default=0) // size + 1
    if not design.repeats:
        return [(number, row_of.get(number)) for number in range(n_hips * size)]
    first: dict[tuple[str, ...], int] = {}
    same = []
    for number, levels in enumerate(designed(design, axes, points)):
        sets = tuple(text for level in levels.values() if level for text in level.sets)
        same.append(first.setdefault(sets, number))
    same = [number * n_beside + n for number in same for n in range(n_beside)]
    numbers = ((hip * size, row) for hip in range(n_hips) for row in range(size))
    return [(start + row, row_of.get(start + row, row_of.get(start + same[row]))) for start, row in numbers]


def _finished(name, design, axes, numbers, n_beside, points, table, places, n_missing, correlated) -> Finished:
    heads = {head.partition(" [")[0]: head for head in table}
    own = {axis.name for axis in axes}
    done = np.array([place is not None and table["status"][place] == "done" for place in places], bool)
    failed = np.array([place is not None and table["status"][place] != "done" for place in places], bool)
    varied = [head for key, head in heads.items() if key in own or _is_key(key)]
    measured = [head for key, head in heads.items() if key not in own and _is_measure(key)]
    return Finished(
        name,
        design,
        axes,
        numbers,
        n_beside,
        points,
        {head: _column(table[head], places) for head in varied},
        {head: np.where(done, _numbers(table[head], places), np.nan) for head in measured},
        int(failed.sum()),
        n_missing,
        correlated,
    )


def _same_number(value: Any, text: str) -> bool:
    try:
        return float(value) == float(text)
    except ValueError:
        return False


def _is_key(key: str) -> bool:
    return key == "subject" or (key.partition(".")[0] in TOP_KEYS and "." in key)


def _is_measure(key: str) -> bool:
    return key.count(".") >= 2 and not _is_key(key)


def _numbers(values: list[Any], places: Sequence[int | None]) -> np.ndarray:
    found = [values[place] if place is not None else None for place in places]
    return np.array([np.nan if value is None else float(value) for value in found])


def _column(values: list[Any], places: Sequence[int | None]) -> np.ndarray:
    """Numbers where all are; else texts, "" where there is none."""
    found = [values[place] if place is not None else None for place in places]
    if any(isinstance(value, str | bool) for value in found):
        return np.array(["" if value is None else str(value) for value in found])
    return _numbers(values, places)
