"""Stiffness of bone from its apparent density, after Morgan 2003."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.errors import ModelError
from femsim.registry import parameter


@dataclass(frozen=True)
class Morgan2003:
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
    factor: float = parameter(
        1.0,
        text="multiplies every modulus, for the spread of the regression",
        unit="-",
        low=0.5,
        high=1.5,
        assumed=True,
        source="spread of about ±30 %",
    )
    largest_modulus_mpa: float = parameter(
        20000.0,
        text="moduli above are cut to this",
        unit="MPa",
        low=1000,
        high=30000,
        assumed=True,
        source="upper end of cortical bone along the shaft",
    )
    smallest_density_g_per_cm3: float = parameter(
        0.01,
        text="densities below are raised to this, so that marrow and voids keep a positive stiffness",
        unit="g/cm3",
        low=1e-4,
        high=0.1,
        assumed=True,
        source="lower end of the range used in remodelling models",
    )
    poissons_ratio: float = parameter(
        0.30,
        text="Poisson's ratio of all bone",
        unit="-",
        low=0.0,
        high=0.45,
        assumed=True,
        source="usual in femur models",
    )

    density_kind: ClassVar[str] = "apparent"
    # Range of the femoral-neck specimens as usually quoted; not re-checked against the paper, hence only reported,
    # not enforced.
    measured: ClassVar[tuple[float, float]] = (0.26, 0.75)  # g/cm³
    doi: ClassVar[str] = "10.1016/S0021-9290(03)00071-X"
    citation: ClassVar[str] = (
        "Morgan, Bayraktar, Keaveny: Trabecular bone modulus-density relationships depend on anatomic site. "
        "J Biomech 36 (2003) 897-904, doi:10.1016/S0021-9290(03)00071-X"
    )

    def modulus(self, density: np.ndarray) -> np.ndarray:
        """Young's modulus [MPa] of apparent densities [g/cm³], same shape.

        Raises
        ------
        ModelError
            Where a density is negative or not a number.
        """
        density = np.asarray(density, float)
        if not (density >= 0).all():
            bad = density[~(density >= 0)]
            raise ModelError(
                f"{bad.size} of {density.size} densities are negative or no number, the first {bad.flat[0]:g} g/cm³.",
                where="bone density",
                remedy="check the density field; regions other than bone take no bone law",
            )
        modulus = self.coefficient_mpa * np.maximum(density, self.smallest_density_g_per_cm3) ** self.exponent
        return np.minimum(self.factor * modulus, self.largest_modulus_mpa)


def share_outside(measured: tuple[float, float], density: np.ndarray, weights: np.ndarray) -> float:
    """Share of a volume whose density lies outside the range a law was measured on.

    Parameters
    ----------
    measured : (lowest, highest) [g/cm³]
    density, weights : arrays of one shape
        Densities and the volume each stands for; NaN densities (not bone) do not count.
    """
    bone = np.isfinite(density)
    outside = bone & ((density < measured[0]) | (density > measured[1]))
    total = weights[bone].sum()
    return float(weights[outside].sum() / total) if total > 0 else 0.0
