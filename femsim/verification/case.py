"""A verification case: a problem whose answer is known, and how far femsim's answer may lie from it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

STATUSES = ("published", "closed form", "independent code")


@dataclass(frozen=True)
class Check:
    """One number held against its known value.

    unit : "-" where there is none.
    tolerance : of the error, which is relative to the reference; to nothing, in `unit`, where absolute.
    """

    quantity: str
    unit: str
    reference: float
    computed: float
    tolerance: float
    absolute: bool = False

    def __post_init__(self):
        if not self.absolute and self.reference == 0:
            raise ValueError(f"{self.quantity}: an error relative to 0 says nothing; make the check absolute.")

    @property
    def error(self) -> float:
        """|computed - reference|, over |reference| unless absolute."""
        away = abs(self.computed - self.reference)
        return float(away if self.absolute else away / abs(self.reference))

    @property
    def passed(self) -> bool:
        """Whether the error keeps to its tolerance; what is not a number does not."""
        return bool(self.error <= self.tolerance)


@dataclass(frozen=True)
class Case:
    """A problem with known answers.

    title : what is loaded how, in a few words.
    source : where the reference values come from: author, year, place; or the formula's name.
    status : of the reference values, one of STATUSES.
    quick : runs in a second or two on two cores, so it belongs to what every user and every commit runs.
    run : solves the problem and gives its checks.
    """

    title: str
    source: str
    status: str
    quick: bool
    run: Callable[[], list[Check]]

    def __post_init__(self):
        if self.status not in STATUSES:
            raise ValueError(f"{self.title}: status {self.status!r} is none of {', '.join(STATUSES)}.")


def furthest(values: np.ndarray, reference: float) -> float:
    """Of many values that should all be the reference, the one furthest from it."""
    values = np.asarray(values, float).ravel()
    return float(values[np.argmax(np.abs(values - reference))])


def worst_of(*runs: list[Check]) -> list[Check]:
    """Of runs that checked the same quantities, each quantity's check with the largest error."""
    return [max(same, key=lambda check: check.error if check.error == check.error else np.inf) for same in zip(*runs)]
