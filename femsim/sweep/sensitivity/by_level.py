"""What becomes of a measure along one axis: changes from the base case, means of the others, response curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.sweep.sensitivity.effects import Effect

BINS = 10
LEAST_IN_A_BIN = 8


@dataclass(frozen=True)
class Curve:
    """A measure along an axis.

    at : (k,) places, or names of levels; middle, low, high : (k,) mean, and quartiles of the cases there; n : (k,).
    """

    at: Sequence[Any]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    n: Sequence[int]


def response(column: np.ndarray, y: np.ndarray) -> Curve | None:
    """The curve over levels where they are few, else over slices with equally many cases; None where nothing varies."""
    levels = np.unique(column)
    if len(levels) < 2:
        return None
    if column.dtype.kind != "f" or len(levels) <= BINS:
        groups = [(level.item(), y[column == level]) for level in levels]
    else:
        n_bins = max(2, min(BINS, len(y) // LEAST_IN_A_BIN))
        order = np.argsort(column, kind="stable")
        groups = [(float(column[some].mean()), y[some]) for some in np.array_split(order, n_bins) if len(some)]
    quartiles = [np.quantile(some, (0.25, 0.75)) for _, some in groups]
    return Curve(
        tuple(at for at, _ in groups),
        tuple(float(some.mean()) for _, some in groups),
        tuple(float(low) for low, _ in quartiles),
        tuple(float(high) for _, high in quartiles),
        tuple(len(some) for _, some in groups),
    )


def swings(curves: Mapping[str, Curve], unit: str) -> list[Effect]:
    """How far the mean goes along every axis, the widest first; low and high are its ends about the mean of all."""
    effects = []
    for name, curve in curves.items():
        mean = float(np.average(curve.middle, weights=curve.n))
        low, high = min(curve.middle) - mean, max(curve.middle) - mean
        effects.append(Effect(name, "swing", high - low, low, high, unit))
    return sorted(effects, key=lambda one: -one.value)


def changes(rows: Sequence[Sequence[int | None]], names: Sequence[str], y: np.ndarray, unit: str) -> list[Effect]:
    """Of a one-at-a-time design: the change from the base case along every axis, the widest first.

    Parameters
    ----------
    rows : for every case the level of every axis, None where it is the base case's.
    y : (n,) change from the base case; NaN where a case failed.
    """
    effects = []
    for n, name in enumerate(names):
        values = y[[row[n] is not None for row in rows]]
        values = values[~np.isnan(values)]
        if len(values):
            low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
            effects.append(Effect(name, "swing", high - low, low, high, unit))
    return sorted(effects, key=lambda one: -one.value)
