"""Straight-line effects of all factors together: the change of a measure in its own unit, others held."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.sweep.sensitivity.effects import Effect

ENDS = (0.05, 0.95)  # quantiles of a factor between which the change is told
SPARE = 5  # cases there must be beyond the unknowns


@dataclass(frozen=True)
class Line:
    """The effects, the widest first, and the share of the variance that they explain; none where cases are too few."""

    effects: tuple[Effect, ...] = ()
    explained: float = 0.0


def linear_effects(values: Mapping[str, np.ndarray], y: np.ndarray, unit: str) -> Line:
    """Least squares over all factors.

    Parameters
    ----------
    values : column → (n,) numbers, or texts: each level against the first of them in the alphabet.
    y : (n,), in `unit`.

    Returns
    -------
    Line
        Changes from the 5 % to the 95 % quantile of a number, with 95 % intervals of Student's t.
    """
    from scipy.stats import t

    names, columns, reaches = _columns(values)
    n, p = len(y), len(columns) + 1
    if n < p + SPARE or not columns:
        return Line()
    matrix = np.column_stack([np.ones(n), *columns])
    if np.linalg.matrix_rank(matrix) < p:
        return Line()
    found, *_ = np.linalg.lstsq(matrix, y, rcond=None)
    rest = y - matrix @ found
    variance = rest @ rest / (n - p) * np.diag(np.linalg.inv(matrix.T @ matrix))
    half = t.ppf(0.975, n - p) * np.sqrt(np.maximum(variance, 0.0))
    effects = [
        Effect(name, "linear", value * reach, (value - wide) * reach, (value + wide) * reach, unit)
        for name, value, wide, reach in zip(names, found[1:].tolist(), half[1:].tolist(), reaches)
    ]
    whole = y - y.mean()
    return Line(tuple(sorted(effects, key=lambda one: -abs(one.value))), float(1.0 - rest @ rest / (whole @ whole)))


def _columns(values: Mapping[str, np.ndarray]) -> tuple[list[str], list[np.ndarray], list[float]]:
    """Names, scaled columns and what a step of one in each is in terms of the change that is told."""
    names, columns, reaches = [], [], []
    for name, column in values.items():
        if column.dtype.kind == "f":
            spread = float(np.std(column))
            if spread > 0.0:
                low, high = np.quantile(column, ENDS)
                names.append(name)
                columns.append((column - column.mean()) / spread)
                reaches.append(float(high - low) / spread)
            continue
        first, *others = np.unique(column)
        for level in others:
            names.append(f"{name.partition(' [')[0]}: {level} against {first}")
            columns.append((column == level).astype(float))
            reaches.append(1.0)
    return names, columns, reaches
