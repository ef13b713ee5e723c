"""Yield stress of trabecular bone of the femoral neck from its density, after Morgan and Keaveny 2001."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength, Ranges
from femsim.materials.strength.strengths import Strengths, without_shear


@dataclass(frozen=True)
class MorganKeaveny2001(BoneStrength):
    """Tension 22.6 ρ^1.26, compression 38.5 ρ^1.48 MPa at 0.2 % offset, ρ apparent; coefficients as usually quoted.

    Measured on trabecular bone alone. Extrapolated to compact bone it is too weak: 51 and 100 MPa at 1.9 g/cm³. Below
    0.09 g/cm³ the two cross. No shear strength is given: √(t c / 3).

    Source
    ------
    Morgan, Keaveny, J Biomech 34 (2001) 569–577.
    """

    site: ClassVar[str] = "femoral neck, trabecular"
    measured: ClassVar[Ranges] = ((0.26, 0.75),)  # as quoted of the stiffness law of the same group
    citation: ClassVar[str] = (
        "Morgan, Keaveny: Dependence of yield strain of human trabecular bone on anatomic site. J Biomech 34 (2001) "
        "569-577"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of apparent densities [g/cm³]."""
        return without_shear(22.6 * density**1.26, 38.5 * density**1.48)
