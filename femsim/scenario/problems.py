"""The sentences that tell a user what is wrong with a key."""

import datetime
import typing
from typing import Any

from femsim.errors import near
from femsim.scenario.models import described, limits
from femsim.scenario.sections import Key, advice

_EXPECTED = {
    "float": "a number",
    "int": "a whole number",
    "string": "a text in quotes",
    "bool": "true or false",
    "tuple": "an array",
    "none": "nothing",
}


def unknown(name: str, keys: dict[str, Key], others: tuple[str, ...] = ()) -> str:
    """An unknown key of a section; `others` are its tag and its subsections."""
    known = [*others, *keys]
    return advice(name, known, {key.name: key.about.unit for key in keys.values()})


def wrong(error: dict[str, Any], key: Key | None) -> str:
    """What one pydantic error says about the value of a key."""
    kind, value = error["type"], error.get("input")
    unit = f" {key.about.unit}" if key and key.about.unit not in ("", "-") else ""
    if kind == "missing":
        return f"missing, it has no default: {described(key.about)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        side = "below the least allowed" if kind == "greater_than_equal" else "above the most allowed"
        limit = key.about.low if kind == "greater_than_equal" else key.about.high
        return f"{shown(value)}{unit} is {side}, {limit:g}{unit} (range: {limits(key.about)})."
    if kind == "finite_number":
        return f"{shown(value)} is not a finite number."
    if kind == "literal_error":
        return not_one_of(value, typing.get_args(key.type))
    if kind == "string_too_short":
        return "is empty."
    expected = _EXPECTED.get(kind.split("_")[0])
    if expected:
        of_unit = f" in{unit}" if unit and kind.startswith(("float", "int")) else ""
        return f"{expected}{of_unit} is expected, not {_named(value)}.{_hint(value, key)}"
    return f"{error['msg']}; found {shown(value)}."


def not_one_of(value: Any, choices) -> str:
    """A value that is none of the choices, with the nearest one."""
    choices = tuple(choices)
    if isinstance(value, str) and all(isinstance(choice, str) for choice in choices):
        return f"{shown(value)} is not a choice. {near(value, choices)}"
    return f"{shown(value)} is not a choice. Known: {', '.join(shown(choice) for choice in choices)}."


def shown(value: Any) -> str:
    """A value as TOML writes it, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 200:
        return "a whole number of more than 60 digits"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(item) for item in value[:5]) + (", …" if len(value) > 5 else "") + "]"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…" + text[0]


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return f"the array {shown(value)}"
    return f"the text {shown(value)}" if isinstance(value, str) else shown(value)


def _hint(value: Any, key: Key | None) -> str:
    """A number typed with its unit, in quotes or with a decimal comma is one slip away from right."""
    if key is None or not isinstance(value, str):
        return ""
    number = (
        value.strip().split(" ")[0].rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ°%µ").replace(",", ".")
    )
    try:
        float(number)
    except ValueError:
        return ""
    unit = f" (the key says the unit: {key.about.unit})" if key.about.unit not in ("", "-") else ""
    return f" Write the number alone, without quotes{unit}."
