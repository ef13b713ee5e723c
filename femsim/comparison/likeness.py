"""Whether variants can be compared: the same femur under the same loads, and what else differs."""

from collections.abc import Mapping, Sequence
from typing import Any

from femsim import identity
from femsim.comparison.variants import Variant
from femsim.errors import UsageError
from femsim.results.record import of_scenario

# A difference in these makes two patients, or two activities, of one: what the implant does can no longer be told.
ONE_QUESTION = ("femur", "subject", "load", "routine", "application", "support")
# A difference in these can be what is asked (sound and osteoporotic bone), and is said.
MAY_DIFFER = ("bone", "mesh")
MOST_KEYS = 3  # that a sentence about a section names


def is_one_question(variants: Sequence[Variant]) -> bool:
    """Whether femur, subject, load, routine, their application and the support are the same in all."""
    return not any(_differs(variants, section) for section in ONE_QUESTION)


def differences(variants: Sequence[Variant], *, anyway: bool = False) -> tuple[str, ...]:
    """Sentences on what differs between variants besides the implant.

    Raises
    ------
    UsageError
        Where femur, subject, load, routine, their application or the support differ, unless `anyway`.
    """
    grave = _told(variants, ONE_QUESTION)
    if grave and not anyway:
        raise UsageError(
            "These variants are not one patient under one load.",
            why=" ".join(grave),
            remedy="let femur, subject, load, routine, application and support be the same, or say --anyway",
        )
    return (*grave, *_told(variants, MAY_DIFFER))


def told_apart(values: Mapping[str, Mapping[str, Any]], sections: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each section whose keys differ.

    values : label → key → value.
    """
    found = ((section, _keys(values, section)) for section in sections)
    return tuple(f"[{section}] differs: {keys}." for section, keys in found if keys)


def _told(variants: Sequence[Variant], sections: Sequence[str]) -> list[str]:
    values = {v.label: {row["key"]: row["value"] for row in of_scenario(v.scenario)} for v in variants}
    different = [section for section in sections if _differs(variants, section)]
    return [
        f"[{section}] differs: {_keys(values, section) or 'a file of the same name has other contents'}."
        for section in different
    ]


def _differs(variants: Sequence[Variant], section: str) -> bool:
    return len({identity.digest({section: getattr(variant.scenario, section)}) for variant in variants}) > 1


def _keys(values: Mapping[str, Mapping[str, Any]], section: str) -> str:
    """Which keys differ, and what each variant says; empty where none does."""
    keys = dict.fromkeys(key for row in values.values() for key in row if key.split(".")[0] == section)
    different = [key for key in keys if len({repr(row.get(key)) for row in values.values()}) > 1]
    told = [
        f"{key} = " + ", ".join(f"{_value(row.get(key))} ({label})" for label, row in values.items())
        for key in different[:MOST_KEYS]
    ]
    if len(different) > MOST_KEYS:
        told.append(f"and {len(different) - MOST_KEYS} more keys")
    return "; ".join(told)


def _value(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
