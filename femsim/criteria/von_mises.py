"""Von Mises stress over the strength of tension or of compression, whichever the state is nearer to."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.criteria.invariants import trace_and_j2


@dataclass(frozen=True)
class VonMises:
    """√(3 J2) over a strength that depends on the triaxiality η = I1 / √(3 J2).

    Pulled bone (η ≥ 1) has its tensile, pressed bone (η ≤ -1) its compressive strength, between them a line: in pure
    shear the mean of both. Switching by the sign of I1 alone would jump there.

    Source
    ------
    Distortion energy with strength by density, as in Keyak, Rossi, J Biomech 33 (2000) 209–214, who take both strengths
    alike. The line is a choice of femsim.
    """

    judges: ClassVar[str] = "stress"

    def ratio(
        self, stress: np.ndarray, strain: np.ndarray | None, strength: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Risk factor (…), homogeneous of degree 1 in the load; 1 where bone yields.

        Parameters
        ----------
        stress : (…, 6) array [MPa], XX YY ZZ XY YZ XZ.
        strain : not asked by a stress criterion.
        strength : (…) arrays [MPa] in tension, compression and shear, all positive; shear is not asked.
        """
        tension, compression, _ = strength
        trace, j2 = trace_and_j2(stress)
        size = np.sqrt(3.0 * j2)
        triaxiality = np.clip(np.divide(trace, size, out=np.zeros_like(size), where=size > 0), -1.0, 1.0)
        return size / (0.5 * (tension + compression) + 0.5 * (tension - compression) * triaxiality)
