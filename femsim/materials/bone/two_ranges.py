"""Stiffness of trabecular bone by one law, of cortical bone by another, with a straight bridge between them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.errors import ModelError
from femsim.materials.bone.law import BoneLaw, Ranges
from femsim.materials.bone.morgan_2003 import CITATION, DOI
from femsim.registry import parameter


@dataclass(frozen=True)
class TwoRanges(BoneLaw):
    """Trabecular bone 6850 ρ^1.49 (Morgan 2003), cortical bone 21910 ρ - 23500 MPa, ρ apparent, a line between.

    The two fits cross only at 1.86 g/cm³: switched at 1.1 the modulus would fall from 7.9 to 0.6 GPa. Densities between
    trabecular and cortical bone come about where one element or voxel holds both, so a straight line joins them there.

    Source
    ------
    The switch: Helgason et al., Clin Biomech 23 (2008) 135–146, a review. Cortical line: Snyder, Schneider, J Orthop
    Res 9 (1991) 422–431, as usually quoted. Trabecular: Morgan, Bayraktar, Keaveny, J Biomech 36 (2003) 897–904.
    """

    trabecular_up_to_g_per_cm3: float = parameter(
        1.1,
        text="apparent density up to which the trabecular law holds",
        unit="g/cm3",
        low=0.8,
        high=1.3,
        assumed=True,
        source="practice: 1.0–1.2 g/cm³",
    )
    cortical_from_g_per_cm3: float = parameter(
        1.7,
        text="apparent density from which the cortical line holds",
        unit="g/cm3",
        low=1.5,
        high=1.9,
        assumed=True,
        source="cortical bone 1.7–2.0 g/cm³ apparent",
    )

    site: ClassVar[str] = "femoral neck (trabecular) and tibial shaft (cortical)"
    measured: ClassVar[Ranges] = ((0.26, 0.75), (1.75, 1.95))
    doi: ClassVar[str] = DOI
    citation: ClassVar[str] = (
        f"{CITATION}; above it Snyder, Schneider: Estimation of mechanical properties of cortical bone by computed "
        "tomography. J Orthop Res 9 (1991) 422-431"
    )

    def __post_init__(self):
        low, high = self._ends
        if not high > low:
            raise ModelError(
                f"At {self.cortical_from_g_per_cm3:g} g/cm³ the cortical line gives {high:.0f} MPa, no more than the "
                f"{low:.0f} MPa of trabecular bone at {self.trabecular_up_to_g_per_cm3:g} g/cm³.",
                where="bone law",
                remedy="raise cortical_from_g_per_cm3 or lower trabecular_up_to_g_per_cm3",
            )

    @property
    def _ends(self) -> tuple[float, float]:
        """Moduli [MPa] between which the bridge runs."""
        return float(_trabecular(self.trabecular_up_to_g_per_cm3)), float(_cortical(self.cortical_from_g_per_cm3))

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of apparent densities [g/cm³]."""
        low, high = self.trabecular_up_to_g_per_cm3, self.cortical_from_g_per_cm3
        return np.select(
            [density <= low, density < high],
            [_trabecular(density), np.interp(density, (low, high), self._ends)],
            _cortical(density),
        )


def _trabecular(density):
    return 6850.0 * density**1.49  # Morgan 2003, femoral neck


def _cortical(density):
    return 21910.0 * density - 23500.0  # after Snyder and Schneider 1991
