"""Strength of trabecular bone in tension, compression and shear from its density, after Kaplan 1985 and Stone 1983."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength, Ranges
from femsim.materials.strength.strengths import Strengths


@dataclass(frozen=True)
class KaplanStone(BoneStrength):
    """Tension 14.5 ρ^1.71, compression 32.4 ρ^1.85, shear 21.6 ρ^1.65 MPa, ρ apparent; as usually quoted.

    Measured on trabecular bone alone; in compact bone of 1.9 g/cm³ it gives 43, 106 and 62 MPa. The range of density of
    the specimens is not known here.

    Source
    ------
    Kaplan, Hayes, Stone, Beaupré, J Biomech 18 (1985) 723–727, tension and compression; Stone, Beaupré, Hayes, J
    Biomech 16 (1983) 743–752, shear. Used together in Hoffman's criterion by femur models.
    """

    site: ClassVar[str] = "trabecular"
    measured: ClassVar[Ranges] = ()
    citation: ClassVar[str] = (
        "Kaplan, Hayes, Stone, Beaupré: Tensile strength of bovine trabecular bone. J Biomech 18 (1985) 723-727; "
        "Stone, Beaupré, Hayes: Multiaxial strength characteristics of trabecular bone. J Biomech 16 (1983) 743-752"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of apparent densities [g/cm³]."""
        return Strengths(14.5 * density**1.71, 32.4 * density**1.85, 21.6 * density**1.65)
