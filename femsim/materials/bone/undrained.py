"""Bone whose marrow cannot flow out in time: stiffer under pressure, not in shear."""

from dataclasses import dataclass

import numpy as np

from femsim.registry import parameter


@dataclass(frozen=True)
class UndrainedMarrow:
    """Pores full of marrow that has no time to flow: the bulk modulus grows by that of the marrow, shear does not.

    Ku = K + α² M, α = 1 - K/Ks, 1/M = φ/Kf + (α - φ)/Ks, with the pores' share φ = 1 - ρ/ρ_tissue. Isotropic bone only;
    strength is left as it is. An upper bound: real marrow flows a little, and the head leaks through its surface.

    Source
    ------
    Gassmann 1951, Biot 1941, as in textbooks of poroelasticity.
    """

    marrow_bulk_modulus_mpa: float = parameter(
        2000.0,
        text="bulk modulus of marrow",
        unit="MPa",
        low=100,
        high=3000,
        assumed=True,
        source="near that of water, 2200 MPa",
    )
    tissue_modulus_mpa: float = parameter(
        18000.0,
        text="Young's modulus of bone tissue without pores",
        unit="MPa",
        low=8000,
        high=25000,
        assumed=True,
        source="Bayraktar 2004, trabecular tissue, as usually quoted",
    )
    tissue_poissons_ratio: float = parameter(
        0.3, text="Poisson's ratio of bone tissue", unit="-", low=0.1, high=0.45, assumed=True, source="usual"
    )
    tissue_density_g_per_cm3: float = parameter(
        2.0, text="density of bone tissue", unit="g/cm3", low=1.8, high=2.2, assumed=True, source="usual"
    )
    largest_poissons_ratio: float = parameter(
        0.49,
        text="marrow alone would be nearly incompressible, and elements would lock: Poisson's ratio ends here",
        unit="-",
        low=0.4,
        high=0.495,
        assumed=True,
        source="choice of femsim",
    )

    def stiffened(self, modulus: np.ndarray, poisson: float, density: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Young's modulus [MPa] and Poisson's ratio (k,) of bone full of marrow.

        Parameters
        ----------
        modulus, poisson : (k,) [MPa] and the ratio of bone whose pores are empty.
        density : (k,) apparent [g/cm³].
        """
        shear, bulk = modulus / (2.0 * (1.0 + poisson)), modulus / (3.0 * (1.0 - 2.0 * poisson))
        grain = self.tissue_modulus_mpa / (3.0 * (1.0 - 2.0 * self.tissue_poissons_ratio))
        pores = np.clip(1.0 - density / self.tissue_density_g_per_cm3, 0.0, 1.0)
        # Bone stiffer than its tissue has no pores to press on; 1/M then has nothing below it.
        biot = np.clip(1.0 - bulk / grain, 0.0, 1.0)
        storage = pores / self.marrow_bulk_modulus_mpa + np.maximum(biot - pores, 0.0) / grain
        gain = np.divide(biot**2, storage, out=np.zeros_like(storage), where=storage > 0)
        full = bulk + gain
        ratio = (3.0 * full - 2.0 * shear) / (2.0 * (3.0 * full + shear))
        ratio = np.minimum(ratio, max(self.largest_poissons_ratio, poisson))
        return 2.0 * shear * (1.0 + ratio), ratio

    def told(self) -> str:
        """A sentence for the report."""
        return (
            f"Marrow of {self.marrow_bulk_modulus_mpa:g} MPa cannot flow out: bone is stiffer under pressure, up to a "
            f"Poisson's ratio of {self.largest_poissons_ratio:g}; its shear modulus and its strength stay."
        )
