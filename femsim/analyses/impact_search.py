"""The speed, or height, at which an impact just breaks: few runs, each told by how severe it was."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError

MOST_RUNS = 8
CLOSE = 0.01  # of the severity from 1
FASTEST, SLOWEST = 10.0, 0.02  # times the speed given


@dataclass(frozen=True)
class Breaking:
    """factor : of the speed given, at which the severity is 1. tried : (factor, severity) of every run."""

    factor: float
    tried: tuple[tuple[float, float], ...]

    def speed(self, given: float) -> float:
        """The speed, in the unit of the one given."""
        return self.factor * given

    def height(self, given: float) -> float:
        """The drop height that gives that speed: it grows with its square."""
        return self.factor**2 * given


def breaking_factor(severity: Callable[[float], float], *, first: float | None = None) -> Breaking:
    """The factor on the speed at which a severity, rising with it, is 1: yield of linear bone, or fracture.

    Force is nearly in proportion to speed, so the first guess is near; then secants in logarithms within the bracket.

    Parameters
    ----------
    severity : factor on the speed → largest risk factor of the impact at that speed.
    first : severity at factor 1, where it is known.

    Raises
    ------
    ConvergenceError
        Where it is not found between a fiftieth and ten times the speed given.
    """
    tried = [(1.0, float(severity(1.0) if first is None else first))]
    for _ in range(MOST_RUNS):
        factor, value = min(tried, key=lambda one: abs(np.log(max(one[1], 1e-12))))
        if abs(value - 1) <= CLOSE:
            return Breaking(factor, tuple(tried))
        guess = _guess(tried, factor, value)
        if any(abs(guess / one[0] - 1) < 1e-9 for one in tried):
            break
        tried.append((guess, float(severity(guess))))
    below = [one for one in tried if one[1] <= 1]
    above = [one for one in tried if one[1] > 1]
    if below and above and min(above)[0] / max(below)[0] < 1.05:  # a jump, as where bone breaks at once
        return Breaking(float(np.sqrt(min(above)[0] * max(below)[0])), tuple(tried))
    raise ConvergenceError(
        f"The speed that just breaks was not found in {len(tried)} runs between {SLOWEST:g} and {FASTEST:g} times "
        "the one given.",
        why="; ".join(f"at {factor:.3g} the severity is {value:.3g}" for factor, value in sorted(tried)),
        remedy="give a speed that is nearer to it",
    )


def _guess(tried, factor: float, value: float) -> float:
    below = max((one for one in tried if one[1] <= 1), default=None)
    above = min((one for one in tried if one[1] > 1), default=None)
    if below is None or above is None or not below[1] > 0:
        return float(np.clip(factor / max(value, 1e-3), SLOWEST, FASTEST))
    share = -np.log(below[1]) / np.log(above[1] / below[1])
    # Not onto an end of the bracket, however steep it is there.
    return float(below[0] * (above[0] / below[0]) ** np.clip(share, 0.1, 0.9))
