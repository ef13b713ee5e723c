"""Registries: the named choices a scenario can make, and the parameters each choice takes.

A choice is a frozen dataclass in a file of its own; one line registers it. Its fields, made with `parameter`,
are its keys in the scenario file, with unit, range, source and the mark of an assumed value.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from femsim.errors import UsageError, near


@dataclasses.dataclass(frozen=True)
class About:
    """What a user is told about a parameter.

    `assumed` marks a default that no trustworthy source backs; the scenario shows it as editable. `folder` says that
    a path may name a folder too.
    `shapes` is False where another value leaves the meshes as they are, so that they need not be made again.
    """

    text: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    source: str = ""
    assumed: bool = False
    folder: bool = False
    shapes: bool = True


def parameter(
    default: Any = dataclasses.MISSING,
    *,
    text: str,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    source: str = "",
    assumed: bool = False,
    folder: bool = False,
    shapes: bool = True,
) -> Any:
    """A dataclass field that is also a scenario key; bounds are inclusive, None means unbounded."""
    about = About(text, unit, low, high, source, assumed, folder, shapes)
    return dataclasses.field(default=default, metadata={"about": about})


def about(field: dataclasses.Field) -> About:
    """What is known about a field; a field made without `parameter` has an empty text."""
    return field.metadata.get("about", About(""))


class Registry(Mapping[str, type]):
    """Named choices of one sort: `BONE_LAWS = Registry("bone law", morgan_2003=Morgan2003)`."""

    def __init__(self, noun: str, **choices: type):
        self.noun = noun
        self._choices = dict(choices)

    def __getitem__(self, name: str) -> type:
        if name not in self._choices:
            raise UsageError(f"There is no {self.noun} {name!r}. {near(name, self._choices)}")
        return self._choices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._choices)

    def __len__(self) -> int:
        return len(self._choices)

    def __contains__(self, name: object) -> bool:
        return name in self._choices

    def name_of(self, choice: Any) -> str:
        """The registered name of a class or of an instance of it."""
        kind = choice if isinstance(choice, type) else type(choice)
        for name, registered in self._choices.items():
            if registered is kind:
                return name
        raise UsageError(f"{kind.__name__} is not a registered {self.noun}.")
