"""Keys of a scenario by their path: whether there is one, what it takes, what a scenario has there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from femsim.errors import near
from femsim.scenario.models import model_of
from femsim.scenario.problems import not_one_of, shown, unknown, wrong
from femsim.scenario.sections import SECTIONS, Key, Scenario, Section, keys_of, part
from femsim.scenario.validation import no_file


@dataclass(frozen=True)
class Named:
    """What a key path such as implant.cement_mm names.

    keys : choice of the section → the key there; none where the path names the choice itself.
    """

    path: str
    section: Section
    name: str
    keys: Mapping[str, Key]

    @property
    def is_choice(self) -> bool:
        """Whether it says which kind the section is."""
        return not self.keys

    @property
    def is_path(self) -> bool:
        """Whether it names a file."""
        return any(key.is_path for key in self.keys.values())

    @property
    def unit(self) -> str:
        """Of the key; "-" where it has none."""
        return next((key.about.unit for key in self.keys.values() if key.about.unit), "-")

    def of(self, scenario: Scenario) -> Any:
        """Its value in a scenario; None where that has no such key, or no value for it."""
        found = part(scenario, self.section)
        if found is None:
            return None
        return self.section.kinds.name_of(found) if self.is_choice else getattr(found, self.name, None)

    def problem(self, value: Any, scenario: Scenario | None = None) -> str:
        """Why it cannot have a value; nothing where it can.

        scenario : whose choice of the section takes it, where that has the key; else any choice may.
        """
        if self.is_choice:
            fits = isinstance(value, str) and value in self.section.choices
            return "" if fits else not_one_of(value, self.section.choices)
        own = "" if scenario is None else self._choice_in(scenario)
        asked = {own: self.keys[own]} if own in self.keys else self.keys
        found = [_problem(self.section.choices[choice], key, value) for choice, key in asked.items()]
        return found[0] if all(found) else ""

    def located(self, value: Any, folder: Path) -> tuple[Any, str]:
        """A text that names a file as an absolute path, and why there is no such file; other values as they are.

        folder : what relative paths are relative to.
        """
        if not (self.is_path and isinstance(value, str)):
            return value, ""
        path = Path(os.path.abspath(folder / Path(value).expanduser()))
        return str(path), no_file(path, folder_too=any(key.about.folder for key in self.keys.values()))

    def _choice_in(self, scenario: Scenario) -> str:
        found = part(scenario, self.section)
        return self.section.kinds.name_of(found) if self.section.tag and found is not None else ""


def named(path: str) -> Named:
    """What a key path names.

    Raises
    ------
    ValueError
        Where there is no such key, with the nearest.
    """
    words = tuple(path.split("."))
    for section in SECTIONS:
        if section.path == words and section.one_word:
            return Named(path, section, section.tag, {})
        if section.path != words[:-1]:
            continue
        if section.tag and section.tag == words[-1]:
            return Named(path, section, section.tag, {})
        keys = {name: keys_of(choice) for name, choice in section.choices.items()}
        own = {name: known[words[-1]] for name, known in keys.items() if words[-1] in known}
        if own:
            return Named(path, section, words[-1], own)
        every = {key: one for known in keys.values() for key, one in known.items()}
        raise ValueError(unknown(words[-1], every, (section.tag,) if section.tag else ()))
    titles = [section.title for section in SECTIONS]
    if path in titles:
        raise ValueError(f"is a table; name one of its keys, such as {path}.{_first_key(path)}.")
    raise ValueError(f"unknown key: there is no table {shown('.'.join(words[:-1]) or path)}. {near(path, titles)}")


def _first_key(title: str) -> str:
    section = next(section for section in SECTIONS if section.title == title)
    return section.tag or next(iter(keys_of(next(iter(section.choices.values())))), "…")


def _problem(choice: type, key: Key, value: Any) -> str:
    try:
        model_of(choice).model_validate({key.name: value})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            if one["loc"][0] == key.name and "input" in one and one["type"] != "missing":
                return wrong(one, key)
    return ""


def judged(choice: type, table: Mapping[str, Any]) -> tuple[Any, dict[tuple[str | int, ...], str]]:
    """An object of a dataclass made with `parameter`, from a table; or what is wrong, by place in the table."""
    keys = keys_of(choice)
    try:
        model = model_of(choice).model_validate(dict(table))
        return choice(**{name: getattr(model, name) for name in table}), {}
    except ValidationError as error:
        problems: dict[tuple[str | int, ...], str] = {}
        for one in error.errors(include_url=False):
            name = one["loc"][0]
            place = (name, *(item for item in one["loc"][1:] if isinstance(item, int)))
            text = unknown(name, keys) if one["type"] == "extra_forbidden" else wrong(one, keys[name])
            problems.setdefault(place, text)
        return None, problems
    except ValueError as error:
        return None, {(): " ".join(str(error).split())}
