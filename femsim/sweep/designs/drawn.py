"""What designs share that draw quantiles rather than list levels: their keys, and axes that go together."""

import numpy as np

from femsim.registry import parameter

MOST = 10_000_000
LEAST_QUANTILE = 1e-9  # of unbounded distributions, whose ends are infinite


def number_of_draws(text: str) -> int:
    """The key n of a design."""
    return parameter(text=text, low=1, high=MOST)


def seed_of_draws() -> int:
    """The key seed: given, so that the same file is the same cases."""
    return parameter(text="whole number that the draws follow from: the same seed gives the same cases", low=0)


def inside(points: np.ndarray) -> np.ndarray:
    """Quantiles kept off 0 and 1."""
    return np.clip(points, LEAST_QUANTILE, 1.0 - LEAST_QUANTILE)


def normal_correlation(n_axes: int, pairs) -> np.ndarray:
    """Correlation (d, d) of normal variables whose ranks are correlated as pairs (axis, axis, Spearman's ρ) say.

    Source
    ------
    Pearson's relation for the bivariate normal: ρ_normal = 2 sin(π ρ_s / 6).
    """
    matrix = np.eye(n_axes)
    for a, b, rank in pairs:
        matrix[a, b] = matrix[b, a] = 2.0 * np.sin(np.pi * rank / 6.0)
    return matrix


def is_possible(matrix: np.ndarray) -> bool:
    """Whether variables can be so correlated."""
    return float(np.linalg.eigvalsh(matrix)[0]) > 1e-9


def together(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Independent quantiles (n, d) made to go together, by a Gaussian copula."""
    from scipy.special import ndtr, ndtri

    return ndtr(ndtri(inside(points)) @ np.linalg.cholesky(matrix).T)


def reordered(points: np.ndarray, matrix: np.ndarray, seed: int) -> np.ndarray:
    """Quantiles (n, d) put in another order, column by column, so that they go together: each column keeps its values.

    Source
    ------
    Iman, Conover, Commun. Stat. Simul. Comput. 11 (1982) 311–334, with normal scores.
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    n, d = points.shape
    rng = np.random.default_rng(seed)
    usual = ndtri((np.arange(n) + 0.5) / n)
    scores = np.column_stack([rng.permutation(usual) for _ in range(d)])
    if n > d + 1:  # what the shuffling happened to correlate is taken out first
        scores = scores @ np.linalg.inv(np.linalg.cholesky(np.corrcoef(scores.T).reshape(d, d))).T
    scores = scores @ np.linalg.cholesky(matrix).T
    ranks = np.column_stack([rankdata(column, method="ordinal") - 1 for column in scores.T])
    return np.take_along_axis(np.sort(points, axis=0), ranks, axis=0)
