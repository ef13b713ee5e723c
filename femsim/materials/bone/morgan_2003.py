"""Stiffness of trabecular bone from its apparent density at three places, after Morgan 2003."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import BoneLaw, Ranges
from femsim.registry import parameter

DOI = "10.1016/S0021-9290(03)00071-X"
CITATION = (
    "Morgan, Bayraktar, Keaveny: Trabecular bone modulus-density relationships depend on anatomic site. "
    f"J Biomech 36 (2003) 897-904, doi:{DOI}"
)


@dataclass(frozen=True)
class Morgan2003(BoneLaw):
    """E = 6850 ρ^1.49 MPa of the femoral neck (r² = 0.85, n = 27), ρ in g/cm³ apparent.

    Source
    ------
    Morgan, Bayraktar, Keaveny, J Biomech 36 (2003) 897–904, doi:10.1016/S0021-9290(03)00071-X

    The law was measured on trabecular bone. Up to cortical density it is extrapolated: 17.1 GPa at 1.85 g/cm³, within
    the 12–20 GPa of cortical bone along the shaft.
    """

    coefficient_mpa: float = parameter(
        6850.0, text="modulus at 1 g/cm³", unit="MPa", low=1000, high=20000, source="Morgan 2003, femoral neck"
    )
    exponent: float = parameter(
        1.49, text="power of the density", unit="-", low=1, high=4, source="Morgan 2003, femoral neck"
    )

    site: ClassVar[str] = "femoral neck, trabecular"
    # Range of the femoral-neck specimens as usually quoted; not re-checked against the paper, hence only reported,
    # not enforced. The same holds for the ranges of the other laws.
    measured: ClassVar[Ranges] = ((0.26, 0.75),)
    r_squared: ClassVar[float] = 0.85
    doi: ClassVar[str] = DOI
    citation: ClassVar[str] = CITATION

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of apparent densities [g/cm³]."""
        return self.coefficient_mpa * density**self.exponent


@dataclass(frozen=True)
class Morgan2003Trochanter(BoneLaw):
    """E = 15010 ρ^2.18 MPa of the greater trochanter (r² = 0.82), ρ apparent: soft where bone is light.

    Extrapolated beyond 1.14 g/cm³ it passes 20 GPa, where it is cut.

    Source
    ------
    As `Morgan2003`.
    """

    coefficient_mpa: float = parameter(
        15010.0, text="modulus at 1 g/cm³", unit="MPa", low=1000, high=30000, source="Morgan 2003, greater trochanter"
    )
    exponent: float = parameter(
        2.18, text="power of the density", unit="-", low=1, high=4, source="Morgan 2003, greater trochanter"
    )

    site: ClassVar[str] = "greater trochanter, trabecular"
    measured: ClassVar[Ranges] = ((0.14, 0.28),)
    r_squared: ClassVar[float] = 0.82
    doi: ClassVar[str] = DOI
    citation: ClassVar[str] = CITATION

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of apparent densities [g/cm³]."""
        return self.coefficient_mpa * density**self.exponent


@dataclass(frozen=True)
class Morgan2003Pooled(BoneLaw):
    """E = 8920 ρ^1.83 MPa of four sites pooled, ρ apparent; quoted from memory, hence assumed.

    Extrapolated beyond 1.55 g/cm³ it passes 20 GPa, where it is cut.

    Source
    ------
    As `Morgan2003`.
    """

    coefficient_mpa: float = parameter(
        8920.0, text="modulus at 1 g/cm³", unit="MPa", low=1000, high=30000, source="Morgan 2003, pooled", assumed=True
    )
    exponent: float = parameter(
        1.83, text="power of the density", unit="-", low=1, high=4, source="Morgan 2003, pooled", assumed=True
    )

    site: ClassVar[str] = "femoral neck, trochanter, tibia and vertebra pooled, trabecular"
    measured: ClassVar[Ranges] = ((0.09, 0.75),)
    doi: ClassVar[str] = DOI
    citation: ClassVar[str] = CITATION

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of apparent densities [g/cm³]."""
        return self.coefficient_mpa * density**self.exponent
