"""Hoffman's criterion for isotropic material: unlike strengths in tension and compression, quadratic in stress."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.criteria.invariants import trace_and_j2
from femsim.criteria.quadratic import risk_of


@dataclass(frozen=True)
class Hoffman:
    """(1/t - 1/c) I1 + 3 J2 / (t c) = 1, solved for the multiple of the load.

    The same in all frames only where shear bears √(t c / 3): a shear strength of its own is not asked.

    Source
    ------
    Hoffman, J Compos Mater 1 (1967) 200–206.
    """

    judges: ClassVar[str] = "stress"

    def ratio(
        self, stress: np.ndarray, strain: np.ndarray | None, strength: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Risk factor (…); arguments as of `VonMises.ratio`."""
        tension, compression, _ = strength
        trace, j2 = trace_and_j2(stress)
        return risk_of((1.0 / tension - 1.0 / compression) * trace, 3.0 * j2 / (tension * compression))
