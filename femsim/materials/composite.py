"""Bone whose pores are filled with cement: the layer into which cement was pressed."""

import numpy as np

SOLID_BONE = 2.0  # g/cm³; apparent density of bone without pores (assumed)


def pore_share(apparent_density: np.ndarray) -> np.ndarray:
    """Share of the volume that is not bone tissue, from the apparent density [g/cm³]; 0 in solid bone and beyond."""
    return np.clip(1.0 - np.asarray(apparent_density) / SOLID_BONE, 0.0, 1.0)


def filled_modulus(bone: np.ndarray, apparent_density: np.ndarray, filler: float) -> np.ndarray:
    """Young's modulus [MPa] of bone with its pores filled: E = E_bone + (1 - ρ/ρ_solid) E_filler.

    Bone and cement strain alike: the upper bound of two phases side by side (Voigt). It is never below that of the
    bone, whose own modulus already counts its pores as empty. That cement fills every pore is assumed.

    Parameters
    ----------
    bone : (…) [MPa] modulus of the bone, pores empty.
    apparent_density : (…) [g/cm³]
    filler : [MPa] modulus of the cement.
    """
    return bone + pore_share(apparent_density) * filler


def filled_constants(
    moduli: np.ndarray,
    ratios: np.ndarray,
    shear: np.ndarray,
    apparent_density: np.ndarray,
    filler: tuple[float, np.ndarray | float],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Orthotropic constants (…, 3) of bone with its pores filled by an isotropic solid.

    Each Young's and shear modulus grows by the same rule. Poisson's ratios follow so that νij √(Ej/Ei) stays what it
    was: a stiffness that was positive definite still is.

    Parameters
    ----------
    moduli, ratios, shear : E1 E2 E3, ν12 ν23 ν13, G12 G23 G13 of the bone.
    filler : Young's modulus [MPa] of the cement, and the ratio (…, 1) by which its shear modulus follows.
    """
    share = pore_share(apparent_density)[..., None]
    modulus, ratio = filler
    filled = moduli + share * modulus
    first, second = [0, 1, 0], [1, 2, 2]
    before, after = (np.sqrt(one[..., first] / one[..., second]) for one in (moduli, filled))
    return filled, ratios * after / before, shear + share * modulus / (2.0 * (1.0 + ratio))
