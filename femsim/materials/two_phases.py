"""Composite femora: what is known of two foams and of the shell, as one curve over density."""

import numpy as np

LIGHT_FOAM, DENSE_FOAM, SHELL = 0.27, 0.32, 1.64  # g/cm³; data sheets, as quoted


def through(density: np.ndarray, values: tuple[float, float, float]) -> np.ndarray:
    """Values (…) at densities (…) [g/cm³], by powers of the density through those of both foams and of the shell.

    Below the foams their power goes on; above the shell values grow as the density.
    """
    light, dense, shell = values
    foams = np.log(dense / light) / np.log(DENSE_FOAM / LIGHT_FOAM)
    between = np.log(shell / dense) / np.log(SHELL / DENSE_FOAM)
    density = np.asarray(density, float)
    return np.select(
        [density <= DENSE_FOAM, density <= SHELL],
        [light * (density / LIGHT_FOAM) ** foams, dense * (density / DENSE_FOAM) ** between],
        shell * density / SHELL,
    )
