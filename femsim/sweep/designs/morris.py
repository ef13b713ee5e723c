"""The design that elementary effects are estimated from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.registry import parameter
from femsim.sweep.designs.drawn import seed_of_draws
from femsim.sweep.designs.saltelli import unit_problem


@dataclass(frozen=True)
class Morris:
    """Walks that change one axis after the other: n × (axes + 1) cases say which axes matter at all.

    An axis has `grid` equally likely quantiles, the middles of as many slices.

    Source: Morris, Technometrics 33 (1991) 161–174; as SALib has it.
    """

    draws: ClassVar[bool] = True
    repeats: ClassVar[bool] = True
    correlates: ClassVar[bool] = False

    n: int = parameter(text="walks; 10 to 50 are usual", low=2, high=100_000)
    seed: int = seed_of_draws()
    grid: int = parameter(4, text="values that an axis takes, an even number", low=2, high=100)

    def __post_init__(self):
        if self.grid % 2:
            raise ValueError(f"grid = {self.grid} is odd; Morris' walks need an even number.")

    def block(self, n_axes: int) -> int:
        """Cases of a walk, which stand or fall together."""
        return n_axes + 1

    def count(self, sizes: Sequence[int]) -> int:
        """Cases for so many axes."""
        return self.n * self.block(len(sizes))

    def points(self, n_axes: int, correlation: np.ndarray | None = None) -> np.ndarray:
        """Quantiles (n × block, axes), walk after walk."""
        return (self.walks(n_axes) * (self.grid - 1) + 0.5) / self.grid

    def walks(self, n_axes: int) -> np.ndarray:
        """Places (n × block, axes) from 0 to 1 on the grid, as the analysis wants them."""
        from SALib.sample import morris

        return morris.sample(unit_problem(n_axes), self.n, num_levels=self.grid, seed=self.seed)
