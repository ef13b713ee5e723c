"""The cases of a sweep as dots: click one to see its femur."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from femsim.view import sweep_page

WIDE, TALL, ROOM = 220.0, 150.0, 6.0  # units of the plot, and around it
MOST = 3000  # dots that a page still draws at once


class Computes(Protocol):
    """What computes cases."""

    def __call__(self, number: int) -> Path:
        """The folder of a run of a case, computed now or before."""


@dataclass(frozen=True)
class Cases:
    """The finished cases of a sweep.

    numbers : (c,) of the cases. axes, measures : words with unit → (c,) values; None where there is none.
    """

    name: str
    numbers: Sequence[int]
    axes: Mapping[str, Sequence[Any]]
    measures: Mapping[str, Sequence[Any]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything that can be drawn along a side."""
        return (*self.axes, *self.measures)

    def column(self, name: str) -> Sequence[Any]:
        """Raises KeyError where there is none of that name."""
        return self.axes[name] if name in self.axes else self.measures[name]

    def dots(self, across: str, up: str) -> dict[str, Any]:
        """{"dots": [{"number", "x", "y", "words"}], "across": (low, high), "up": (low, high)} of two columns."""
        xs, ys = self.column(across), self.column(up)
        x_ends, y_ends = _ends(xs), _ends(ys)
        found = []
        for number, x, y in zip(self.numbers, xs, ys):
            if x is None or y is None:
                continue
            at = ROOM + (WIDE - 2 * ROOM) * x_ends.share(x), TALL - ROOM - (TALL - 2 * ROOM) * y_ends.share(y)
            words = f"case {number}: {across} {_said(x)}; {up} {_said(y)}"
            found.append({"number": number, "x": round(at[0], 1), "y": round(at[1], 1), "words": words})
        return {"dots": found[:MOST], "across": x_ends.words, "up": y_ends.words}


def cases_of(folder: Path) -> Cases:
    """Of a sweep's folder.

    Raises
    ------
    StoreError
        Where it is no sweep, has no table yet, or none of its cases was finished.
    """
    told, data = sweep_page.data_of(folder)
    return Cases(told["name"], data["numbers"], data["axes"], data["measures"])


@dataclass(frozen=True)
class _Ends:
    """Where numbers or names lie between two ends."""

    low: float
    high: float
    names: tuple[str, ...] = ()

    def share(self, value: Any) -> float:
        number = self.names.index(str(value)) if self.names else float(value)
        return (number - self.low) / (self.high - self.low) if self.high > self.low else 0.5

    @property
    def words(self) -> tuple[str, str]:
        return (self.names[0], self.names[-1]) if self.names else (_said(self.low), _said(self.high))


def _ends(values: Sequence[Any]) -> _Ends:
    known = [value for value in values if value is not None]
    if all(isinstance(value, int | float) for value in known) and known:
        return _Ends(float(min(known)), float(max(known)))
    names = tuple(sorted({str(value) for value in known})) or ("",)
    return _Ends(0.0, float(max(len(names) - 1, 1)), names)


def _said(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)
