"""Metal and cement of implants: isotropic, with the strength their stress is compared with, and how they give way."""

import math
from dataclasses import dataclass

from femsim import units
from femsim.materials.bears import Bears
from femsim.registry import parameter


@dataclass(frozen=True)
class CobaltChromium:
    """Cast or wrought CoCrMo."""

    youngs_modulus_mpa: float = parameter(
        210_000.0,
        text="Young's modulus",
        unit="MPa",
        low=150_000,
        high=260_000,
        assumed=True,
        source="CoCrMo cast 210–230 GPa",
    )
    poissons_ratio: float = parameter(0.30, text="Poisson's ratio", unit="-", low=0, high=0.49, assumed=True)
    density_g_per_cm3: float = parameter(8.3, text="density", unit="g/cm3", low=7, high=9, assumed=True)
    # The lower end of the cast alloy, so that a ratio errs on the safe side.
    strength_mpa: float = parameter(
        450.0,
        text="yield strength, which the von Mises stress is compared with",
        unit="MPa",
        low=200,
        high=1500,
        assumed=True,
        source="cast F75: 450–520 MPa",
    )
    hardening_mpa: float = parameter(
        2000.0,
        text="slope of stress over plastic strain beyond the yield strength",
        unit="MPa",
        low=0,
        high=20_000,
        assumed=True,
        source="cast F75: ultimate strength 655 MPa at least, 205 MPa above yield, at an assumed 10 % of strain",
    )

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3

    @property
    def bears(self) -> Bears:
        """Yields by von Mises' criterion, hardens, never cracks."""
        return Bears(self.strength_mpa, self.strength_mpa, hardening=self.hardening_mpa)


@dataclass(frozen=True)
class TitaniumAlloy:
    """Wrought Ti6Al4V, of stems that bone shall grow onto."""

    youngs_modulus_mpa: float = parameter(
        110_000.0,
        text="Young's modulus",
        unit="MPa",
        low=90_000,
        high=130_000,
        assumed=True,
        source="Ti6Al4V 110–114 GPa",
    )
    poissons_ratio: float = parameter(0.33, text="Poisson's ratio", unit="-", low=0, high=0.49, assumed=True)
    density_g_per_cm3: float = parameter(4.43, text="density", unit="g/cm3", low=4, high=5, assumed=True)
    strength_mpa: float = parameter(
        795.0,
        text="yield strength, which the von Mises stress is compared with",
        unit="MPa",
        low=400,
        high=1200,
        assumed=True,
        source="795–880 MPa",
    )
    hardening_mpa: float = parameter(
        650.0,
        text="slope of stress over plastic strain beyond the yield strength",
        unit="MPa",
        low=0,
        high=20_000,
        assumed=True,
        source="ultimate strength 860 MPa at least, 65 MPa above yield, at an assumed 10 % of strain",
    )

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3

    @property
    def bears(self) -> Bears:
        """Yields by von Mises' criterion, hardens, never cracks."""
        return Bears(self.strength_mpa, self.strength_mpa, hardening=self.hardening_mpa)


@dataclass(frozen=True)
class Pmma:
    """Acrylic bone cement."""

    youngs_modulus_mpa: float = parameter(
        2400.0, text="Young's modulus", unit="MPa", low=1500, high=3500, assumed=True, source="PMMA 2.0–3.0 GPa"
    )
    poissons_ratio: float = parameter(0.33, text="Poisson's ratio", unit="-", low=0, high=0.49, assumed=True)
    density_g_per_cm3: float = parameter(1.19, text="density", unit="g/cm3", low=1, high=1.5, assumed=True)
    strength_mpa: float = parameter(
        43.2,
        text="tensile strength, which the largest principal stress is compared with",
        unit="MPa",
        low=15,
        high=80,
        source="Li 2022: 43.2 ± 6.4 MPa, lowest 26",
    )
    compressive_strength_mpa: float = parameter(
        90.0,
        text="strength in compression; cement yields there and does not weaken",
        unit="MPa",
        low=60,
        high=125,
        assumed=True,
        source="80–110 MPa; ISO 5833 asks for 70",
    )
    toughness_mpa_sqrt_m: float = parameter(
        1.77,
        text="fracture toughness in opening, from which the energy of a crack follows",
        unit="MPa√m",
        low=0.5,
        high=4,
        source="1.77 ± 0.26 MPa√m as published",
    )

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3

    @property
    def crack_energy(self) -> float:
        """[N/mm] G = K² (1 - ν²) / E, plane strain."""
        toughness = self.toughness_mpa_sqrt_m * math.sqrt(1000.0)  # 1 MPa√m = 31.6 N/mm^1.5
        return toughness**2 * (1.0 - self.poissons_ratio**2) / self.youngs_modulus_mpa

    @property
    def bears(self) -> Bears:
        """Cracks in tension, crushes without weakening in compression."""
        return Bears(self.strength_mpa, self.compressive_strength_mpa, tension_energy=self.crack_energy)
