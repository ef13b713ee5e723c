"""--set key=value: written over the file, and what follows when it changes which kind a section is."""

from dataclasses import dataclass
from typing import Any

from femsim.errors import Problem
from femsim.scenario.sections import SECTIONS, Section, keys_of
from femsim.scenario.sheet import Sheet, dotted


@dataclass(frozen=True)
class Override:
    """One --set: the text as typed, the key path, the value."""

    text: str
    path: tuple[str, ...]
    value: Any


def applied(sheet: Sheet, overrides: list[Override]) -> tuple[list[Problem], list[str]]:
    """Write the overrides into the sheet, in order; problems, and notes on what else changed."""
    _spell_out(sheet)
    before = {section.path: _tag(sheet, section) for section in SECTIONS if section.tag}
    problems = []
    for override in overrides:
        problem = sheet.put(override.path, override.value, override.text)
        if problem:
            problems.append(Problem(f"--set {override.text}", dotted(override.path), problem))
        _spell_out(sheet)
    notes = []
    for section in SECTIONS:
        if section.tag and isinstance(sheet.table(section.path), dict):
            notes += _chosen_by_its_key(sheet, section)
            notes += _left_behind(sheet, section, before[section.path])
    return problems, notes


def _spell_out(sheet: Sheet) -> None:
    """analysis = "failure" is [analysis] with kind = "failure"."""
    for section in SECTIONS:
        if section.one_word:
            sheet.as_table(section.path, section.tag)


def _tag(sheet: Sheet, section: Section) -> Any:
    tag = sheet.table((*section.path, section.tag))
    return tag if isinstance(tag, str) else section.default


def _chosen_by_its_key(sheet: Sheet, section: Section) -> list[str]:
    """--set femur.file=x.stl makes the femur a surface: only that kind requires the key, for a file of that ending."""
    tag, tag_path = _tag(sheet, section), (*section.path, section.tag)
    if sheet.is_set(tag_path):
        return []
    own = keys_of(section.choices[tag]) if tag in section.choices else {}
    for name in sheet.table(section.path):
        path = (*section.path, name)
        if name in own or not sheet.is_set(path):
            continue
        takers = {kind: choice for kind, choice in section.choices.items() if name in keys_of(choice)}
        if takers and all(keys_of(choice)[name].required for choice in takers.values()):
            chosen = _by_ending(takers, sheet.table(path))
            sheet.put(tag_path, chosen, sheet.set_by[path])
            return [
                f"{dotted(path)} is set, so {dotted(tag_path)} is {chosen!r}"
                + (f", no longer {tag!r}." if tag else ".")
            ]
    return []


def _by_ending(kinds: dict[str, type], file: Any) -> str:
    """The kind that reads files of this ending; the first where none or several do."""
    name = str(file).lower()
    fitting = [kind for kind, choice in kinds.items() if name.endswith(getattr(choice, "endings", ()))]
    return (fitting or list(kinds))[0]


def _left_behind(sheet: Sheet, section: Section, before: Any) -> list[str]:
    """Keys of the file that only the former kind knows go; misspelt ones stay, to be reported."""
    now = _tag(sheet, section)
    if now == before or not {now, before} <= set(section.choices):
        return []
    table = sheet.table(section.path)
    former, present = keys_of(section.choices[before]), keys_of(section.choices[now])
    gone = [
        name for name in table if name in former and name not in present and not sheet.is_set((*section.path, name))
    ]
    for name in gone:
        del table[name]
    if not gone:
        return []
    return [f"[{section.title}] is now {now!r}, which has no {', '.join(gone)}: dropped from the scenario."]
