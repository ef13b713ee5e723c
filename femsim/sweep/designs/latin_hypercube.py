"""Draws that cover every axis evenly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.sweep.designs.drawn import inside, number_of_draws, reordered, seed_of_draws


@dataclass(frozen=True)
class LatinHypercube:
    """Draws of which one lies in each of n equally likely slices of every axis.

    Source: McKay, Beckman, Conover, Technometrics 21 (1979) 239–245; as scipy.stats.qmc has it.
    """

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
        from scipy.stats import qmc

        points = qmc.LatinHypercube(n_axes, rng=self.seed).random(self.n)
        return inside(points if correlation is None else reordered(points, correlation, self.seed))
