"""Linear elastic stiffness, given as a number, per element or per integration point."""

from dataclasses import dataclass, field

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError
from femsim.fem.elements import element_of
from femsim.fem.kernels import elasticity as kernels
from femsim.mesh.mesh import Mesh

AXES_LIMIT = 1e-6  # largest miss of axes · axesᵀ from the identity; beyond round-off, single precision included


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
        _refuse("Young's modulus is {:g} MPa; it must be above 0 and finite.", modulus, _positive(modulus))
        _refuse(
            "Poisson's ratio is {:g}; it must lie in (-1, 0.5).", -np.abs(ratio), (ratio > -1) & (ratio < 0.5), ratio,
            why="at 0.5 a material is incompressible, which these elements cannot describe",
        )  # fmt: skip


@dataclass(frozen=True)
class Orthotropic:
    """Nine constants in three perpendicular directions of the material, which may turn from point to point.

    νij is the contraction along j under tension along i: ε_jj = -νij σ_ii / E_i.

    youngs_moduli : (…, 3) [MPa] E1 E2 E3
    poissons_ratios : (…, 3) ν12 ν23 ν13
    shear_moduli : (…, 3) [MPa] G12 G23 G13
    axes : (…, 3, 3) rows are the directions 1, 2, 3 in the global frame; the global axes when not given.

    What is before the last axes is nothing, (e,) or (e, q): everywhere the same, per element or per integration point.

    Raises
    ------
    ModelError
        Where a modulus is not positive, the stiffness is not positive definite, or axes are not perpendicular unit
        vectors: how many, where, which value.

    Source
    ------
    Lekhnitskii, Theory of Elasticity of an Anisotropic Body (1981), §§ 3, 8.
    """

    youngs_moduli: np.ndarray
    poissons_ratios: np.ndarray
    shear_moduli: np.ndarray
    axes: np.ndarray = field(default_factory=lambda: np.eye(3))

    def __post_init__(self):
        moduli, ratios, shear = (_field(v) for v in (self.youngs_moduli, self.poissons_ratios, self.shear_moduli))
        axes = _field(self.axes)
        for name, values, tail in (
            ("youngs_moduli", moduli, (3,)), ("poissons_ratios", ratios, (3,)), ("shear_moduli", shear, (3,)),
            ("axes", axes, (3, 3)),
        ):  # fmt: skip
            if values.shape[-len(tail) :] != tail or values.ndim > len(tail) + 2:
                raise ModelError(f"Orthotropic {name} have shape {values.shape}; (…, {str(tail)[1:-1]}) is needed.")
        freeze(self, youngs_moduli=moduli, poissons_ratios=ratios, shear_moduli=shear, axes=axes)
        for name, values in (("Young's", moduli), ("shear", shear)):
            least = np.where(np.isfinite(values), values, np.nan).min(axis=-1)
            _refuse(f"An orthotropic {name} modulus is {{:g}} MPa; it must be above 0 and finite.", least, least > 0)
        minor = _least_minor(moduli, ratios)
        _refuse(
            "An orthotropic stiffness is not positive definite: of 1 - νij νji and "
            "1 - ν12 ν21 - ν23 ν32 - ν13 ν31 - 2 ν12 ν23 ν31, which must be above 0, one is {:g}.", minor, minor > 0,
            why="Poisson's ratios are too large for the ratio of the moduli: |νij| must stay below √(Ei/Ej)",
            remedy="check that νij is the contraction along j under tension along i, with Ei first",
        )  # fmt: skip
        miss = np.abs(axes @ np.swapaxes(axes, -1, -2) - np.eye(3)).max(axis=(-1, -2))
        _refuse(
            "Material axes are not perpendicular unit vectors: axes · axesᵀ misses the identity by {:g}.",
            -miss, miss <= AXES_LIMIT, miss,
        )  # fmt: skip


Elasticity = Isotropic | Orthotropic


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


def constants(elasticity: Elasticity) -> np.ndarray:
    """(…, 2) λ and μ of an isotropic material, (…, 21) of an orthotropic one [MPa].

    The 21 are the upper triangle, row by row, of the matrix C in global axes that takes strain with engineering shear
    (XX YY ZZ 2XY 2YZ 2XZ) to stress.
    """
    if isinstance(elasticity, Isotropic):
        axes = max(elasticity.youngs_modulus.ndim, elasticity.poissons_ratio.ndim)
        given = (over_points(v, axes) for v in (elasticity.youngs_modulus, elasticity.poissons_ratio))
        return np.stack(lame(*np.broadcast_arrays(*given)), axis=-1)
    parts = (elasticity.youngs_moduli, elasticity.poissons_ratios, elasticity.shear_moduli)
    count = max(*(values.ndim - 1 for values in parts), elasticity.axes.ndim - 2)
    parts = [over_points(values, count, 1) for values in parts]
    turns = over_points(elasticity.axes, count, 2)
    shape = np.broadcast_shapes(*(values.shape[:-1] for values in parts), turns.shape[:-2])
    # Copies, for a kernel is compiled once more for arrays that are read-only or in another order.
    local = np.array(np.broadcast_to(_material_stiffness(*parts), (*shape, 9)), order="C")
    turns = np.array(np.broadcast_to(turns, (*shape, 3, 3)), order="C")
    result = np.empty((*shape, 21))
    kernels.fill_turned(local.reshape(-1, 9), turns.reshape(-1, 3, 3), result.reshape(-1, 21))
    return result


def constants_at_points(mesh: Mesh, elasticity: Elasticity) -> np.ndarray:
    """(e, q, 2) or (e, q, 21) [MPa]: `constants` at the integration points of a mesh.

    Raises
    ------
    ModelError
        Where they are those of another mesh.
    """
    if isinstance(elasticity, Isotropic):
        return np.stack(lame_at_points(mesh, elasticity), axis=-1)
    given = constants(elasticity)
    n_points = len(element_of(mesh.elements).rule.weights)
    try:
        full = np.broadcast_to(over_points(given, 2, 1), (mesh.n_elements, n_points, 21))
    except ValueError:
        raise ModelError(
            f"The orthotropic stiffness is given at {given.shape[:-1]} places, but the mesh has {mesh.n_elements} "
            f"elements of {n_points} points."
        ) from None
    return np.require(full, requirements=["C", "W"])


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


def over_points(values: np.ndarray, n_axes: int, tail: int = 0) -> np.ndarray:
    """The values with axes of length 1 behind their leading ones up to n_axes, so that (e,) goes along (e, q).

    tail : axes at the end that are components, not places.
    """
    places = values.shape[: values.ndim - tail]
    return values.reshape(places + (1,) * (n_axes - len(places)) + values.shape[values.ndim - tail :])


def _material_stiffness(moduli, ratios, shear) -> np.ndarray:
    """(…, 9) C11 C22 C33 C12 C23 C13 G12 G23 G13 in the axes of the material, by inverting the compliance."""
    shape = np.broadcast_shapes(moduli.shape, ratios.shape, shear.shape)
    (e1, e2, e3), (n12, n23, n13) = (np.moveaxis(np.broadcast_to(v, shape), -1, 0) for v in (moduli, ratios))
    n21, n32, n31 = n12 * e2 / e1, n23 * e3 / e2, n13 * e3 / e1
    rest = 1 - n12 * n21 - n23 * n32 - n13 * n31 - 2 * n12 * n23 * n31
    normal = (
        e1 * (1 - n23 * n32), e2 * (1 - n13 * n31), e3 * (1 - n12 * n21),
        e1 * (n21 + n31 * n23), e2 * (n32 + n12 * n31), e1 * (n31 + n21 * n32),
    )  # fmt: skip
    return np.concatenate([np.stack(normal, axis=-1) / rest[..., None], np.broadcast_to(shear, shape)], axis=-1)


def _least_minor(moduli, ratios) -> np.ndarray:
    """(…) smallest of the principal minors of the compliance made free of dimension; above 0 where it is definite."""
    axes = max(moduli.ndim, ratios.ndim) - 1
    moduli, ratios = np.broadcast_arrays(over_points(moduli, axes, 1), over_points(ratios, axes, 1))
    e1, e2, e3 = np.moveaxis(moduli, -1, 0)
    a, b, c = (n * np.sqrt(f) for n, f in zip(np.moveaxis(ratios, -1, 0), (e2 / e1, e3 / e2, e3 / e1)))
    whole = 1 - a * a - b * b - c * c - 2 * a * b * c
    return np.min([1 - a * a, 1 - b * b, 1 - c * c, whole], axis=0)


def _field(values) -> np.ndarray:
    """Read-only values; a number stays a number, without an axis."""
    return frozen(values, np.float64).reshape(np.shape(values))


def _positive(values: np.ndarray) -> np.ndarray:
    return (values > 0) & np.isfinite(values)


def _refuse(what: str, values, sound, shown=None, **more: str) -> None:
    """Raise where not everything is sound: the lowest of the unsound values, or what is shown there, goes into `what`.

    values, sound, shown : (), (e,) or (e, q); no number counts as the lowest.
    """
    if np.all(sound):
        return
    values, sound = np.atleast_1d(values), np.atleast_1d(sound)
    shown = values if shown is None else np.atleast_1d(shown)
    place = np.unravel_index(np.argmin(np.where(sound, np.inf, np.nan_to_num(values, nan=-np.inf))), sound.shape)
    elements = (~sound).reshape(len(sound), -1).any(axis=1)
    where = f"{int(elements.sum())} of {len(sound)} elements, worst: element {place[0]}" if sound.size > 1 else ""
    raise ModelError(what.format(shown[place]), where=where, **more)
