"""How hard an impact must be to just break: few runs, each told by how severe it was."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError

MOST_RUNS = 10
CLOSE = 0.01  # of the severity from 1
JUMP = 1.05  # between the hardest that does not break and the gentlest that does, where breaking is sudden
FASTEST, SLOWEST = 10.0, 0.02  # times what was given


@dataclass(frozen=True)
class Breaking:
    """factor : of the speed or force given, at which the severity is 1. tried : (factor, severity) of every run."""

    factor: float
    tried: tuple[tuple[float, float], ...]


class Unbroken(ConvergenceError):
    """No factor was found; `tried` : (factor, severity) of every run."""

    tried: tuple[tuple[float, float], ...] = ()


def breaking_factor(
    severity: Callable[[float], float], *, first: float | None = None, reach: float = FASTEST
) -> Breaking:
    """The factor on speed or force at which a severity, rising with it, is 1: yield of linear bone, or fracture.

    Strain is nearly in proportion to speed, so the first guess is near; then secants in logarithms within the bracket,
    and halving of the bracket where nothing is told of it but broken or not.

    Parameters
    ----------
    severity : factor → how severe that impact is, 1 where it just breaks.
    first : severity at factor 1, where it is known.
    reach : at most so many times further, or nearer, in one run, until one that breaks and one that does not are known.

    Raises
    ------
    Unbroken
        Where it is not found between a fiftieth and ten times what was given.
    """
    tried = [(1.0, float(severity(1.0) if first is None else first))]
    while True:
        below = max((one for one in tried if one[1] <= 1), default=None)
        above = min((one for one in tried if one[1] > 1), default=None)
        factor, value = min(tried, key=lambda one: abs(np.log(max(one[1], 1e-12))))
        if abs(value - 1) <= CLOSE:
            return Breaking(factor, tuple(tried))
        if below and above and above[0] / below[0] < JUMP:
            return Breaking(float(np.sqrt(above[0] * below[0])), tuple(tried))
        why = _hopeless(below, above, tried)
        if why:
            raise _unbroken(why, tried)
        guess = _within(below, above) if below and above else _towards(*(below or above), reach)
        tried.append((guess, float(severity(guess))))


def _towards(factor: float, value: float, reach: float) -> float:
    """Where one end of the bracket is not known yet: as if severity grew in proportion."""
    return float(np.clip(factor * np.clip(1 / max(value, 1e-12), 1 / reach, reach), SLOWEST, FASTEST))


def _within(below: tuple[float, float], above: tuple[float, float]) -> float:
    """Between the ends of the bracket, in logarithms."""
    share = -np.log(below[1]) / np.log(above[1] / below[1]) if below[1] > 0 else 0.5
    # Not onto an end of the bracket, however steep it is there.
    return float(below[0] * (above[0] / below[0]) ** np.clip(share, 0.1, 0.9))


def _hopeless(below, above, tried) -> str:
    if above is None and below[0] >= FASTEST:
        return f"it does not break at {FASTEST:g} times what was given"
    if below is None and above[0] <= SLOWEST:
        return f"it breaks even at {SLOWEST:g} times what was given: something else than the blow breaks it"
    return f"{len(tried)} runs did not come close to it" if len(tried) > MOST_RUNS else ""


def _unbroken(why: str, tried) -> Unbroken:
    error = Unbroken(
        f"What just breaks was not found: {why}.",
        why="; ".join(f"at {factor:.3g} the severity is {value:.3g}" for factor, value in sorted(tried)),
        remedy="give a speed, height or force that is nearer to it",
    )
    error.tried = tuple(tried)
    return error
