"""Stiffness of bone from its ash density in three pieces, as Keyak's femur models use it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.bone.law import AshLaw

TRABECULAR_END, CORTICAL_BEGIN = 0.27, 0.60  # g/cm³ ash; Keyak 1998, as usually quoted


@dataclass(frozen=True)
class Keyak1998(AshLaw):
    """E = 33900 ρ^2.20 up to 0.27, 5307 ρ + 469 up to 0.6, 10200 ρ^2.01 MPa above, ρ in g/cm³ ash.

    The pieces meet to 0.02 % at both ends. Coefficients as usually quoted, not re-checked against the papers.

    Source
    ------
    Keyak, Rossi, Jones, Skinner, J Biomech 31 (1998) 125–133; the same law in Keyak, Kaneko, Tehranzadeh, Skinner,
    Clin Orthop Relat Res 437 (2005) 219–228.
    """

    site: ClassVar[str] = "proximal tibia (light), femur and vertebra (dense), pieced together"
    citation: ClassVar[str] = (
        "Keyak, Rossi, Jones, Skinner: Prediction of femoral fracture load using automated finite element modeling. "
        "J Biomech 31 (1998) 125-133"
    )

    def mean_modulus(self, density: np.ndarray) -> np.ndarray:
        """[MPa] of ash densities [g/cm³]."""
        return np.select(
            [density <= TRABECULAR_END, density < CORTICAL_BEGIN],
            [33900.0 * density**2.20, 5307.0 * density + 469.0],
            10200.0 * density**2.01,
        )
