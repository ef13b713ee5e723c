"""Metal and cement of implants: linear elastic, isotropic, with the strength their stress is compared with."""

from dataclasses import dataclass

from femsim import units
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

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3


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

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3


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

    @property
    def density(self) -> float:
        """[tonne/mm³]"""
        return self.density_g_per_cm3 * units.g_per_cm3
