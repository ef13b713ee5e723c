"""Stiffness of bone from its ash density as one power, after Keyak and Rossi 2000."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import AshLaw


@dataclass(frozen=True)
class KeyakRossi2000(AshLaw):
    """E = 14900 ρ^1.86 MPa, ρ in g/cm³ ash; coefficients as usually quoted, not re-checked.

    Source
    ------
    Keyak, Rossi, J Biomech 33 (2000) 209–214.
    """

    site: ClassVar[str] = "proximal tibia, trabecular, used for whole femora"
    citation: ClassVar[str] = (
        "Keyak, Rossi: Prediction of femoral fracture load using finite element models: an examination of stress- and "
        "strain-based failure theories. J Biomech 33 (2000) 209-214"
    )

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of ash densities [g/cm³]."""
        return 14900.0 * density**1.86
