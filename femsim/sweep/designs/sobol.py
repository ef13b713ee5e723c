"""A low-discrepancy sequence."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.sweep.designs.drawn import inside, number_of_draws, seed_of_draws


@dataclass(frozen=True)
class SobolSequence:
    """Scrambled Sobol sequence: fills the space of all axes more evenly than draws do; n is best a power of two.

    Source: Owen, J. Complexity 14 (1998) 466–489; as scipy.stats.qmc has it.
    """

    draws: ClassVar[bool] = True
    repeats: ClassVar[bool] = True
    correlates: ClassVar[bool] = False

    n: int = number_of_draws("cases; a power of two keeps the sequence balanced")
    seed: int = seed_of_draws()

    def count(self, sizes: Sequence[int]) -> int:
        """Cases, whatever the axes."""
        return self.n

    @property
    def notes(self) -> tuple[str, ...]:
        """What may surprise."""
        return unbalanced(self.n)

    def points(self, n_axes: int, correlation: np.ndarray | None = None) -> np.ndarray:
        """Quantiles (n, axes) of every case."""
        from scipy.stats import qmc

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of n that is no power of two: said in `notes`
            return inside(qmc.Sobol(n_axes, scramble=True, rng=self.seed).random(self.n))


def unbalanced(n: int) -> tuple[str, ...]:
    """What to say of a length that is no power of two."""
    if n & (n - 1) == 0:
        return ()
    return (f"n = {n} is no power of two: the Sobol sequence is not balanced; {1 << n.bit_length()} would be.",)
