"""One of the listed values, each with its own weight."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.registry import parameter


@dataclass(frozen=True)
class Choice:
    """One of the values of the axis, each as likely as its weight says; without weights all are equally likely."""

    of_levels: ClassVar[bool] = True

    weights: tuple[float, ...] = parameter(text="a number for each of the values", low=0.0)

    def __post_init__(self):
        if sum(self.weights) <= 0.0:
            raise ValueError("the weights are all 0.")

    def ppf(self, quantile):
        """The place among the values."""
        shares = np.cumsum(self.weights) / np.sum(self.weights)
        return np.minimum(np.searchsorted(shares, quantile, side="right"), len(self.weights) - 1)
