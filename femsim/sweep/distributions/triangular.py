"""Likeliest at one value, falling straight to nothing at two limits."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.registry import parameter


@dataclass(frozen=True)
class Triangular:
    """Likeliest at one value, falling straight to nothing at two limits: for what only experience tells."""

    of_levels: ClassVar[bool] = False

    low: float = parameter(text="least value, in the unit of the key")
    mode: float = parameter(text="likeliest value")
    high: float = parameter(text="largest value")

    def __post_init__(self):
        if not (self.low < self.high and self.low <= self.mode <= self.high):
            raise ValueError(f"low, mode, high are {self.low:g}, {self.mode:g}, {self.high:g}; they must rise.")

    def ppf(self, quantile):
        """The value below which this share lies."""
        from scipy.stats import triang

        width = self.high - self.low
        return triang.ppf(quantile, (self.mode - self.low) / width, loc=self.low, scale=width)
