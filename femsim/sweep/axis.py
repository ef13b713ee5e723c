"""One thing that a sweep varies: a key of the scenario, several at once, or a number that others follow from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.arrays import freeze

DIGITS = 9  # of drawn numbers: the last bits differ between machines, and a case would not be found again


@dataclass(frozen=True)
class Level:
    """A value as the table tells it, and the "key=value" texts that make it so."""

    value: Any
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curve:
    """A key that follows from the axis' number: straight between given points, constant beyond them."""

    key: str
    numbers: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, number: float) -> float:
        """The key's value."""
        return significant(float(np.interp(number, self.numbers, self.values)))


@dataclass(frozen=True)
class Axis:
    """An axis of a sweep.

    name : column of the table; a key path is its usual name.
    unit : of the key; "-" where there is none.
    where : its place in the file.
    levels : values of designs that list them; None stands for the base case's.
    distribution : an entry of DISTRIBUTIONS, for designs that draw.
    key : what a drawn number is given to; "" where only `curves` are.
    curves : keys that follow from the number.
    crossed : whether every case of the design is computed with each of its levels, as activities are on one geometry.
    """

    name: str
    unit: str
    where: str
    levels: Sequence[Level | None] = ()
    distribution: Any = None
    key: str = ""
    curves: Sequence[Curve] = ()
    crossed: bool = False

    def __post_init__(self):
        freeze(self, levels=tuple(self.levels), curves=tuple(self.curves))

    def drawn(self, quantiles: np.ndarray) -> list[Level | None]:
        """The level at every quantile (n,), 0 to 1; without a distribution all levels are equally likely."""
        if self.distribution is None or self.distribution.of_levels:
            places = (
                np.minimum((quantiles * len(self.levels)).astype(int), len(self.levels) - 1)
                if self.distribution is None
                else self.distribution.ppf(quantiles)
            )
            return [self.levels[place] for place in places]
        return [self.of(significant(float(number))) for number in self.distribution.ppf(quantiles)]

    def of(self, number: Any) -> Level:
        """The level of a number."""
        own = (set_text(self.key, number),) if self.key else ()
        return Level(number, (*own, *(set_text(curve.key, curve.at(number)) for curve in self.curves)))


def significant(number: float) -> float:
    """A number of `DIGITS` digits."""
    return float(f"{number:.{DIGITS}g}")


def set_text(key: str, value: Any) -> str:
    """What `femsim run --set` takes."""
    return f"{key}={toml_text(value)}"


def toml_text(value: Any) -> str:
    """A value on one line of TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {toml_text(one)}' for name, one in value.items())}}}"
    return repr(value.item() if hasattr(value, "item") else value)
