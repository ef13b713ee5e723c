"""Linear elastic stiffness, given as a number, per element or per integration point."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError
from femsim.fem.elements import element_of
from femsim.mesh.mesh import Mesh


@dataclass(frozen=True)
class Isotropic:
    """Two constants, the same in every direction.

    youngs_modulus [MPa], poissons_ratio : each a number, (e,) or (e, q): everywhere the same, per element or per
        integration point.

    Raises
    ------
    ModelError
        Where Young's modulus is not positive or Poisson's ratio lies outside (-1, 0.5): how many, where, which value.
    """

    youngs_modulus: np.ndarray
    poissons_ratio: np.ndarray

    def __post_init__(self):
        modulus, ratio = _field(self.youngs_modulus), _field(self.poissons_ratio)
        freeze(self, youngs_modulus=modulus, poissons_ratio=ratio)
        if not (modulus > 0).all() or not np.isfinite(modulus).all():
            bad = ~((modulus > 0) & np.isfinite(modulus))
            where, value = _worst(bad, modulus)
            raise ModelError(f"Young's modulus is {value:g} MPa; it must be above 0 and finite.", where=where)
        if not ((ratio > -1) & (ratio < 0.5)).all():
            where, value = _worst(~((ratio > -1) & (ratio < 0.5)), -np.abs(ratio))
            raise ModelError(
                f"Poisson's ratio must lie in (-1, 0.5); found {np.min(ratio):g} … {np.max(ratio):g}.",
                where=where,
                why="at 0.5 a material is incompressible, which these elements cannot describe",
            )


def lame(youngs_modulus: np.ndarray, poissons_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lamé's λ and μ [MPa] from Young's modulus [MPa] and Poisson's ratio, arrays of any one shape."""
    mu = youngs_modulus / (2 * (1 + poissons_ratio))
    return 2 * mu * poissons_ratio / (1 - 2 * poissons_ratio), mu


def lame_at_points(mesh: Mesh, elasticity: Isotropic) -> tuple[np.ndarray, np.ndarray]:
    """λ and μ (e, q) [MPa] at the integration points of a mesh.

    Raises
    ------
    ModelError
        Where the constants are those of another mesh.
    """
    return lame(
        point_array(mesh, elasticity.youngs_modulus, "Young's modulus"),
        point_array(mesh, elasticity.poissons_ratio, "Poisson's ratio"),
    )


def point_array(mesh: Mesh, values, name: str) -> np.ndarray:
    """(e, q) array of a scalar, (e,), (e, 1) or (e, q) input.

    Raises
    ------
    ModelError
        Where the shape does not fit the mesh or a value is not a number.
    """
    n_points = len(element_of(mesh.elements).rule.weights)
    values = np.asarray(values, np.float64)
    if values.ndim == 1:
        values = values[:, None]
    try:
        full = np.ascontiguousarray(np.broadcast_to(values, (mesh.n_elements, n_points)))
    except ValueError:
        raise ModelError(
            f"{name} has shape {values.shape}, but the mesh has {mesh.n_elements} elements of {n_points} points."
        ) from None
    if not np.isfinite(full).all():
        raise ModelError(f"{name} is not a number in element {np.flatnonzero(~np.isfinite(full).all(axis=1))[0]}.")
    return full


def over_points(values: np.ndarray, n_axes: int) -> np.ndarray:
    """The values with axes of length 1 behind their own, so that (e,) goes along the elements of (e, q)."""
    return values.reshape(values.shape + (1,) * (n_axes - values.ndim))


def _field(values) -> np.ndarray:
    """Read-only values; a number stays a number, without an axis."""
    return frozen(values, np.float64).reshape(np.shape(values))


def _worst(bad: np.ndarray, values: np.ndarray) -> tuple[str, float]:
    """How many are bad and where the smallest of them stands, in words, and that value; NaN counts as the smallest."""
    if bad.size == 1:
        return "everywhere", float(values.ravel()[0])
    place = np.unravel_index(np.argmin(np.where(bad, np.nan_to_num(values, nan=-np.inf), np.inf)), bad.shape)
    elements = bad.reshape(len(bad), -1).any(axis=1)
    return f"{int(elements.sum())} of {len(bad)} elements, worst: element {place[0]}", float(values[place])
