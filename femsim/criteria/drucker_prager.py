"""Drucker and Prager's cone through the strengths in tension and compression."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.criteria.invariants import trace_and_j2


@dataclass(frozen=True)
class DruckerPrager:
    """(√J2 + α I1) / k with α = (c - t) / (√3 (c + t)), k = 2 c t / (√3 (c + t)); 0 where pressure alone acts.

    The surface on which the failure analysis starts to yield.

    Source
    ------
    Drucker, Prager, Quart Appl Math 10 (1952) 157–165.
    """

    judges: ClassVar[str] = "stress"

    def ratio(
        self, stress: np.ndarray, strain: np.ndarray | None, strength: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Risk factor (…); arguments as of `VonMises.ratio`. Shear strength is not asked: 2 c t / (√3 (c + t))."""
        tension, compression, _ = strength
        trace, j2 = trace_and_j2(stress)
        size = np.sqrt(3.0 * j2)
        both = 2.0 * tension * compression
        return np.maximum((size * (compression + tension) + trace * (compression - tension)) / both, 0.0)
