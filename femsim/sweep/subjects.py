"""Reads the subjects of a sweep: a CSV with one row per hip, whose columns are keys of the scenario."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsim.errors import Problem, near
from femsim.scenario.keys import Named, named
from femsim.scenario.problems import shown
from femsim.scenario.sections import Scenario
from femsim.sweep.axis import Level, set_text
from femsim.sweep.spec import Hip

LARGEST = 1 << 24  # bytes


@dataclass(frozen=True)
class Subjects:
    """What the file holds: hips, column → unit, and what is wrong with it."""

    hips: Sequence[Hip]
    columns: dict[str, str]
    problems: Sequence[Problem]


def read_subjects(path: Path, id_column: str, base: Scenario | None) -> Subjects:
    """Every hip of the file, judged column by column.

    A field that is empty stays as in the base case. Relative paths are relative to the file's folder.

    Parameters
    ----------
    id_column : str
        The column that names the hip.
    base : the scenario without any axis; None where that is wrong itself.
    """
    try:
        if path.stat().st_size > LARGEST:
            return _refused(path, f"is larger than {LARGEST >> 20} MB, too large for a table of subjects.")
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader if any(field.strip() for field in row)]
    except OSError as error:
        return _refused(path, f"the table of subjects cannot be read: {error.strerror or error}.")
    except (UnicodeDecodeError, csv.Error) as error:
        return _refused(path, f"the table of subjects is no CSV text in UTF-8: {error}.")
    return _Table(path, id_column, base, header, rows).subjects()


def _refused(path: Path, what: str) -> Subjects:
    return Subjects((), {}, (Problem(str(path), "", what),))


class _Table:
    """The table, and what is wrong with it."""

    def __init__(self, path: Path, id_column: str, base: Scenario | None, header: list[str], rows):
        self.path, self.id_column, self.base = path, id_column, base
        self.header, self.rows = header, rows
        self.problems: list[Problem] = []

    def subjects(self) -> Subjects:
        keys = self._keys()
        if self.id_column not in self.header:
            self._wrong(1, f"has no column {shown(self.id_column)}. {near(self.id_column, self.header)}")
        elif not self.rows:
            self._wrong(1, "has no row below its header.")
        if self.problems:
            return Subjects((), {}, self.problems)
        hips, known = [], {}
        for line, row in self.rows:
            if len(row) != len(self.header):
                self._wrong(line, f"{len(row)} fields where the header names {len(self.header)}.")
                continue
            fields = dict(zip(self.header, (field.strip() for field in row)))
            name = fields.pop(self.id_column)
            if not name:
                self._wrong(line, f"{self.id_column} is empty.")
            elif name in known:
                self._wrong(line, f"the id {shown(name)} stands in line {known[name]} already.")
            known.setdefault(name, line)
            hips.append(Hip(name, tuple(self._level(line, keys[key], text) for key, text in fields.items())))
        return Subjects(hips, {key: one.unit for key, one in keys.items()}, self.problems)

    def _wrong(self, line: int, what: str) -> None:
        self.problems.append(Problem(f"{self.path}:{line}", "", what))

    def _keys(self) -> dict[str, Named]:
        keys: dict[str, Named] = {}
        for name in self.header:
            if self.header.count(name) > 1 and name not in keys:
                self._wrong(1, f"the column {shown(name)} stands twice.")
            if name == self.id_column:
                continue
            try:
                keys[name] = named(name)
            except ValueError as error:
                self._wrong(1, f"column {shown(name)}: {error}")
        return keys

    def _level(self, line: int, target: Named, text: str) -> Level | None:
        if not text:
            return None
        value = _value(target, text)
        if problem := target.problem(value, self.base if not self._varies(target) else None):
            self._wrong(line, f"{target.path}: {problem}")
            return None
        value, problem = target.located(value, self.path.parent)
        if problem:
            self._wrong(line, f"{target.path}: {problem}")
        return Level(value, (set_text(target.path, value),))

    def _varies(self, target: Named) -> bool:
        return bool(target.section.tag) and f"{target.section.title}.{target.section.tag}" in self.header


def _value(target: Named, text: str) -> Any:
    """A field as the key wants it: a number where it takes one and the text is one."""
    if target.is_choice or target.is_path or target.problem(text) == "":
        return text
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
