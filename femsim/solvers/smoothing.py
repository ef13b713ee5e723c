"""Chebyshev smoothing of block Jacobi, and the eigenvalue it needs.

Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1; Adams et al., J. Comput. Phys. 188 (2003) 593.
"""

import numpy as np

from femsim.solvers import layout

single = np.float32
POWER_STEPS = 20
EIGENVALUE_MARGIN = 1.2  # power steps stop short of the largest eigenvalue; measured on capped femora
SMOOTHED_RANGE = 10.0  # largest over smallest eigenvalue that the smoother damps; measured on capped femora


def largest_eigenvalue(operator, inverse_blocks: np.ndarray) -> float:
    """Largest eigenvalue of D⁻¹ A, a little short of it, by power steps from a fixed start.

    operator : has `apply`, `shape`; inverse_blocks (n, s, s) single.
    """
    x = np.random.default_rng(0).standard_normal((1, operator.shape[0]), single)
    product, value = np.empty_like(x), 0.0
    for _ in range(POWER_STEPS):
        x *= 1 / np.sqrt(layout.dots(x, x)[0])
        operator.apply(x, product)
        layout.scaled(inverse_blocks, single(1), product, x)
        value = float(layout.norms(x)[0])
        if not value > 0:
            break
    return value


class Workspace:
    """Vectors of single precision kept from call to call: fresh memory costs more than the arithmetic done in it."""

    def __init__(self, size: int):
        self._size, self._kept = size, np.empty(0, single)

    def like(self, b: np.ndarray) -> np.ndarray:
        """As many vectors as b holds, side by side or in rows as b has them, with whatever the last call left."""
        shape = (len(b), self._size, *b.shape[2:])
        if self._kept.size < np.prod(shape):
            self._kept = np.empty(np.prod(shape), single)
        return self._kept[: np.prod(shape)].reshape(shape)


class Chebyshev:
    """Chebyshev iteration on D⁻¹ A over the upper part of its spectrum.

    operator : has `apply`, `shape`; inverse (n, s, s) single, of its diagonal blocks; largest : from
    `largest_eigenvalue`.
    """

    def __init__(self, operator, inverse: np.ndarray, largest: float, degree: int):
        self._operator, self._inverse = operator, inverse
        self._x, self._previous, self._product = (Workspace(operator.shape[0]) for _ in range(3))
        high = EIGENVALUE_MARGIN * largest
        low = high / SMOOTHED_RANGE
        theta, delta = (high + low) / 2, (high - low) / 2
        sigma = theta / delta
        rho = 1 / sigma
        self._turns = [(single(0), single(1 / theta))]
        for _ in range(degree - 1):
            following = 1 / (2 * sigma - rho)
            self._turns.append((single(following * rho), single(2 * following / delta)))
            rho = following

    def start(self, b: np.ndarray) -> np.ndarray:
        """Smoothed from x = 0; the answer stays good until the next call."""
        x, previous = self._x.like(b), self._previous.like(b)
        layout.scaled(self._inverse, self._turns[0][1], b, x)
        previous[:] = 0
        return self._continue(b, x, previous, self._turns[1:])

    def improve(self, b: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Smoothed from the x that `start` gave, since corrected."""
        return self._continue(b, x, self._spare, self._turns)

    def _continue(self, b, x, previous, turns):
        product = self._product.like(b)
        for momentum, step in turns:
            self._operator.apply(x, product)
            layout.smoothed(self._inverse, momentum, step, x, previous, product, b, previous)
            x, previous = previous, x
        self._spare = previous
        return x
