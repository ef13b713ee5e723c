"""Pydantic models made from the registered dataclasses: types and ranges of a section, and its JSON Schema."""

import functools
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from femsim.registry import About
from femsim.scenario.sections import Key, keys_of

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


@functools.cache
def model_of(choice: type) -> type[BaseModel]:
    """The pydantic model that holds a table of the scenario to the keys of a registered dataclass."""
    fields = {
        key.name: (_annotated(key.type, key), ... if key.required else key.default) for key in keys_of(choice).values()
    }
    return create_model(choice.__name__, __config__=_STRICT, **fields)


def described(about: About) -> str:
    """'text [unit], low to high; source: …' or '… (assumed)'."""
    text = " ".join(about.text.split())
    text += f" [{about.unit}]" if about.unit else ""
    text += f", {limits(about)}" if limits(about) else ""
    text += f"; source: {' '.join(about.source.split())}" if about.source else ""
    return text + (" (assumed)" if about.assumed else "")


def limits(about: About) -> str:
    """'20 to 70', 'at least 20', 'at most 70', or nothing."""
    if about.low is not None and about.high is not None:
        return f"{about.low:g} to {about.high:g}"
    if about.low is not None:
        return f"at least {about.low:g}"
    return f"at most {about.high:g}" if about.high is not None else ""


def _annotated(hint: Any, key: Key) -> Any:
    details = Field(
        description=described(key.about), json_schema_extra={"unit": key.about.unit} if key.about.unit else None
    )
    return Annotated[_in_toml(hint, key.about), details]


def _in_toml(hint: Any, about: About) -> Any:
    """The type as TOML has it: paths are texts, tuples are arrays, the range stands at every number."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Path:
        return Annotated[str, Field(min_length=1)]
    if hint in (float, int):
        return Annotated[hint, Field(ge=about.low, le=about.high)]
    if origin is typing.Literal:
        return Annotated[hint, BeforeValidator(_of_the_same_type(inner))]
    if origin is tuple:
        items = tuple(_in_toml(item, about) if item is not ... else ... for item in inner)
        return Annotated[tuple[items], BeforeValidator(_tuple)]
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(_in_toml(item, about) for item in inner)]  # noqa: UP007 built from a list
    return hint


def _of_the_same_type(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Python takes true for 1 and 2.0 for 2; a scenario does not."""

    def check(value: Any) -> Any:
        if type(value) not in {type(choice) for choice in choices}:
            raise PydanticCustomError("literal_error", "not a choice")
        return value

    return check


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
