"""Rank correlation, simple and partial, and the share of variance between levels: for any design."""

from collections.abc import Mapping

import numpy as np

from femsim.sweep.sensitivity.effects import Effect

Z = 1.959964  # of a 95 % interval


def rank_effects(values: Mapping[str, np.ndarray], y: np.ndarray) -> list[Effect]:
    """Of every axis that varies, the strongest first.

    Parameters
    ----------
    values : column → (n,) numbers, or texts, whose levels have no order.
    y : (n,)
    """
    from scipy.stats import rankdata

    varied = {name: one for name, one in values.items() if len(np.unique(one)) > 1}
    numbers = {name: rankdata(one) for name, one in varied.items() if one.dtype.kind == "f"}
    ranks, effects = rankdata(y), []
    rho = {name: _correlation(one, ranks) for name, one in numbers.items()}
    partial = _partial(numbers, ranks)
    for name in sorted(rho, key=lambda name: -abs(rho[name])):
        effects.append(Effect(name, "rank", rho[name], *_interval(rho[name], len(y))))
        if name in partial:
            left = len(y) - (len(numbers) - 1)
            effects.append(Effect(name, "partial_rank", partial[name], *_interval(partial[name], left)))
    effects += [Effect(name, "between", between(one, y)) for name, one in varied.items() if name not in numbers]
    return effects


def between(levels: np.ndarray, y: np.ndarray) -> float:
    """η²: the variance of the means of the levels over the whole variance."""
    means = np.zeros(len(y))
    for level in np.unique(levels):
        means[levels == level] = y[levels == level].mean()
    return float(np.var(means) / np.var(y)) if np.var(y) > 0 else 0.0


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 0 else 0.0


def _partial(numbers: Mapping[str, np.ndarray], ranks: np.ndarray) -> dict[str, float]:
    """Correlation of what the other axes do not explain, of ranks; none where cases are too few."""
    if len(numbers) < 2 or len(ranks) < len(numbers) + 4:
        return {}
    found = {}
    for name, own in numbers.items():
        others = np.column_stack([np.ones(len(ranks)), *(one for other, one in numbers.items() if other != name)])
        rest = [column - others @ np.linalg.lstsq(others, column, rcond=None)[0] for column in (own, ranks)]
        found[name] = _correlation(*rest)
    return found


def _interval(rho: float, n: int) -> tuple[float | None, float | None]:
    """95 % interval of a rank correlation of n cases.

    Source
    ------
    Bonett, Wright, Psychometrika 65 (2000) 23–28: Fisher's z with variance (1 + ρ²/2) / (n − 3).
    """
    if n < 5 or abs(rho) >= 1.0:
        return None, None
    half = Z * np.sqrt((1.0 + 0.5 * rho**2) / (n - 3))
    return float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half))
