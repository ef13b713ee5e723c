"""Reads a scenario file and the overrides of the command line; says everything that is wrong with them at once."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsim.errors import Problem, ScenarioError
from femsim.scenario.overrides import Override, applied
from femsim.scenario.places import lines_of
from femsim.scenario.problems import shown
from femsim.scenario.sections import SCHEMA, SWEEP, Scenario, assemble
from femsim.scenario.sheet import Sheet, dotted
from femsim.scenario.validation import parts_of
from femsim.scenario.writing import NAME_PATTERN, resolved_toml, schema_json

__all__ = ["SWEEP", "Scenario", "Written", "kind_written", "load", "resolved_toml", "schema_json", "written"]

LARGEST_FILE = 1 << 18  # bytes; a scenario is a page of text


@dataclass(frozen=True)
class Written:
    """A scenario file, parsed once and judged as often as wanted; `lines` says where each key stands."""

    path: Path
    data: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]

    def sheet(self, overrides: Iterable[str] = ()) -> tuple[Sheet, list[Problem], list[str]]:
        """Its tables with the overrides; what is wrong with these, and what they changed besides."""
        sheet = Sheet(self.data, str(self.path), self.path.absolute().parent, self.lines)
        parsed, problems = _overrides(overrides)
        refused, notes = applied(sheet, parsed)
        return sheet, problems + refused, notes

    def scenario(self, overrides: Iterable[str] = ()) -> Scenario:
        """As `load` gives it."""
        path = self.path
        sheet, problems, notes = self.sheet(overrides)
        if "schema" in sheet.data:
            _refuse_other_format(path, sheet)
        else:
            what = f"missing: the first line of a scenario is 'schema = {SCHEMA}'."
            problems.insert(0, Problem(str(path), "schema", what))
        name, wrong_name = _name(sheet, path)
        if SWEEP in sheet.data:
            found = sheet.data.pop(SWEEP)
            notes = [*notes, f"[{SWEEP}] is for `femsim sweep {path}`; this is its base case alone."]
            if not isinstance(found, dict):
                what = f"must be one table, [{SWEEP}], not {shown(found)}."
                problems.append(Problem(sheet.where((SWEEP,)), SWEEP, what))
        parts, wrong_parts = parts_of(sheet)
        problems += wrong_name + wrong_parts
        if problems:
            raise refusal(path, problems)
        return assemble(parts, name=name, source=path, notes=tuple(notes))


def load(path: str | Path, overrides: Iterable[str] = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    path : str or Path
        A TOML file; relative paths in it are relative to its folder.
    overrides : texts "key=value"
        Written over the file. The value is TOML, or a text without quotes; relative paths are relative to the
        working folder.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    return written(path).scenario(overrides)


def written(path: str | Path) -> Written:
    """The file alone, not yet judged.

    Raises
    ------
    ScenarioError
        Where it cannot be read or is not TOML.
    """
    path = Path(path)
    text = _text_of(path)
    return Written(path, _parsed(path, text), lines_of(text))


def kind_written(path: str | Path, section: str) -> str | None:
    """The `kind` that a scenario file gives a section, unjudged; None where it gives none.

    Raises
    ------
    ScenarioError
        Where the file cannot be read or is not TOML.
    """
    table = _parsed(Path(path), _text_of(Path(path))).get(section)
    kind = table.get("kind") if isinstance(table, dict) else None
    return kind if isinstance(kind, str) else None


def refusal(path: Path, problems: list[Problem]) -> ScenarioError:
    """All that is wrong with a file as one error."""
    n = len(problems)
    return ScenarioError(f"{path} has {n} problem{'s' if n > 1 else ''}:", problems=tuple(problems))


def _text_of(path: Path) -> str:
    try:
        if path.is_dir():
            raise ScenarioError(f"{path} is a folder, not a scenario file.", remedy=_files_in(path))
        if not path.exists():
            raise ScenarioError(f"There is no file {path}.", remedy=_neighbour(path))
        if not path.is_file():
            raise ScenarioError(f"{path} is not a regular file.", remedy="give a TOML file")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(
            f"{shown(str(path))} cannot be read: {reason}.", remedy="check the path and its permissions"
        ) from None
    if len(raw) > LARGEST_FILE:
        raise ScenarioError(
            f"{path} is larger than {LARGEST_FILE // 1024} kB, too large for a scenario.",
            remedy="a surface or CT file is named in the scenario by femur.file",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError(
            f"{path} is not a text in UTF-8.", where=f"{path}:{line}", remedy="give a TOML file, saved as UTF-8"
        ) from None


def _files_in(folder: Path) -> str:
    names = sorted(p.name for p in folder.glob("*.toml"))[:10]
    return f"give one of its files: {', '.join(names)}" if names else "give a TOML file"


def _neighbour(path: Path) -> str:
    names = [p.stem for p in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    guess = difflib.get_close_matches(path.stem, names, 1)
    if guess:
        return f"did you mean {path.parent / guess[0]}.toml?"
    return "check the path; 'femsim list scenarios' names the scenarios that come with femsim"


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{path} nests its values too deeply.", remedy="a scenario is two tables deep") from None
    except ValueError as error:
        raise _not_toml(path, text, str(error)) from None


def _not_toml(path: Path, text: str, message: str) -> ScenarioError:
    lines = text.splitlines()
    found = re.search(r" \(at line (\d+), column \d+\)", message)
    number = int(found[1]) if found else len(lines)
    reason = re.sub(r" \(at [^)]*\)", "", message)
    reason = {
        "Cannot overwrite a value": "the key is given twice",
        "Cannot declare": "the table is given twice",
    }.get(re.sub(r"( a value| declare).*", r"\1", reason), reason)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return ScenarioError(
        f"{path} is not valid TOML: {reason}.",
        where=f"{path}:{number}: {line[:100]}" if line else f"{path}:{number}",
        remedy=_slip(line),
    )


def _slip(line: str) -> str:
    """What to do about the usual slips of hand."""
    value = line.partition("=")[2].strip()
    if re.match(r"[A-Za-z_./~]", value) and value not in ("true", "false"):
        return f'texts stand in double quotes: "{value.partition("#")[0].strip()}"'
    if re.match(r"[-+]?[0-9.]+\s*[A-Za-z°%µ]", value):
        return "numbers stand alone; the key says their unit"
    if re.match(r"[-+]?\d+,\d", value):
        return "the decimal mark is a point"
    return "mend this line; TOML writes key = value, texts in double quotes, tables as [name]"


def _overrides(texts: Iterable[str]) -> tuple[list[Override], list[Problem]]:
    overrides, problems = [], []
    for text in texts:
        try:
            overrides.append(_override(text))
        except ValueError as error:
            problems.append(Problem(f"--set {text}", "", str(error)))
    return overrides, problems


def _override(text: str) -> Override:
    key, equals, value = (piece.strip() for piece in text.partition("="))
    if not (key and equals and value):
        raise ValueError("write --set key=value, such as --set femur.side=left.")
    path, table = [], None
    try:
        table = tomllib.loads(f"{key} = 0") if "\n" not in key else None
        while isinstance(table, dict) and len(table) == 1:
            ((name, table),) = table.items()
            path.append(name)
    except (ValueError, RecursionError):
        table = None
    if table != 0 or not path:
        raise ValueError(f"{shown(key)} is not a key; keys look like femur.side.")
    return Override(text, tuple(path), _value(value))


def _value(text: str) -> Any:
    """A TOML value; what is not TOML is a text, unless it starts like an array, a table or a quoted text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        table = {}
    if set(table) == {"value"}:
        return table["value"]
    if text[0] in "[{\"'" or "\n" in text:
        raise ValueError("the value is not valid TOML; check its brackets and quotes.")
    return text


def _refuse_other_format(path: Path, sheet: Sheet) -> None:
    """In another format other keys may mean something else: nothing more is read."""
    found = sheet.data["schema"]
    if type(found) is int and found == SCHEMA:
        return
    newer = " It was written for a newer femsim: update femsim." if type(found) is int and found > SCHEMA else ""
    what = f"{shown(found)} is no scenario format that this femsim reads; it reads {SCHEMA}.{newer}"
    raise refusal(path, [Problem(sheet.where(("schema",)), "schema", what)])


def _name(sheet: Sheet, path: Path) -> tuple[str, list[Problem]]:
    name = sheet.data.get("name")
    if name is None:
        return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem)[:80] or "scenario", []
    if isinstance(name, str) and re.fullmatch(NAME_PATTERN, name):
        return name, []
    what = f"{shown(name)} is no name: 1 to 80 letters, digits, dots, underscores or hyphens, in quotes."
    return "", [Problem(sheet.where(("name",)), dotted(("name",)), what)]
