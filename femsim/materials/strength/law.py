"""What every strength law shares: spread, limits, toughness, and the check of the densities it is given."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.densities import Ranges, ash_per_apparent, sound_densities
from femsim.materials.strength.strengths import Strengths
from femsim.registry import parameter

COMPACT = 1.9  # g/cm³ apparent; where the energy keys are told: compact bone is 1.7–2.0
LIGHTEST = 0.01  # g/cm³ apparent; densities below are raised to it, as bone laws do
_ENERGY = "cortical bone 1–5 N/mm lengthwise, trabecular 0.3–2 N/mm, as usually quoted"


@dataclass(frozen=True)
class BoneStrength:
    """Strengths [MPa] of bone by its density and modulus; a law overrides `mean_strengths`.

    density_kind : "apparent" or "ash"; what `mean_strengths` is asked with.
    site : where the specimens came from.
    measured : ranges of the density they had, in the law's own kind; empty where no range could be found.
    citation : the paper.
    """

    factor: float = parameter(
        1.0,
        text="multiplies every strength, for the spread of the regression",
        unit="-",
        low=0.3,
        high=2.0,
        assumed=True,
        source="spread of femur models that follow one law",
    )
    smallest_strength_mpa: float = parameter(
        0.01,
        text="strengths below are raised to this: marrow keeps a positive one",
        unit="MPa",
        low=1e-4,
        high=1.0,
        assumed=True,
        source="choice of femsim: a hundredth of the weakest trabecular bone",
    )
    tension_energy_n_per_mm: float = parameter(
        3.0,
        text="energy that a crack takes per area, in compact bone of 1.9 g/cm³ apparent",
        unit="N/mm",
        low=0.1,
        high=20,
        assumed=True,
        source=_ENERGY,
    )
    tension_energy_exponent: float = parameter(
        1.0,
        text="power of the density with which that energy falls: 1 gives 0.63 N/mm at 0.4 g/cm³",
        unit="-",
        low=0.0,
        high=3.0,
        assumed=True,
        source=_ENERGY,
    )
    compression_energy_ratio: float = parameter(
        10.0,
        text="energy that a band of crushing takes per area, over that of a crack",
        unit="-",
        low=1,
        high=1000,
        assumed=True,
        source="choice of femsim: crushing takes far more than a crack",
    )
    rest_share: float = parameter(
        0.42,
        text="share of the strength that crushed bone keeps in compression",
        unit="-",
        low=0.0,
        high=1.0,
        assumed=True,
        source="Keyak: 43.1 of 102 at one ash density, 0.42",
    )
    dilation: float = parameter(
        0.0,
        text="share of the volume change of associated flow; 0: bone yields without a change of volume",
        unit="-",
        low=0.0,
        high=1.0,
        assumed=True,
        source="choice of femsim: no source gives it",
    )

    density_kind: ClassVar[str] = "apparent"
    site: ClassVar[str] = ""
    measured: ClassVar[Ranges] = ()  # g/cm³
    citation: ClassVar[str] = ""

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """The law as published, of densities of its own kind [g/cm³] and moduli [MPa], all positive."""
        raise NotImplementedError

    def own_density(self, apparent: np.ndarray) -> np.ndarray:
        """Apparent densities [g/cm³] as the kind that the law takes."""
        return apparent

    def strengths(self, apparent: np.ndarray, modulus: np.ndarray) -> Strengths:
        """Where bone yields, of sound bone.

        Parameters
        ----------
        apparent : (k,) apparent density [g/cm³].
        modulus : (k,) Young's modulus that the bone law gives it [MPa].

        Raises
        ------
        ModelError
            Where a density is negative or not a number.
        """
        apparent = np.maximum(sound_densities(apparent, "bone strength"), LIGHTEST)
        mean = self.mean_strengths(self.own_density(apparent), np.asarray(modulus, float))
        floor = self.smallest_strength_mpa
        return Strengths(
            *(np.maximum(self.factor * one, floor) for one in (mean.tension, mean.compression, mean.shear))
        )

    def tension_energy(self, apparent: np.ndarray) -> np.ndarray:
        """(…) [N/mm] energy that a crack takes per area, of apparent densities (…) [g/cm³]."""
        share = np.maximum(apparent, LIGHTEST) / COMPACT
        return self.tension_energy_n_per_mm * share**self.tension_energy_exponent

    def compression_energy(self, apparent: np.ndarray) -> np.ndarray:
        """(…) [N/mm] energy that a band of crushing takes per area, of apparent densities (…) [g/cm³]."""
        return self.compression_energy_ratio * self.tension_energy(apparent)


@dataclass(frozen=True)
class AshStrength(BoneStrength):
    """A law of the ash density, with the ratio that takes apparent densities there."""

    ash_per_apparent: float = ash_per_apparent()

    density_kind: ClassVar[str] = "ash"

    def own_density(self, apparent: np.ndarray) -> np.ndarray:
        """Ash densities [g/cm³] of apparent ones."""
        return apparent * self.ash_per_apparent
