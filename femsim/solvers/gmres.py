"""Generalised minimal residuals, for tangents that are not symmetric or not definite, with any preconditioner."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Minimised:
    """x : (n,); iterations; residual : measured ‖b - A x‖ / ‖b‖."""

    x: np.ndarray
    iterations: int
    residual: float


def gmres(
    apply: Callable[[np.ndarray], np.ndarray],
    precondition: Callable[[np.ndarray], np.ndarray],
    b: np.ndarray,
    *,
    rtol: float,
    restart: int = 80,
    most: int = 240,
) -> Minimised:
    """Solve A x = b as far as rtol, or as `most` iterations go: the caller reads `residual`.

    The flexible form: the preconditioner may be in single precision, or change from step to step.

    Parameters
    ----------
    apply, precondition : (n,) → (n,)
    b : (n,)
    restart : directions that are kept, two vectors each.

    Source
    ------
    Saad, SIAM J. Sci. Comput. 14 (1993) 461-469, algorithm 2.2.
    """
    x, size = np.zeros_like(b), float(np.linalg.norm(b))
    if size == 0.0:
        return Minimised(x, 0, 0.0)
    iterations, r = 0, b
    while True:
        r, done = _cycle(apply, precondition, r, x, rtol * size, min(restart, most - iterations), b)
        iterations += done
        residual = float(np.linalg.norm(r)) / size
        if not residual > rtol or iterations >= most or done == 0:
            return Minimised(x, iterations, residual)


def _cycle(apply, precondition, r, x, target, restart, b) -> tuple[np.ndarray, int]:
    """Adds to x what one cycle finds; returns the true residual and the iterations."""
    beta = float(np.linalg.norm(r))
    if not beta > target:
        return r, 0
    basis, steps = np.empty((restart + 1, len(r))), np.empty((restart, len(r)))
    basis[0] = r / beta
    hessenberg, turns = np.zeros((restart + 1, restart)), np.zeros((restart, 2))
    right = np.zeros(restart + 1)
    right[0] = beta
    k = 0
    for k in range(restart):
        steps[k] = precondition(basis[k])
        w = apply(steps[k])
        for _ in range(2):  # a second pass keeps the directions square to each other
            shares = basis[: k + 1] @ w
            w = w - shares @ basis[: k + 1]
            hessenberg[: k + 1, k] += shares
        height = float(np.linalg.norm(w))
        if not np.isfinite(height):
            break
        for i in range(k):  # the turns so far
            c, s = turns[i]
            above, below = hessenberg[i, k], hessenberg[i + 1, k]
            hessenberg[i, k], hessenberg[i + 1, k] = c * above + s * below, c * below - s * above
        length = float(np.hypot(hessenberg[k, k], height))
        if length == 0.0:
            break
        turns[k] = hessenberg[k, k] / length, height / length
        hessenberg[k, k] = length
        right[k + 1], right[k] = -turns[k, 1] * right[k], turns[k, 0] * right[k]
        if abs(right[k + 1]) <= 0.9 * target or height <= 1e-14 * length:
            k += 1
            break
        basis[k + 1] = w / height
    else:
        k = restart
    if k:
        y = np.linalg.solve(np.triu(hessenberg[:k, :k]), right[:k])
        x += y @ steps[:k]
    return b - apply(x), k
