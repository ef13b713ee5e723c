"""The design that Sobol's indices are estimated from."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.registry import parameter
from femsim.sweep.designs.drawn import MOST, inside, seed_of_draws
from femsim.sweep.designs.sobol import unbalanced


@dataclass(frozen=True)
class Saltelli:
    """Two samples and their mixtures, for Sobol's indices: n × (axes + 2) cases, or n × (2 axes + 2).

    Source: Saltelli et al., Comput. Phys. Commun. 181 (2010) 259–270; as SALib has it.
    """

    draws: ClassVar[bool] = True
    repeats: ClassVar[bool] = True
    correlates: ClassVar[bool] = False

    n: int = parameter(text="rows of the two samples, best a power of two", low=2, high=MOST)
    seed: int = seed_of_draws()
    second_order: bool = parameter(False, text="whether pairs of axes are asked about, which nearly doubles the cases")

    def block(self, n_axes: int) -> int:
        """Cases that stand or fall together."""
        return (2 * n_axes if self.second_order else n_axes) + 2

    def count(self, sizes: Sequence[int]) -> int:
        """Cases for so many axes."""
        return self.n * self.block(len(sizes))

    @property
    def notes(self) -> tuple[str, ...]:
        """What may surprise."""
        return unbalanced(self.n)

    def points(self, n_axes: int, correlation: np.ndarray | None = None) -> np.ndarray:
        """Quantiles (n × block, axes), block after block."""
        from SALib.sample import sobol

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of n that is no power of two: said in `notes`
            return inside(
                sobol.sample(unit_problem(n_axes), self.n, calc_second_order=self.second_order, seed=self.seed)
            )


def unit_problem(n_axes: int) -> dict:
    """Axes as SALib knows them: quantiles between 0 and 1."""
    return {"num_vars": n_axes, "names": [f"x{n}" for n in range(n_axes)], "bounds": [[0.0, 1.0]] * n_axes}
