"""Writes a scenario with every key, its unit and its source; and the JSON Schema that editors check it by."""

import textwrap
from pathlib import Path
from typing import Any

import tomli_w

from femsim.scenario.models import described, model_of
from femsim.scenario.sections import SCHEMA, SECTIONS, Scenario, Section, keys_of, part

NAME_PATTERN = r"[A-Za-z0-9._-]{1,80}"


def resolved_toml(scenario: Scenario) -> str:
    """The scenario as TOML with nothing left to defaults; reading it gives an equal scenario.

    Paths are absolute. A key that has no value is written as a comment.
    """
    lines = [
        "# Every key of this scenario, defaults included. Units: mm, N, s, MPa; angles in degrees; mass in kg.",
        "# (assumed) marks a default that no trustworthy source backs: check it before you rely on it.",
        f"schema = {SCHEMA}",
        _pair("name", scenario.name),
    ]
    absent = []
    for section in SECTIONS:
        found = part(scenario, section)
        if found is None:
            absent.append(f"[{section.title}]")
        else:
            lines += ["", *_table(section, found)]
    if absent:
        lines += ["", f"# Not in this scenario, hence not applied: {', '.join(absent)}."]
    return "\n".join(lines) + "\n"


def _table(section: Section, found: Any) -> list[str]:
    lines = [f"[{section.title}]"]
    if section.tag:
        about = " ".join((type(found).__doc__ or "").split("\n\n")[0].split())
        lines += [*_comment(about), _pair(section.tag, section.kinds.name_of(found))]
    for key in keys_of(type(found)).values():
        value = getattr(found, key.name)
        lines += _comment(described(key.about))
        lines += [f"# {key.name} is not set" if value is None else _pair(key.name, value)]
    return lines


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 118, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False)


def _pair(key: str, value: Any) -> str:
    return tomli_w.dumps({key: _plain(value)}).rstrip("\n")


def _plain(value: Any) -> Any:
    """A value in the types TOML has; numpy scalars become Python's."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def schema_json() -> dict[str, Any]:
    """JSON Schema (2020-12) of scenario files: types, ranges, units, sources, what is assumed."""
    top = {
        "schema": {"const": SCHEMA, "description": "number of the scenario format"},
        "name": {
            "type": "string",
            "pattern": f"^{NAME_PATTERN}$",
            "description": "goes into the name of the run folder",
        },
    }
    top |= {section.path[0]: _schema_of(section) for section in SECTIONS if len(section.path) == 1}
    top["sweep"] = {"type": "object", "description": "what `femsim sweep` varies; docs/sweeps.md"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "femsim scenario",
        "type": "object",
        "properties": top,
        "required": [
            "schema",
            *(section.path[0] for section in SECTIONS if len(section.path) == 1 and needed(section)),
        ],
        "additionalProperties": False,
    }


def needed(section: Section) -> bool:
    """Whether a scenario must have the section: its choice, or a key of it, has no default."""
    if section.tag and section.default is None:
        return True
    return any(key.required for key in keys_of(section.choices[section.default or ""]).values())


def _schema_of(section: Section) -> dict[str, Any]:
    inner = {s.path[-1]: _schema_of(s) for s in SECTIONS if s.path[:-1] == section.path}
    choices = [_schema_of_choice(section, name, choice, inner) for name, choice in section.choices.items()]
    if section.one_word:
        choices.append({"enum": list(section.choices), "description": f"{section.tag} alone, the rest by default"})
    return choices[0] if len(choices) == 1 else {"oneOf": choices}


def _schema_of_choice(section: Section, name: str, choice: type, inner: dict[str, Any]) -> dict[str, Any]:
    schema = model_of(choice).model_json_schema()
    properties = {key: _without_title(value) for key, value in schema.get("properties", {}).items()}
    required = schema.get("required", [])
    if section.tag:
        properties = {section.tag: {"const": name}, **properties}
        required = [*([section.tag] if section.default is None or name != section.default else []), *required]
    described_by = " ".join((choice.__doc__ or "").split("\n\n")[0].split())
    return {
        "title": name or section.title,
        "description": described_by,
        "type": "object",
        "properties": properties | inner,
        "required": required,
        "additionalProperties": False,
    }


def _without_title(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}
