"""Tsai and Wu's criterion for isotropic material: strengths in tension, compression and shear."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.criteria.invariants import trace_and_j2
from femsim.criteria.quadratic import risk_of


@dataclass(frozen=True)
class TsaiWu:
    """(1/t - 1/c) I1 + (1/(t c) - 1/(3 s²)) I1² + J2 / s² = 1, solved for the multiple of the load.

    In all frames alike only where F12 = F11 - 1/(2 s²), which gives this form. A shear strength below √(t c / 3) would
    leave the surface open under pressure from all sides, where nothing ever failed: it is raised to that, and then this
    is Hoffman's criterion. So it is with every strength law that gives no shear strength of its own.

    Source
    ------
    Tsai, Wu, J Compos Mater 5 (1971) 58–80.
    """

    judges: ClassVar[str] = "stress"

    def ratio(
        self, stress: np.ndarray, strain: np.ndarray | None, strength: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Risk factor (…); arguments as of `VonMises.ratio`."""
        tension, compression, shear = strength
        trace, j2 = trace_and_j2(stress)
        both = tension * compression
        by_shear = 1.0 / np.maximum(np.square(shear), both / 3.0)
        # Rounding may leave a little less than nothing of the difference.
        of_pressure = np.maximum(1.0 / both - by_shear / 3.0, 0.0)
        return risk_of((1.0 / tension - 1.0 / compression) * trace, of_pressure * trace * trace + by_shear * j2)
