"""Largest principal strain over a limit in tension and one in compression: the linear criterion for whole bones."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.registry import parameter


@dataclass(frozen=True)
class PrincipalStrain:
    """Ratio of the principal strains to their limits; 1 where bone starts to fail.

    Source
    ------
    Schileo et al., J Biomech 47 (2014) 3531: 0.73 % in tension, 1.04 % in compression; R² = 0.89, standard error of
    estimate 814 N, 14 femora (7 stance, 7 fall).
    """

    tension_percent: float = parameter(
        0.73, text="largest principal strain at failure in tension", unit="%", low=0.1, high=3, source="Schileo 2014"
    )
    compression_percent: float = parameter(
        1.04,
        text="size of the smallest principal strain at failure in compression",
        unit="%",
        low=0.1,
        high=3,
        source="Schileo 2014",
    )

    judges: ClassVar[str] = "strain"
    citation: ClassVar[str] = (
        "Schileo et al.: To what extent can linear finite element models of human femora predict failure under stance "
        "and fall loading configurations? J Biomech 47 (2014) 3531-3538"
    )

    def ratio(self, stress: np.ndarray, strain: np.ndarray, strength: tuple[float, float] | None = None) -> np.ndarray:
        """Risk factor, homogeneous of degree 1 in the load.

        Parameters
        ----------
        stress : (…, 6) array [MPa]
            Not asked by a strain criterion.
        strain : (…, 6) array
            XX YY ZZ XY YZ XZ, true shear strain.
        strength : (tension, compression) strains, optional
            Instead of the limits of the criterion, where bone is weakened.

        Returns
        -------
        (…) array
        """
        tension, compression = strength or (self.tension_percent / 100.0, self.compression_percent / 100.0)
        smallest, largest = _extreme_principal(strain)
        return np.maximum(np.maximum(largest / tension, -smallest / compression), 0.0)

    def of_extremes(self, smallest: np.ndarray, largest: np.ndarray) -> np.ndarray:
        """Risk factor (…) where the smallest and the largest principal strain (…) are known."""
        tension, compression = self.tension_percent / 100.0, self.compression_percent / 100.0
        return np.maximum(np.maximum(largest / tension, -smallest / compression), 0.0)


def _extreme_principal(tensor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest eigenvalue (…) of symmetric tensors (…, 6), by the trigonometric solution of the cubic."""
    xx, yy, zz, xy, yz, xz = np.moveaxis(np.asarray(tensor, float), -1, 0)
    mean = (xx + yy + zz) / 3.0
    a, b, c = xx - mean, yy - mean, zz - mean
    radius = np.sqrt((a * a + b * b + c * c + 2.0 * (xy * xy + yz * yz + xz * xz)) / 6.0)
    determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)
    safe = np.where(radius > 0, radius, 1.0)
    angle = np.arccos(np.clip(determinant / (2.0 * safe**3), -1.0, 1.0)) / 3.0
    return mean + 2.0 * radius * np.cos(angle + 2.0 * np.pi / 3.0), mean + 2.0 * radius * np.cos(angle)
