"""Means and percentiles in which every value counts by the volume it stands for."""

import numpy as np


def mean(values: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean of arrays of one shape."""
    return float(np.sum(values * weights) / np.sum(weights))


def percentile(values: np.ndarray, weights: np.ndarray, percent: float) -> float:
    """Smallest of the values below or at which at least `percent` of the weight lies."""
    values, weights = np.ravel(values), np.ravel(weights)
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    # The last sum falls short of the total by rounding, hence the clip.
    row = np.searchsorted(below, percent / 100.0 * below[-1], side="left")
    return float(values[order[min(row, len(order) - 1)]])


def top_percentile(values: np.ndarray, weights: np.ndarray, percent: float) -> float:
    """`percentile` of a high percent, by sorting only the values that can matter."""
    n = len(values)
    highest = int(n * (1.0 - percent / 100.0) * 4) + 1
    if 2 * highest >= n:
        return percentile(values, weights, percent)
    chosen = np.argpartition(values, n - highest)[n - highest :]
    order = chosen[np.argsort(values[chosen], kind="stable")]
    total = weights.sum()
    below = total - weights[order].sum() + np.cumsum(weights[order])
    if below[0] >= percent / 100.0 * total:  # the highest few are heavier than that
        return percentile(values, weights, percent)
    row = np.searchsorted(below, percent / 100.0 * total, side="left")
    return float(values[order[min(row, len(order) - 1)]])


def share(condition: np.ndarray, weights: np.ndarray) -> float:
    """Share of the weight where the condition holds."""
    return float(np.sum(weights[condition]) / np.sum(weights))
