"""Gauss's normal distribution."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.registry import parameter


@dataclass(frozen=True)
class Normal:
    """Gauss's normal distribution, for keys far from their limits; else take truncated_normal."""

    of_levels: ClassVar[bool] = False

    mean: float = parameter(text="mean, in the unit of the key")
    sd: float = parameter(text="standard deviation, above 0", low=0.0)

    def __post_init__(self):
        refuse_no_spread(self.sd)

    def ppf(self, quantile):
        """The value below which this share lies."""
        from scipy.special import ndtri

        return self.mean + self.sd * ndtri(quantile)


def refuse_no_spread(sd: float) -> None:
    """A deviation of nothing is a constant."""
    if sd <= 0.0:
        raise ValueError("sd is 0, so nothing is varied; a number above 0 is expected.")
