"""Strength of bone from its ash density as one power, as Keyak's femur models use it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import AshStrength
from femsim.materials.strength.strengths import Strengths, without_shear


@dataclass(frozen=True)
class Keyak(AshStrength):
    """102 ρ^1.80 MPa in tension as in compression, ρ in g/cm³ ash; coefficients as usually quoted.

    Tension bears as much as compression: von Mises' criterion, as those models have it.

    Source
    ------
    Keyak, Rossi, J Biomech 33 (2000) 209–214, and later models of the group.
    """

    site: ClassVar[str] = "proximal tibia, trabecular, used for whole femora"
    citation: ClassVar[str] = (
        "Keyak, Rossi: Prediction of femoral fracture load using finite element models: an examination of stress- and "
        "strain-based failure theories. J Biomech 33 (2000) 209-214"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of ash densities [g/cm³]."""
        strength = 102.0 * density**1.80
        return without_shear(strength, strength)
