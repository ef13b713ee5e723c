"""How far to go along a step of Newton's method, and which tangent to take where the exact one goes to and fro."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FALLEN = 0.8  # share of its slope that the search along a step must get rid of, where it does not halve the residual
TRIES = 5
CIRCLING = 0.9  # fall of the residual above which the exact tangent is taken to go to and fro


def along(
    residual: Callable[[np.ndarray], tuple[np.ndarray, Any]],
    start: np.ndarray,
    step: np.ndarray,
    rest: np.ndarray,
    *,
    most: float = np.inf,
) -> tuple[np.ndarray, np.ndarray, Any] | None:
    """The place along a step where the residual does little work along it or is halved, else where it is least.

    Parameters
    ----------
    residual : place → residual there, and what else the caller wants of the place. Last asked at the place returned.
    rest : residual at the start.
    most : times the residual at the start, what it must stay below where it does little work.

    Returns
    -------
    place, residual, the rest of what was told there; None where no residual was finite.
    """
    before, norm = float(step @ rest), float(np.linalg.norm(rest))
    share, best = 1.0, None
    for _ in range(TRIES):
        there = start + share * step
        left, more = residual(there)
        work, size = float(step @ left), float(np.linalg.norm(left))
        if not np.isfinite(size):
            share *= 0.25
            continue
        if best is None or size < best[0]:
            best = size, there
        if size <= 0.5 * norm or (abs(work) <= FALLEN * abs(before) and size < most * norm):
            return there, left, more
        secant = before / (before - work) if before != work else 0.5
        share *= float(np.clip(secant, 0.2, 0.7)) if 0 < secant < 1 else 0.5
    return None if best is None else (best[1], *residual(best[1]))


@dataclass
class Circling:
    """Says when to take a tangent that is near the exact one and definite: that may go to and fro for ever between two
    sides of a kink. One iteration the first time, then two, then four.
    """

    _times: int = field(default=0, init=False)
    _left: int = field(default=0, init=False)

    @property
    def is_steady(self) -> bool:
        """Whether the next iteration takes it."""
        return self._left > 0

    def fell(self, share: float) -> None:
        """An iteration left this share of the residual."""
        if self._left:
            self._left -= 1
        elif share > CIRCLING:
            self._left = 2**self._times
            self._times += 1
