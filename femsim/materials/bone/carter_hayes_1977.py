"""Stiffness of bone from its apparent density cubed and the rate of strain, after Carter and Hayes 1977."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import BoneLaw, Ranges
from femsim.registry import parameter


@dataclass(frozen=True)
class CarterHayes1977(BoneLaw):
    """E = 3790 ε̇^0.06 ρ³ MPa, ε̇ in 1/s, ρ in g/cm³ apparent; coefficients as usually quoted.

    Source
    ------
    Carter, Hayes, J Bone Joint Surg Am 59 (1977) 954–962.
    """

    strain_rate_per_s: float = parameter(
        0.01,
        text="rate of strain of the activity: 0.01 in walking, 1 to 10 in a fall",
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

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of apparent densities [g/cm³]."""
        return 3790.0 * self.strain_rate_per_s**0.06 * density**3
