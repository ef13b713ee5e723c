"""The state of something in motion, and what a time scheme asks of the problem."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Motion:
    """One instant. place, speed, acceleration : (n,); forces : what `Moving.evaluate` gave there."""

    time: float
    place: np.ndarray
    speed: np.ndarray
    acceleration: np.ndarray
    forces: Any


class Moving(Protocol):
    """M a = net(x, v, t), as a scheme sees it."""

    def evaluate(self, place: np.ndarray, speed: np.ndarray, time: float) -> Any:
        """Forces; `.net` (n,) is all but inertia, 0 where held."""

    def inertia(self, acceleration: np.ndarray) -> np.ndarray:
        """M a."""

    def accelerated(self, force: np.ndarray) -> np.ndarray:
        """M⁻¹ f."""

    def solve(
        self,
        right: np.ndarray,
        forces: Any,
        mass: float,
        damping: float,
        stiffness: float,
        rtol: float,
        *,
        stable=False,
    ) -> np.ndarray:
        """(mass · M + damping · C + stiffness · K)⁻¹ right, with the tangents where `forces` were evaluated.

        stable : with tangents near those, and definite, where they have kinks.
        """


def started(problem: Moving, place: np.ndarray, speed: np.ndarray, time: float = 0.0) -> Motion:
    """The start of a motion, its acceleration that of the forces there."""
    forces = problem.evaluate(place, speed, time)
    return Motion(time, place, speed, problem.accelerated(forces.net), forces)
