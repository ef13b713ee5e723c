"""Holds what was written to the registries, section by section, and makes the frozen objects; finds every problem."""

import difflib
import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from femsim.errors import FemsimError, Problem
from femsim.scenario.models import model_of
from femsim.scenario.problems import not_one_of, shown, unknown, wrong
from femsim.scenario.sections import SECTIONS, TOP_KEYS, Key, Section, advice, keys_of, stem
from femsim.scenario.sheet import Sheet, dotted
from femsim.scenario.writing import needed


def parts_of(sheet: Sheet) -> tuple[dict[tuple[str, ...], Any], list[Problem]]:
    """The object of each section, by its path, where the section is right; and everything that is wrong.

    An unknown table at the top whose name is nearly that of a missing one counts once, as the misspelling.
    """
    strange = [name for name in sheet.data if name not in TOP_KEYS]
    problems = [Problem(sheet.where((name,)), dotted((name,)), advice(name, TOP_KEYS, {})) for name in strange]
    parts: dict[tuple[str, ...], Any] = {}
    for section in SECTIONS:
        if sheet.table(section.path) is None and len(section.path) == 1 and _meant(section.path[0], strange):
            continue
        if section.optional and sheet.table(section.path) is None:
            continue
        found, wrongs = _part(sheet, section)
        problems += wrongs
        if not wrongs:
            parts[section.path] = found
    return parts, problems


def _part(sheet: Sheet, section: Section) -> tuple[Any, list[Problem]]:
    table = sheet.table(section.path)
    if table is None:
        if needed(section):
            return None, [
                Problem(sheet.file, section.title, f"the table [{section.title}] is missing.{_first_line(section)}")
            ]
        table = {}
    if not isinstance(table, dict):
        what = f"must be one table, [{section.title}], not {shown(table)}."
        return None, [Problem(sheet.where(section.path), section.title, what)]
    name, problem = _choice_name(sheet, section, table)
    if problem:
        return None, [problem]
    choice = section.choices[name]
    written = {key: value for key, value in table.items() if key not in (section.tag, *section.subsections)}
    try:
        model = model_of(choice).model_validate(written)
    except ValidationError as error:
        return None, _problems(sheet, section, keys_of(choice), error)
    # Only what was written: a default goes in as the dataclass has it.
    values = {key: getattr(model, key) for key in written}
    values, missing = _with_paths(sheet, section, keys_of(choice), values)
    if missing:
        return None, missing
    try:
        return choice(**values), []
    except (FemsimError, ValueError) as error:
        what = " ".join(str(error).split())
        return None, [Problem(sheet.where(section.path), section.title, what)]


def _choice_name(sheet: Sheet, section: Section, table: dict[str, Any]) -> tuple[str, Problem | None]:
    if not section.tag:
        return "", None
    path = (*section.path, section.tag)
    if section.tag not in table:
        if section.default is not None:
            return section.default, None
        strange = [key for key in table if not any(key in keys_of(choice) for choice in section.choices.values())]
        meant = _meant(section.tag, strange)
        what = advice(meant, [section.tag], {}) if meant else "missing."
        place = sheet.where((*section.path, meant)) if meant else sheet.where(section.path)
        return "", Problem(place, dotted((*section.path, meant or section.tag)), what + _first_line(section))
    if not isinstance(table[section.tag], str) or table[section.tag] not in section.choices:
        return "", Problem(sheet.where(path), dotted(path), not_one_of(table[section.tag], section.choices))
    return table[section.tag], None


def _first_line(section: Section) -> str:
    """How the section is written at the least."""
    if section.tag:
        return f" Write [{section.title}] with {section.tag} = one of {', '.join(map(shown, section.choices))}."
    keys = ", ".join(key.name for key in keys_of(section.choices[""]).values() if key.required)
    return f" Write [{section.title}] with {keys}."


def _problems(sheet: Sheet, section: Section, keys: dict[str, Key], error: ValidationError) -> list[Problem]:
    errors = error.errors(include_url=False)
    strange = [e["loc"][0] for e in errors if e["type"] == "extra_forbidden"]
    others = (*((section.tag,) if section.tag else ()), *section.subsections)
    problems: dict[tuple, Problem] = {}
    for e in errors:
        name = e["loc"][0]
        # Items of arrays have a number; the rest of a location names the branch of a type, which is no place.
        place = (*section.path, name, *(item for item in e["loc"][1:] if isinstance(item, int)))
        if e["type"] == "extra_forbidden":
            what = unknown(name, keys, others)
        elif e["type"] == "missing" and len(e["loc"]) == 1 and _meant(name, strange):
            continue
        else:
            what = wrong(e, keys[name])
        problems.setdefault(place, Problem(sheet.where(place), dotted(place), what))
    return list(problems.values())


def _meant(name: str, strange: list[str]) -> str:
    """The unknown key that was probably meant to be `name`, or nothing."""
    for other in strange:
        if stem(other) == stem(name):
            return other
    return next(iter(difflib.get_close_matches(name, strange, 1, 0.6)), "")


def _with_paths(
    sheet: Sheet, section: Section, keys: dict[str, Key], values: dict[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Texts that name files become absolute paths of files that are there."""
    problems = []
    for name, value in values.items():
        if not (keys[name].is_path and isinstance(value, str)):
            continue
        place = (*section.path, name)
        path = Path(os.path.abspath(sheet.folder_of(place) / Path(value).expanduser()))
        problem = no_file(path, folder_too=keys[name].about.folder)
        if problem:
            problems.append(Problem(sheet.where(place), dotted(place), problem))
        values = values | {name: path}
    return values, problems


def no_file(path: Path, *, folder_too: bool) -> str:
    """Why there is no such file; nothing where there is."""
    try:
        if path.is_file() or (folder_too and path.is_dir()):
            return ""
        if path.is_dir():
            return f"{path} is a folder; name a file in it."
        neighbours = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else None
    except (OSError, ValueError) as error:
        return f"{shown(str(path))} cannot be looked at: {error}."
    if neighbours is None:
        return f"no such file: {path} (nor its folder). Put the path of your own file here."
    guess = difflib.get_close_matches(path.name, neighbours, 1)
    return f"no such file: {path}." + (f" Did you mean {guess[0]!r}?" if guess else "")
