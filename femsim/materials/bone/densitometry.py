"""Kinds of bone density: femsim hands on apparent density, a law asks for its own kind."""

import numpy as np

from femsim.materials.bone.law import BoneLaw, Ranges


def of_its_kind(law: BoneLaw, apparent: np.ndarray) -> np.ndarray:
    """Apparent densities [g/cm³] as the kind of density that a law takes, same shape."""
    return np.asarray(apparent, float) * _ratio(law)


def as_apparent(law: BoneLaw, density: np.ndarray) -> np.ndarray:
    """Densities [g/cm³] of a law's own kind as apparent ones, same shape."""
    return np.asarray(density, float) / _ratio(law)


def _ratio(law: BoneLaw) -> float:
    return law.ash_per_apparent if law.density_kind == "ash" else 1.0


def share_outside(measured: Ranges, density: np.ndarray, weights: np.ndarray) -> float:
    """Share of a volume whose density lies outside the ranges a law was measured on.

    Parameters
    ----------
    measured : ranges (lowest, highest) [g/cm³], of the same kind as the densities.
    density, weights : arrays of one shape
        Densities and the volume each stands for; NaN densities (not bone) do not count.
    """
    bone = np.isfinite(density)
    inside = np.zeros(np.shape(density), bool)
    for low, high in measured:
        inside |= (density >= low) & (density <= high)
    total = weights[bone].sum()
    return float(weights[bone & ~inside].sum() / total) if total > 0 else 0.0
