"""Every combination of all levels."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Grid:
    """Every combination of all values; the last axis changes fastest."""

    draws: ClassVar[bool] = False
    repeats: ClassVar[bool] = False

    def count(self, sizes: Sequence[int]) -> int:
        """Cases for axes of so many levels."""
        return math.prod(sizes)

    def rows(self, sizes: Sequence[int]) -> Iterator[tuple[int | None, ...]]:
        """For every case the level of every axis."""
        return itertools.product(*map(range, sizes))
