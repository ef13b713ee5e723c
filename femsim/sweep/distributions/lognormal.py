"""A distribution whose logarithm is normal."""

import math
from dataclasses import dataclass
from typing import ClassVar

from femsim.registry import parameter


@dataclass(frozen=True)
class Lognormal:
    """A distribution whose logarithm is normal: for what scatters by a factor, between two limits where they are given.

    Two thirds of all values lie between median / geometric_sd and median × geometric_sd.
    """

    of_levels: ClassVar[bool] = False

    median: float = parameter(text="median before it is cut, above 0, in the unit of the key", low=0.0)
    geometric_sd: float = parameter(text="geometric standard deviation, a factor above 1", unit="-", low=1.0)
    low: float | None = parameter(None, text="least value that is drawn; by default there is none")
    high: float | None = parameter(None, text="largest value that is drawn; by default there is none")

    def __post_init__(self):
        if self.median <= 0.0 or self.geometric_sd <= 1.0:
            raise ValueError("median must be above 0 and geometric_sd above 1.")
        low, high = self._cuts()
        if high - low < 1e-6:
            raise ValueError("nearly nothing of the distribution lies between low and high.")

    def ppf(self, quantile):
        """The value below which this share of what is drawn lies."""
        import numpy as np
        from scipy.special import ndtri

        low, high = self._cuts()
        return self.median * np.exp(math.log(self.geometric_sd) * ndtri(low + quantile * (high - low)))

    def _cuts(self) -> tuple[float, float]:
        """Quantiles of the whole distribution at the limits."""
        return self._share(self.low, 0.0), self._share(self.high, 1.0)

    def _share(self, limit: float | None, without: float) -> float:
        from scipy.special import ndtr

        if limit is None:
            return without
        if limit <= 0.0:
            return 0.0
        return float(ndtr(math.log(limit / self.median) / math.log(self.geometric_sd)))
