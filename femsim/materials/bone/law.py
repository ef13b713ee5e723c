"""What every bone law shares: spread, limits, Poisson's ratio, and the check of the densities it is given."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.densities import Ranges, ash_per_apparent, sound_densities
from femsim.registry import parameter


@dataclass(frozen=True)
class BoneLaw:
    """Modulus [MPa] of a density [g/cm³] of the law's own kind; a law overrides `mean_modulus`.

    density_kind : "apparent" (wet mineralised mass over bulk volume) or "ash" (what is left of it at 600 °C).
    site : where the specimens came from.
    measured : ranges of the density they had, in the law's own kind; empty where no range could be found.
    coefficient_of_variation : scatter of the modulus about the law; None where no source gives one.
    r_squared : share of the variance that the density explains; None where no source gives it.
    is_bone : whether its material is bone at all.
    citation : the paper; doi : empty where none could be confirmed.
    """

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
        text="densities below, of the law's own kind, are raised to this: marrow and voids keep a positive stiffness",
        unit="g/cm3",
        low=1e-4,
        high=0.1,
        assumed=True,
        source="lower end of the range used in remodelling models",
    )
    smallest_modulus_mpa: float = parameter(
        2.0,
        text="moduli below are raised to this: softer marrow bears as little, and the equations are hard to solve",
        unit="MPa",
        low=0.01,
        high=50,
        assumed=True,
        source="choice of femsim: 1/8500 of cortical bone",
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
    is_bone: ClassVar[bool] = True
    site: ClassVar[str] = ""
    measured: ClassVar[Ranges] = ()  # g/cm³
    coefficient_of_variation: ClassVar[float | None] = None
    r_squared: ClassVar[float | None] = None
    doi: ClassVar[str] = ""
    citation: ClassVar[str] = ""

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """The law as published [MPa], of densities of its own kind at or above the smallest."""
        raise NotImplementedError

    def modulus(self, density: np.ndarray) -> np.ndarray:
        """Young's modulus [MPa] of densities [g/cm³] of the law's own kind, same shape.

        Raises
        ------
        ModelError
            Where a density is negative or not a number.
        """
        mean = self.mean_modulus(self.checked(density))
        return np.clip(self.factor * mean, self.smallest_modulus_mpa, self.largest_modulus_mpa)

    def checked(self, density: np.ndarray) -> np.ndarray:
        """The densities, raised to the smallest.

        Raises
        ------
        ModelError
            Where one is negative or not a number.
        """
        return np.maximum(sound_densities(density, "bone density"), self.smallest_density_g_per_cm3)


@dataclass(frozen=True)
class AshLaw(BoneLaw):
    """A law of the ash density, with the ratio that takes apparent densities there."""

    ash_per_apparent: float = ash_per_apparent()

    density_kind: ClassVar[str] = "ash"
