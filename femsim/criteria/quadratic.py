"""The multiple of a load at which a linear and a quadratic term in stress reach 1."""

import numpy as np


def risk_of(linear: np.ndarray, quadratic: np.ndarray) -> np.ndarray:
    """Risk factor r (…) of a criterion `linear + quadratic = 1`, whose terms are those of the stress that acts.

    Under λ times the load the terms are λ and λ² times as large; λ = 1/r solves λ linear + λ² quadratic = 1, so
    r² - linear r - quadratic = 0. The larger root is the first failure on the way from zero. It grows with the load,
    which the sum of both terms does not. The quadratic term must not be negative.
    """
    root = np.sqrt(linear * linear + 4.0 * quadratic)
    # Two forms of one root: the first would lose its digits where both parts nearly cancel.
    with np.errstate(invalid="ignore", divide="ignore"):
        pressed = np.where(root - linear > 0, 2.0 * quadratic / (root - linear), 0.0)
    return np.where(linear >= 0, 0.5 * (linear + root), pressed)
