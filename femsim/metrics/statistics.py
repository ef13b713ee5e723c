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


def share(condition: np.ndarray, weights: np.ndarray) -> float:
    """Share of the weight where the condition holds."""
    return float(np.sum(weights[condition]) / np.sum(weights))
