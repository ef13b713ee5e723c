"""The rows of a design: for every case the level of every axis."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from femsim.sweep.axis import Axis, Level
from femsim.sweep.designs.drawn import normal_correlation

Pairs = Sequence[tuple[int, int, float]]


def quantiles(design: Any, axes: Sequence[Axis], correlation: Pairs = ()) -> np.ndarray:
    """Quantiles (n, axes) of every case of a design that draws."""
    matrix = normal_correlation(len(axes), correlation) if correlation else None
    return design.points(len(axes), matrix)


def designed(design: Any, axes: Sequence[Axis], points: np.ndarray | None) -> Iterator[dict[str, Level | None]]:
    """For every case of the design, axis → level; None where it stays as in the base case.

    points : quantiles of a design that draws, else None.
    """
    names = [axis.name for axis in axes]
    if points is not None:
        columns = [axis.drawn(column) for axis, column in zip(axes, points.T)]
        yield from (dict(zip(names, levels)) for levels in zip(*columns))
        return
    for places in design.rows([len(axis.levels) for axis in axes]):
        yield {name: None if place is None else axis.levels[place] for name, axis, place in zip(names, axes, places)}


def crossed(axes: Sequence[Axis]) -> Iterator[dict[str, Level | None]]:
    """Every combination of the levels of axes that go with every case; one empty one where there are none."""
    for levels in itertools.product(*(axis.levels for axis in axes)):
        yield {axis.name: level for axis, level in zip(axes, levels)}
