"""Tables of numbers in text: CSV with any usual separator and decimal mark, and OpenSim storage (.sto, .mot)."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.errors import ScenarioError, near
from femsim.loads.reading.text import text_of

_POINT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?(?:\d+,\d*|,\d+)(?:[eE][-+]?\d+)?")
_NO_NUMBER = re.compile(r"(?i)[-+]?(?:nan|inf(?:inity)?)|1\.#.*|#n/a|n/a")
_UNIT_CELL = re.compile(r"(?i)[\[(]?\s*(?:s|ms|sec|n|kn|%|bw|%\s*bw|nm|n\s*m|mm|deg|°|-)\s*[\])]?")
_FEWEST_NUMBERS = 3  # in a line, for it to be data: the three components of a force
_SAMPLE = 400  # lines by which separator and decimal mark are told
_COMMENT = ("#", "//")


@dataclass(frozen=True)
class Table:
    """Cells as texts; numbers are made, and judged, column by column.

    names : of the columns; rows : cells of each line; lines : the number of each line in the file.
    preface : what stands above the names; storage : whether it is an OpenSim storage file.
    """

    path: Path
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    preface: str = ""
    decimal_comma: bool = False
    storage: bool = False

    def index(self, name: str) -> int:
        """The column of a name, whatever its case.

        Raises
        ------
        ScenarioError
            Where there is none, or several.
        """
        wanted = name.strip().lower()
        found = [n for n, known in enumerate(self.names) if known.lower() == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise ScenarioError(
                f"{self.path.name} has {len(found)} columns {name!r}.",
                where=str(self.path),
                remedy="give each column a name of its own",
            )
        raise ScenarioError(
            f"{self.path.name} has no column {name!r}. {near(name, self.names)}",
            where=str(self.path),
            remedy="correct the name; columns are named in the line above the numbers",
        )

    def texts(self, name: str) -> list[str]:
        column = self.index(name)
        return [row[column] for row in self.rows]

    def numbers(self, name: str) -> np.ndarray:
        """(rows,) the column as finite numbers.

        Raises
        ------
        ScenarioError
            With line, column and cell where one is none.
        """
        column = self.index(name)
        return np.array([self._number(row[column], line, name) for row, line in zip(self.rows, self.lines)], float)

    def taking(self, kept: Sequence[int]) -> "Table":
        """The table with some of its rows."""
        rows, lines = tuple(self.rows[n] for n in kept), tuple(self.lines[n] for n in kept)
        return Table(self.path, self.names, rows, lines, self.preface, self.decimal_comma, self.storage)

    def where(self, line: int, column: str = "") -> str:
        return f"{self.path}:{line}" + (f", column {column!r}" if column else "")

    def _number(self, cell: str, line: int, name: str) -> float:
        text = cell.replace(",", ".") if self.decimal_comma and "." not in cell else cell
        if _POINT.fullmatch(text) and abs(value := float(text)) < np.inf:
            return value
        if not cell:
            what, remedy = "The cell is empty", "leave out such lines, or cut the window so that it has none"
        elif _NO_NUMBER.fullmatch(cell) or _POINT.fullmatch(text):
            what, remedy = f"{cell!r} is no finite number", "fill the gap, or cut the window so that it has none"
        else:
            what, remedy = f"{cell[:40]!r} is no number", "write it without unit and without thousands separators"
        raise ScenarioError(f"{what}.", where=self.where(line, name), remedy=remedy)


def read_table(path: Path) -> Table:
    """The table in a file, CSV-like or OpenSim storage, told by its content.

    Raises
    ------
    ScenarioError
        Where the file is no text, holds no numbers, has no line of names or lines of unequal length, or ends early.
    """
    path = Path(path)
    lines = text_of(path).split("\n")
    end = next((n for n, line in enumerate(lines[:1000]) if line.strip().lower() == "endheader"), None)
    if end is None and path.suffix.lower() in (".sto", ".mot"):
        raise ScenarioError(
            f"{path.name} has no line 'endheader'.",
            where=str(path),
            why="files of OpenSim have one above the names of their columns",
            remedy="write the file with OpenSim again, or rename it to .csv if it is a plain table",
        )
    first = 0 if end is None else end + 1
    filled = [(n, line) for n, line in enumerate(lines[first:], first + 1) if line.strip()]
    split, decimal_comma = _way_to_split(filled[:_SAMPLE])
    start = next((k for k, (_, line) in enumerate(filled) if _is_data(split(line))), None)
    if start is None:
        raise ScenarioError(
            f"{path.name} has no line with {_FEWEST_NUMBERS} numbers.",
            where=str(path),
            remedy="a table has a line of names and below it lines of numbers, separated by comma, semicolon or tab",
        )
    data = [(n, split(line)) for n, line in filled[start:] if not line.lstrip().startswith(_COMMENT)]
    names = _names(path, [split(line.lstrip("#/ ")) for _, line in filled[:start]], data[0])
    rows = tuple(_row(path, cells, len(names), n) for n, cells in data)
    table = Table(
        path, names, rows, tuple(n for n, _ in data), "\n".join(lines[: data[0][0] - 1]), decimal_comma, end is not None
    )
    if table.storage:
        _whole(table)
    return table


def _way_to_split(lines: list[tuple[int, str]]) -> tuple[Callable[[str], list[str]], bool]:
    """The separator by which most numbers come out, and whether their decimal mark is a comma."""
    ways = {mark: _splitter(mark) for mark in ("\t", ";", ",", " ")}
    counts = {mark: sum(map(_n_numbers, (way(line) for _, line in lines))) for mark, way in ways.items()}
    mark = max(counts, key=counts.get)  # the first of the best
    if mark == ",":
        return ways[mark], False
    cells = [cell for _, line in lines for cell in ways[mark](line)]
    with_point = any("." in cell and _POINT.fullmatch(cell) for cell in cells)
    return ways[mark], not with_point and any(_COMMA.fullmatch(cell) for cell in cells)


def _splitter(mark: str) -> Callable[[str], list[str]]:
    def split(line: str) -> list[str]:
        if mark == " ":
            return re.sub(r"\s+(?=[\[(])", "", line).split()  # a unit in brackets belongs to the name before it
        if '"' not in line:
            cells = line.split(mark)
        else:
            try:
                cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
            except csv.Error:
                cells = line.split(mark)
        return [cell.strip() for cell in cells]

    return split


def _n_numbers(cells: list[str]) -> int:
    return sum(bool(_POINT.fullmatch(c) or _COMMA.fullmatch(c) or _NO_NUMBER.fullmatch(c)) for c in cells)


def _is_data(cells: list[str]) -> bool:
    return _n_numbers(cells) >= _FEWEST_NUMBERS


def _names(path: Path, above: list[list[str]], data: tuple[int, list[str]]) -> tuple[str, ...]:
    """The line above the numbers; where that holds only units, the one above it with these."""
    line, cells = data
    remedy = "put one line of names above the numbers, a name for each column"
    if not above:
        raise ScenarioError(f"{path.name} has no line of column names.", where=f"{path}:{line}", remedy=remedy)
    names = _trimmed(above[-1], len(_trimmed(cells, 0)))
    if len(above) > 1 and all(_UNIT_CELL.fullmatch(cell) or not cell for cell in names):
        texts = _trimmed(above[-2], len(names))
        if len(texts) == len(names):
            names = [f"{text} [{unit.strip('[]() ')}]".removesuffix(" []") for text, unit in zip(texts, names)]
    if len(names) < len(_trimmed(cells, len(names))):
        raise ScenarioError(
            f"The line of names has {len(names)} cells, the numbers below have {len(_trimmed(cells, 0))}.",
            where=f"{path}:{line}",
            remedy=remedy,
        )
    return tuple(names)


def _trimmed(cells: list[str], least: int) -> list[str]:
    """Without the empty cells at the end that are more than `least`: many programs end their lines with a separator."""
    end = len(cells)
    while end > least and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _row(path: Path, cells: list[str], n: int, line: int) -> tuple[str, ...]:
    cells = _trimmed(cells, n)
    if len(cells) != n:
        raise ScenarioError(
            f"Line {line} has {len(cells)} cells, the line of names has {n}.",
            where=f"{path}:{line}",
            why="the line is cut short, a cell is missing, or text follows the numbers",
            remedy="give every line as many cells as there are names",
        )
    return tuple(cells)


def _whole(table: Table) -> None:
    found = re.search(r"(?im)^\s*(?:nRows|datarows)\s*[= ]\s*(\d{1,18})\s*$", table.preface)
    if found and int(found[1]) != len(table.rows):
        raise ScenarioError(
            f"{table.path.name} announces {int(found[1])} rows and has {len(table.rows)}.",
            where=str(table.path),
            why="the file was cut short or edited",
            remedy="write the file with OpenSim again, or correct nRows",
        )
