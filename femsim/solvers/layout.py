"""Several vectors at once: one after the other as rows, or eight side by side as a panel.

Rows are (v, n). A panel is (1, n, 8): the same number of all eight vectors lies together, so that a number of the
matrix, once loaded, serves them all. Everything iterative works on either by these functions.
"""

import numpy as np

from femsim.solvers.kernels import blocks, panels, vectors
from femsim.solvers.kernels.lanes import LANES

PANEL = LANES  # vectors in a panel


def is_panel(x: np.ndarray) -> bool:
    return x.ndim == 3


def packed(rows: np.ndarray) -> np.ndarray:
    """Panel of up to eight rows (v, n), the rest 0."""
    panel = np.zeros((1, rows.shape[1], PANEL), rows.dtype)
    panel[0, :, : len(rows)] = rows.T
    return panel


def rows_of(x: np.ndarray, count: int | None = None) -> np.ndarray:
    """The first `count` vectors of a panel, or all, as rows (count, n); rows as they are."""
    return np.ascontiguousarray(x[0, :, :count].T) if is_panel(x) else x


def count_of(x: np.ndarray) -> int:
    """How many vectors x holds."""
    return x.shape[2] if is_panel(x) else len(x)


def dots(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(v,) products of the vectors of a with those of b."""
    result = np.empty(count_of(a))
    if is_panel(a):
        panels.fill_dots(a.reshape(-1), b.reshape(-1), result)
    else:
        vectors.fill_dots(a, b, result)
    return result


def norms(a: np.ndarray) -> np.ndarray:
    """(v,) Euclidean length of each vector."""
    return np.sqrt(dots(a, a))


def take_step(x, r, p, q, alpha) -> np.ndarray:
    """x += α p, r -= α q for each vector; returns r·r (v,)."""
    squares = np.empty(count_of(x))
    if is_panel(x):
        panels.take_step(x.reshape(-1), r.reshape(-1), p.reshape(-1), q.reshape(-1), alpha, squares)
    else:
        vectors.take_step(x, r, p, q, alpha, squares)
    return squares


def turn(p, z, beta) -> None:
    """p ← z + β p for each vector."""
    if is_panel(p):
        panels.turn(p.reshape(-1), z.reshape(-1), beta)
    else:
        vectors.turn(p, z, beta)


def copy(source, target) -> None:
    """target ← source, in the precision of target."""
    vectors.fill_copy(source.reshape(-1), target.reshape(-1))


def scaled(inverse_blocks, step, b, y) -> None:
    """y ← step · D⁻¹ b."""
    if is_panel(b):
        panels.fill_scaled(inverse_blocks, step, b.reshape(-1), y.reshape(-1))
    else:
        blocks.fill_scaled(inverse_blocks, step, b, y)


def smoothed(inverse_blocks, momentum, step, x, previous, product, b, y) -> None:
    """y ← x + momentum (x - previous) + step · D⁻¹ (b - product); y may be previous."""
    if is_panel(b):
        flat = (a.reshape(-1) for a in (x, previous, product, b, y))
        panels.fill_smoothed(inverse_blocks, momentum, step, *flat)
    else:
        blocks.fill_smoothed(inverse_blocks, momentum, step, x, previous, product, b, y)
