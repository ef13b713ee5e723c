"""Columns of numbers as lines of text, fast and as exact as the reader allows."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

_ROWS = 50_000  # lines formatted at once: few enough to keep memory low


def lines(pattern: str, *columns: np.ndarray | Sequence) -> Iterator[str]:
    """The columns row by row in a pattern such as '%d, %s, %s\\n'; pieces of many lines.

    columns : (r,) numbers or texts each; (r, k) stands for k columns.
    """
    flat = [column for given in columns for column in _split(given)]
    n_rows = len(flat[0])
    for start in range(0, n_rows, _ROWS):
        piece = [_plain(column[start : start + _ROWS]) for column in flat]
        n = len(piece[0])
        yield pattern * n % tuple(chain.from_iterable(zip(*piece)))


def list_lines(numbers: np.ndarray, per_line: int = 16) -> Iterator[str]:
    """Numbers separated by commas, so many on a line; no comma behind the last."""
    full = (len(numbers) - 1) // per_line * per_line
    if full > 0:
        yield from lines(", ".join(["%d"] * per_line) + ",\n", numbers[:full].reshape(-1, per_line))
    yield ", ".join(map(str, numbers[max(full, 0) :].tolist())) + "\n"


def exact(values: np.ndarray) -> list[str]:
    """The shortest decimals that read back as the very same numbers."""
    return list(map(repr, np.asarray(values, np.float64).ravel().tolist()))


def within(width: int, values: np.ndarray) -> list[str]:
    """Decimals of at most so many characters, exact where that suffices, else with as many digits as fit."""
    return [text if len(text := repr(x)) <= width else _shortened(x, width) for x in np.ravel(values).tolist()]


def _shortened(x: float, width: int) -> str:
    for digits in range(16, 0, -1):
        if len(text := f"{x:.{digits}g}") <= width:
            return text
    raise ValueError(f"{x!r} does not fit into {width} characters")


def _split(given) -> list:
    return list(given.T) if isinstance(given, np.ndarray) and given.ndim == 2 else [given]


def _plain(column) -> list:
    return column.tolist() if isinstance(column, np.ndarray) else column
