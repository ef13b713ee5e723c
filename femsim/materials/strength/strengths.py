"""Uniaxial strengths of bone at some places."""

from dataclasses import dataclass, fields

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class Strengths:
    """Where yielding starts [MPa], all positive: under tension, compression and pure shear; arrays of one shape."""

    tension: np.ndarray
    compression: np.ndarray
    shear: np.ndarray

    def __post_init__(self):
        shape = np.shape(self.tension)
        freeze(self, **{f.name: frozen(getattr(self, f.name), np.float64, shape) for f in fields(self)})


def without_shear(tension: np.ndarray, compression: np.ndarray) -> Strengths:
    """Strengths of a law that gives none in shear: √(t c / 3), that of Hoffman's criterion for isotropic material.

    Equal strengths make it the t / √3 of von Mises.
    """
    return Strengths(tension, compression, np.sqrt(tension * compression / 3.0))
