"""Independent draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.sweep.designs.drawn import inside, number_of_draws, seed_of_draws, together


@dataclass(frozen=True)
class MonteCarlo:
    """Independent draws from the distributions; the plainest design, and the one whose statistics are simplest."""

    draws: ClassVar[bool] = True
    repeats: ClassVar[bool] = True
    correlates: ClassVar[bool] = True

    n: int = number_of_draws("cases that are drawn")
    seed: int = seed_of_draws()

    def count(self, sizes: Sequence[int]) -> int:
        """Cases, whatever the axes."""
        return self.n

    def points(self, n_axes: int, correlation: np.ndarray | None = None) -> np.ndarray:
        """Quantiles (n, axes) of every case."""
        points = np.random.default_rng(self.seed).random((self.n, n_axes))
        return inside(points if correlation is None else together(points, correlation))
