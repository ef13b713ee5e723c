"""Stiffness of bone from its ash density over the whole range of densities, after Keller 1994."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import AshLaw, Ranges


@dataclass(frozen=True)
class Keller1994(AshLaw):
    """E = 10500 ρ^2.57 MPa of femur and spine together, ρ in g/cm³ ash; coefficients as usually quoted.

    Source
    ------
    Keller, J Biomech 27 (1994) 1159–1168, doi:10.1016/0021-9290(94)90056-6
    """

    site: ClassVar[str] = "femur and lumbar spine, trabecular and cortical"
    measured: ClassVar[Ranges] = ((0.05, 1.22),)  # ash, as reviews quote it
    doi: ClassVar[str] = "10.1016/0021-9290(94)90056-6"
    citation: ClassVar[str] = (
        "Keller: Predicting the compressive mechanical behavior of bone. J Biomech 27 (1994) 1159-1168, "
        "doi:10.1016/0021-9290(94)90056-6"
    )

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of ash densities [g/cm³]."""
        return 10500.0 * density**2.57
