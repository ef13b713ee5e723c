"""Strength of bone from its ash density over the whole range of densities, after Keller 1994."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import AshStrength, Ranges
from femsim.materials.strength.strengths import Strengths, without_shear


@dataclass(frozen=True)
class Keller1994Strength(AshStrength):
    """116 ρ^2.03 MPa in tension as in compression, ρ in g/cm³ ash; coefficients as usually quoted.

    Measured in compression; that tension bears as much is assumed.

    Source
    ------
    Keller, J Biomech 27 (1994) 1159–1168, doi:10.1016/0021-9290(94)90056-6
    """

    site: ClassVar[str] = "femur and lumbar spine, trabecular and cortical"
    measured: ClassVar[Ranges] = ((0.05, 1.22),)  # ash, as reviews quote it
    citation: ClassVar[str] = (
        "Keller: Predicting the compressive mechanical behavior of bone. J Biomech 27 (1994) 1159-1168, "
        "doi:10.1016/0021-9290(94)90056-6"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of ash densities [g/cm³]."""
        strength = 116.0 * density**2.03
        return without_shear(strength, strength)
