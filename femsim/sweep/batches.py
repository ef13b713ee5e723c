"""Cuts cases into batches: what one child process computes in one go, because it shares a mesh or a stiffness.

How a sweep is cut depends on its cases alone: cases that are solved together have numbers that are equal in every bit
only where the same ones are solved together again. So a batch that is resumed is computed with all its cases whose
stiffness a missing one shares, and only what is missing is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from femsim.arrays import freeze
from femsim.sweep.case import Case

MOST_LOADS = 500  # cases of one stiffness: each costs milliseconds
MOST_STIFFNESSES = 8  # of one mesh: each costs a solve


@dataclass(frozen=True)
class Member:
    """A case in a batch. attempt : of its result; 0 where the result is there and it is computed along."""

    digest: str
    number: int
    sets: tuple[str, ...]
    stiffness_key: str
    attempt: int = 1

    def __post_init__(self):
        freeze(self, sets=tuple(self.sets))


@dataclass(frozen=True)
class Batch:
    """Cases for one call of `compute`.

    place : of the batch in the sweep.
    strikes : how often it, or the batch it was cut out of, ended its child by itself.
    hits : how often its child was killed from outside.
    """

    place: int
    members: tuple[Member, ...]
    strikes: int = 0
    hits: int = 0

    def __post_init__(self):
        freeze(self, members=tuple(self.members))

    @property
    def wanted(self) -> tuple[Member, ...]:
        """Members whose result is missing."""
        return tuple(one for one in self.members if one.attempt)

    def wanting(self, missing: Mapping[str, int]) -> "Batch":
        """The batch with those stiffnesses of which a case is missing."""
        marked = [replace(one, attempt=missing.get(one.digest, 0)) for one in self.members]
        keys = {one.stiffness_key for one in marked if one.attempt}
        return replace(self, members=tuple(one for one in marked if one.stiffness_key in keys))

    def told(self) -> dict[str, Any]:
        """As a worker is told it."""
        members = [[one.digest, one.number, list(one.sets), one.attempt] for one in self.members]
        return {"batch": self.place, "cases": members}


def batches(cases: Iterable[Case], missing: Mapping[str, int]) -> list[Batch]:
    """Batches of what is missing, those of one mesh one after the other."""
    sound = [case for case in cases if not case.refused]
    sound.sort(key=lambda case: (case.mesh_key, case.stiffness_key, case.number))
    found, place = [], 0
    for _, group in groupby(sound, key=lambda case: case.mesh_key):
        for members in _cut(list(group)):
            batch = Batch(place, members).wanting(missing)
            place += 1
            if batch.members:
                found.append(batch)
    # In the order of the design: what is asked first is answered first.
    return sorted(found, key=lambda batch: min(one.number for one in batch.members))


def _cut(cases: Sequence[Case]) -> Iterator[list[Member]]:
    chunk: list[Member] = []
    n_stiffnesses = 0
    for key, group in groupby(cases, key=lambda case: case.stiffness_key):
        members = [Member(one.digest, one.number, one.sets, key) for one in group]
        for start in range(0, len(members), MOST_LOADS):
            piece = members[start : start + MOST_LOADS]
            if chunk and (n_stiffnesses == MOST_STIFFNESSES or len(chunk) + len(piece) > MOST_LOADS):
                yield chunk
                chunk, n_stiffnesses = [], 0
            chunk, n_stiffnesses = chunk + piece, n_stiffnesses + 1
    if chunk:
        yield chunk
