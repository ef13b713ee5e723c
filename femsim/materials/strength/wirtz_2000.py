"""Strength of cancellous and cortical femoral bone along its grain, after Wirtz 2000."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength, Ranges
from femsim.materials.strength.strengths import Strengths, without_shear
from femsim.registry import parameter

CANCELLOUS_END, CORTICAL_BEGIN = 1.0, 1.7  # g/cm³ apparent; limits of the two sorts of bone


@dataclass(frozen=True)
class Wirtz2000Strength(BoneStrength):
    """Compression along the grain: cancellous 40.8 ρ^1.89, cortical 72.4 ρ^1.88 MPa, a line between; as quoted.

    The two fits never meet, so a straight line joins them between 1.0 and 1.7 g/cm³ apparent, where hardly any bone
    lies. Tension is not given: a ratio, assumed.

    Source
    ------
    Wirtz, Schiffers, Pandorf, Radermacher, Weichert, Forst, J Biomech 33 (2000) 1325–1330: a meta-analysis.
    """

    tension_per_compression: float = parameter(
        0.6,
        text="strength in tension over that in compression",
        unit="-",
        low=0.35,
        high=1.0,
        assumed=True,
        source="22.6 to 38.5 MPa in trabecular bone (Morgan, Keaveny), 133 to 200 in cortical (Reilly, Burstein)",
    )

    site: ClassVar[str] = "femur, cancellous and cortical, gathered from the literature"
    measured: ClassVar[Ranges] = ((0.05, 1.0), (1.7, 2.0))  # limits of the two sorts of bone, not of one experiment
    citation: ClassVar[str] = (
        "Wirtz, Schiffers, Pandorf, Radermacher, Weichert, Forst: Critical evaluation of known bone material "
        "properties to realize anisotropic FE-simulation of the proximal femur. J Biomech 33 (2000) 1325-1330"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of apparent densities [g/cm³]."""
        ends = (CANCELLOUS_END, CORTICAL_BEGIN)
        compression = np.select(
            [density <= CANCELLOUS_END, density < CORTICAL_BEGIN],
            [_cancellous(density), np.interp(density, ends, (_cancellous(ends[0]), _cortical(ends[1])))],
            _cortical(density),
        )
        return without_shear(self.tension_per_compression * compression, compression)


def _cancellous(density):
    return 40.8 * density**1.89


def _cortical(density):
    return 72.4 * density**1.88
