"""Cases one by one, as they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Listed:
    """Cases as [[sweep.case]] tables give them, key by key; what one leaves out is as in the base case."""

    draws: ClassVar[bool] = False
    repeats: ClassVar[bool] = False

    def count(self, sizes: Sequence[int]) -> int:
        """Cases for axes of so many levels, all as many."""
        return max(sizes, default=0)

    def rows(self, sizes: Sequence[int]) -> Iterator[tuple[int | None, ...]]:
        """For every case the level of every axis."""
        return ((place,) * len(sizes) for place in range(self.count(sizes)))


@dataclass(frozen=True)
class Zipped(Listed):
    """The first values of all axes together, then the second ones, and so on; all have as many."""
