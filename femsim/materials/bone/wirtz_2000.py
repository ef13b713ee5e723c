"""Stiffness of cortical and cancellous femoral bone along and across its grain, after Wirtz 2000."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import BoneLaw, Ranges

# Where the two axial fits meet: 2065 ρ^3.09 = 1904 ρ^1.64 [g/cm³]. Taken as the border between cancellous and cortical
# bone, so that the modulus has no jump.
BORDER = (1904.0 / 2065.0) ** (1.0 / (3.09 - 1.64))


@dataclass(frozen=True)
class Wirtz2000(BoneLaw):
    """Along the grain: cancellous E = 1904 ρ^1.64, cortical 2065 ρ^3.09 MPa from 0.95 g/cm³ up, ρ apparent.

    Across it, for orthotropic bone: cancellous 1157 ρ^1.78, cortical 2314 ρ^1.57 MPa. Coefficients as usually quoted.

    Source
    ------
    Wirtz, Schiffers, Pandorf, Radermacher, Weichert, Forst, J Biomech 33 (2000) 1325–1330: a meta-analysis.
    """

    site: ClassVar[str] = "femur, cancellous and cortical, gathered from the literature"
    measured: ClassVar[Ranges] = ((0.05, 1.0), (1.7, 2.0))  # limits of the two sorts of bone, not of one experiment
    citation: ClassVar[str] = (
        "Wirtz, Schiffers, Pandorf, Radermacher, Weichert, Forst: Critical evaluation of known bone material "
        "properties to realize anisotropic FE-simulation of the proximal femur. J Biomech 33 (2000) 1325-1330"
    )

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] along the grain, of apparent densities [g/cm³]."""
        return np.where(density < BORDER, 1904.0 * density**1.64, 2065.0 * density**3.09)

    def transverse_modulus(self, density: np.ndarray) -> np.ndarray:
        """Young's modulus [MPa] across the grain, never above that along it.

        The two transverse fits do not meet: at the border they jump from 0.60 of the axial modulus to all of it.
        Between 0.95 and about 1.1 g/cm³, where hardly any bone lies, the axial modulus limits the cortical one.
        """
        density = self.checked(density)
        across = np.where(density < BORDER, 1157.0 * density**1.78, 2314.0 * density**1.57)
        return np.minimum(self.factor * across, self.modulus(density))
