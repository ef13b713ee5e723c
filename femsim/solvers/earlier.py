"""Earlier solutions of nearly the same equations: the best combination of them is where the next solution starts."""

from collections.abc import Callable

import numpy as np

MOST = 100  # solutions; measured on falls of femora, where 60 took 1.7 times the iterations and 16 five times
ROOM = 5e8  # bytes that they may take


class Earlier:
    """What was found so far, orthonormal by a symmetric operator A that stays while others are added to it.

    size : of a solution. most : how many are kept; when there are so many, the older half is forgotten.
    """

    def __init__(self, size: int, most: int = MOST):
        most = int(np.clip(ROOM // (16 * size), min(8, most), most))
        self._x, self._ax, self._count = np.empty((most, size)), np.empty((most, size)), 0

    @property
    def solutions(self) -> np.ndarray:
        """(k, n) A-orthonormal."""
        return self._x[: self._count]

    def nearest(self, b: np.ndarray, added: np.ndarray | float = 0.0) -> np.ndarray | None:
        """The combination (n,) nearest in energy to the solution of (A + B) x = b; None where there is none yet.

        added : (k, k) products of `solutions` by B.
        """
        x = self.solutions
        return np.linalg.solve(np.eye(len(x)) + added, x @ b) @ x if len(x) else None

    def add(self, x: np.ndarray, apply: Callable[[np.ndarray], np.ndarray]) -> None:
        """Keep a solution (n,), or what was missing to it; apply : A times a vector."""
        ax, k = apply(x), self._count
        before = float(x @ ax)
        for _ in range(2):  # a second pass keeps them orthogonal
            shares = self._ax[:k] @ x
            x, ax = x - shares @ self._x[:k], ax - shares @ self._ax[:k]
        rest = float(x @ ax)
        if not rest > 1e-12 * before:  # nothing new but round-off
            return
        if k == len(self._x):
            k //= 2
            for kept in (self._x, self._ax):
                kept[:k] = kept[len(kept) - k :].copy()
        self._x[k], self._ax[k] = x / np.sqrt(rest), ax / np.sqrt(rest)
        self._count = k + 1
