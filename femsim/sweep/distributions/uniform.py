"""All values between two limits equally likely."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.registry import parameter


@dataclass(frozen=True)
class Uniform:
    """All values between two limits equally likely."""

    of_levels: ClassVar[bool] = False

    low: float = parameter(text="least value, in the unit of the key")
    high: float = parameter(text="largest value")

    def __post_init__(self):
        if not self.low < self.high:
            raise ValueError(f"low = {self.low:g} is not below high = {self.high:g}.")

    def ppf(self, quantile):
        """The value below which this share lies."""
        return self.low + quantile * (self.high - self.low)
