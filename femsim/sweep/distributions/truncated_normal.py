"""A normal distribution between two limits."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.registry import parameter
from femsim.sweep.distributions.normal import refuse_no_spread


@dataclass(frozen=True)
class TruncatedNormal:
    """A normal distribution of which only what lies between two limits is drawn; mean and sd are of the whole one."""

    of_levels: ClassVar[bool] = False

    mean: float = parameter(text="mean before it is cut, in the unit of the key")
    sd: float = parameter(text="standard deviation before it is cut, above 0", low=0.0)
    low: float = parameter(text="least value that is drawn")
    high: float = parameter(text="largest value that is drawn")

    def __post_init__(self):
        from scipy.special import ndtr

        refuse_no_spread(self.sd)
        if not self.low < self.high:
            raise ValueError(f"low = {self.low:g} is not below high = {self.high:g}.")
        a, b = ((end - self.mean) / self.sd for end in (self.low, self.high))
        if ndtr(b) - ndtr(a) < 1e-6:
            raise ValueError(f"nearly nothing of N({self.mean:g}, {self.sd:g}) lies in {self.low:g} to {self.high:g}.")

    def ppf(self, quantile):
        """The value below which this share of what is drawn lies."""
        from scipy.stats import truncnorm

        a, b = ((end - self.mean) / self.sd for end in (self.low, self.high))
        return truncnorm.ppf(quantile, a, b, loc=self.mean, scale=self.sd)
