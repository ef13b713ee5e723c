"""Stiffness of a composite femur: glass fibre and epoxy around solid foam, told apart by their density."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.errors import ModelError
from femsim.materials.bone.law import BoneLaw
from femsim.materials.two_phases import through
from femsim.registry import parameter

_SHEET = "maker's data sheet, as quoted"


@dataclass(frozen=True)
class CompositeFemur(BoneLaw):
    """Foam of 155 and 210 MPa at 0.27 and 0.32 g/cm³, a shell of 16.7 GPa at 1.64 g/cm³; no bone.

    Powers of the density join these three points, so that foams of other densities and places that hold both follow;
    the shell is as stiff for its weight in whatever density it is given. With density source "composite_femur".

    Source
    ------
    Maker's data sheets as quoted by papers. Shell: 16–17 GPa by the sheet; bars cut from it had 10.7 GPa, sheets 8.4
    (Strathclyde 2014).
    """

    shell_modulus_mpa: float = parameter(
        16_700.0,
        text="modulus of the shell at 1.64 g/cm³; 10700 was measured on bars cut from it",
        unit="MPa",
        low=7_000,
        high=20_000,
        assumed=True,
        source="16–17 GPa by the maker, 10.7 GPa measured (Strathclyde 2014)",
    )
    foam_modulus_mpa: float = parameter(
        155.0,
        text="modulus of foam of 0.27 g/cm³; of 0.32 it is 1.35 times that: 155 and 210 MPa",
        unit="MPa",
        low=20,
        high=1000,
        assumed=True,
        source=_SHEET,
    )

    is_bone: ClassVar[bool] = False
    site: ClassVar[str] = "no bone: short glass fibres in epoxy, and polyurethane foam"
    citation: ClassVar[str] = "Data sheets of the maker of composite femora, as quoted by papers"

    def __post_init__(self):
        if self.shell_modulus_mpa <= 2.0 * self.foam_modulus_mpa:
            raise ModelError(
                f"A shell of {self.shell_modulus_mpa:g} MPa is hardly stiffer than foam of {self.foam_modulus_mpa:g}.",
                where="bone.shell_modulus_mpa",
                remedy="raise it, or lower bone.foam_modulus_mpa",
            )

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of densities [g/cm³]."""
        foam = self.foam_modulus_mpa
        return through(density, (foam, foam * 210.0 / 155.0, self.shell_modulus_mpa))
