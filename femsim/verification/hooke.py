"""Hooke's law written out with four indices: a second road to stress that shares nothing with the core."""

import numpy as np

DELTA = np.eye(3)
SIX = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))  # XX YY ZZ XY YZ XZ


def isotropic(youngs_modulus: float, poissons_ratio: float) -> np.ndarray:
    """(3, 3, 3, 3) [MPa] C_ijkl = λ δij δkl + μ (δik δjl + δil δjk)."""
    mu = youngs_modulus / (2 * (1 + poissons_ratio))
    lam = youngs_modulus * poissons_ratio / ((1 + poissons_ratio) * (1 - 2 * poissons_ratio))
    shear = np.einsum("ik,jl->ijkl", DELTA, DELTA) + np.einsum("il,jk->ijkl", DELTA, DELTA)
    return lam * np.einsum("ij,kl->ijkl", DELTA, DELTA) + mu * shear


def orthotropic(moduli, ratios, shear_moduli, axes) -> np.ndarray:
    """(3, 3, 3, 3) [MPa] from E1 E2 E3, ν12 ν23 ν13, G12 G23 G13 and axes whose rows are directions 1, 2, 3.

    Source
    ------
    Jones, Mechanics of Composite Materials, 2nd ed. (1999), Eq. (2.27): ε1 = σ1/E1 - ν12 σ2/E1 - ν13 σ3/E1.
    """
    (e1, e2, e3), (nu12, nu23, nu13) = moduli, ratios
    compliance = np.array([[1 / e1, -nu12 / e1, -nu13 / e1], [-nu12 / e1, 1 / e2, -nu23 / e2],
                           [-nu13 / e1, -nu23 / e2, 1 / e3]])  # fmt: skip
    normal = np.linalg.inv(compliance)
    local = np.zeros((3, 3, 3, 3))
    for i in range(3):
        for j in range(3):
            local[i, i, j, j] = normal[i, j]
    for (i, j), shear in zip(((0, 1), (1, 2), (0, 2)), shear_moduli):
        local[i, j, i, j] = local[i, j, j, i] = local[j, i, i, j] = local[j, i, j, i] = shear
    return np.einsum("ai,bj,ck,dl,abcd->ijkl", axes, axes, axes, axes, local, optimize=True)


def stress_of(stiffness: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """(3, 3) [MPa] stress of a displacement gradient ∂u_i/∂x_j."""
    return np.einsum("ijkl,kl->ij", stiffness, (gradient + gradient.T) / 2)


def six_of(tensor: np.ndarray) -> np.ndarray:
    """(…, 6) XX YY ZZ XY YZ XZ of symmetric tensors (…, 3, 3)."""
    return np.stack([tensor[..., i, j] for i, j in SIX], axis=-1)
