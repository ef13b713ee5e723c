"""What laws of stiffness and of strength share in how they take densities."""

from typing import Any

import numpy as np

from femsim.errors import ModelError
from femsim.registry import parameter

Ranges = tuple[tuple[float, float], ...]
LAWS = {"bone density": "bone law", "bone strength": "strength law"}


def sound_densities(density: np.ndarray, of: str) -> np.ndarray:
    """Densities [g/cm³] as an array.

    of : what a law that is asked with them gives, "bone density" or "bone strength", for the error.

    Raises
    ------
    ModelError
        Where one is negative or not a number.
    """
    density = np.asarray(density, float)
    if not (density >= 0).all():
        bad = density[~(density >= 0)]
        raise ModelError(
            f"{bad.size} of {density.size} densities are negative or no number, the first {bad.flat[0]:g} g/cm³.",
            where=of,
            remedy=f"check the density field; regions other than bone take no {LAWS[of]}",
        )
    return density


def ash_per_apparent() -> Any:
    """The key of laws that ask for ash density."""
    return parameter(
        0.60,
        text="ash density over apparent density; it turns the density of the bone into what this law asks for",
        unit="-",
        low=0.4,
        high=0.75,
        assumed=True,
        source="0.598 as usually quoted for human femur and tibia",
    )
