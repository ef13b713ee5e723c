"""Strength of a composite femur: glass fibre and epoxy around solid foam, told apart by their density."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength
from femsim.materials.strength.strengths import Strengths, without_shear
from femsim.materials.two_phases import through
from femsim.registry import parameter

_SHEET = "maker's data sheet, as quoted"
_DENSE_FOAM = 8.4 / 6.0  # foam of 0.32 over that of 0.27 g/cm³: 8.4 and 6.0 MPa


@dataclass(frozen=True)
class CompositeFemurStrength(BoneStrength):
    """Shell 106 MPa in tension, 157 MPa in compression; foam of 0.27 and 0.32 g/cm³ 6.0 and 8.4 MPa in compression.

    Powers of the density join these points, as those of the stiffness. The tension of foam is not given: as far below
    its compression as in the shell, assumed. Energies are those of bone of the same density: nobody gives them.

    Source
    ------
    Maker's data sheets as quoted by papers; all of it assumed.
    """

    shell_tension_mpa: float = parameter(
        106.0, text="strength of the shell in tension", unit="MPa", low=20, high=300, assumed=True, source=_SHEET
    )
    shell_compression_mpa: float = parameter(
        157.0, text="strength of the shell in compression", unit="MPa", low=20, high=400, assumed=True, source=_SHEET
    )
    foam_compression_mpa: float = parameter(
        6.0,
        text="strength in compression of foam of 0.27 g/cm³; of 0.32 it is 1.4 times that: 6.0 and 8.4 MPa",
        unit="MPa",
        low=0.5,
        high=50,
        assumed=True,
        source=_SHEET,
    )
    foam_tension_per_compression: float = parameter(
        106.0 / 157.0,
        text="strength of foam in tension over that in compression",
        unit="-",
        low=0.35,
        high=1.0,
        assumed=True,
        source="that of the shell, for want of one of foam",
    )

    site: ClassVar[str] = "no bone: short glass fibres in epoxy, and polyurethane foam"
    citation: ClassVar[str] = "Data sheets of the maker of composite femora, as quoted by papers"

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of densities [g/cm³]."""
        foam = np.array([1.0, _DENSE_FOAM]) * self.foam_compression_mpa
        pulled = foam * self.foam_tension_per_compression
        return without_shear(
            through(density, (*pulled, self.shell_tension_mpa)), through(density, (*foam, self.shell_compression_mpa))
        )
