"""The base case, then one axis after the other with all others at the base case's values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class OneAtATime:
    """The base case, then every axis through its values while all others stay as in the base case."""

    draws: ClassVar[bool] = False
    repeats: ClassVar[bool] = True

    def count(self, sizes: Sequence[int]) -> int:
        """Cases for axes of so many levels; a level that is the base case's own is one less."""
        return 1 + sum(sizes)

    def rows(self, sizes: Sequence[int]) -> Iterator[tuple[int | None, ...]]:
        """For every case the level of every axis, None where it stays."""
        yield (None,) * len(sizes)
        for axis, size in enumerate(sizes):
            for level in range(size):
                yield tuple(level if other == axis else None for other in range(len(sizes)))
