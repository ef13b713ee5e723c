"""Strength of bone from its apparent density squared and the rate of strain, after Carter and Hayes 1977."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength, Ranges
from femsim.materials.strength.strengths import Strengths, without_shear
from femsim.registry import parameter


@dataclass(frozen=True)
class CarterHayes1977Strength(BoneStrength):
    """68 ε̇^0.06 ρ² MPa in tension as in compression, ε̇ in 1/s, ρ apparent; coefficients as usually quoted.

    Measured in compression; that tension bears as much is assumed.

    Source
    ------
    Carter, Hayes, J Bone Joint Surg Am 59 (1977) 954–962.
    """

    strain_rate_per_s: float = parameter(
        0.01,
        text="rate of strain of the law itself; with [bone.rate] it must be the reference of that table",
        unit="1/s",
        low=1e-5,
        high=20,
        assumed=True,
        source="order of magnitude in walking",
    )

    site: ClassVar[str] = "human tibial plateau and bovine femoral condyle, trabecular and compact"
    measured: ClassVar[Ranges] = ((0.07, 1.97),)  # apparent, as reviews quote it
    citation: ClassVar[str] = (
        "Carter, Hayes: The compressive behavior of bone as a two-phase porous structure. "
        "J Bone Joint Surg Am 59 (1977) 954-962"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of apparent densities [g/cm³]."""
        strength = 68.0 * self.strain_rate_per_s**0.06 * density**2
        return without_shear(strength, strength)
