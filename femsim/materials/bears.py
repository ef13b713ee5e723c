"""What a solid bears and how it gives way, in the terms of the material model of failure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Bears:
    """Strengths [MPa], energies [N/mm], slope of stress over plastic strain [MPa]; an infinite energy never weakens.

    tension, compression : where yielding starts; equal ones are von Mises' criterion.
    tension_energy, compression_energy : per area of a crack, or of a band of crushing.
    rest : share of the strength that stays in compression.
    dilation : share of the volume change of associated flow.
    """

    tension: float
    compression: float
    tension_energy: float = np.inf
    compression_energy: float = np.inf
    rest: float = 1.0
    hardening: float = 0.0
    dilation: float = 0.0
