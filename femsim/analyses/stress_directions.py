"""Which way the largest stress of a solved femur runs, over its whole activity."""

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.arrays import frozen
from femsim.fem.recovery import stress

_TIE = 1e-9  # of the mean stress squared, given to the shaft axis: decides where two directions are stressed alike


def stress_directions(outcome: Outcome, shaft_axis: np.ndarray) -> np.ndarray:
    """(e, q, 3, 3) rows: directions of the largest, middle and least stress at the integration points.

    They are the principal directions of Σ σ·σ over the frames of the activity: a direction counts by the square of its
    stress, pull and push alike. Without stress, and between equal ones, the shaft axis (3,) comes first.
    """
    model = outcome.model
    basis = [_matrices(stress(outcome.basis_strain(row), model.elasticity)) for row in range(len(model.load_basis))]
    weights = model.load_factors.T @ model.load_factors / len(model.load_factors)
    shape = basis[0].shape
    total = np.zeros(shape)
    for row, one in enumerate(basis):
        for column, other in enumerate(basis):
            total += weights[row, column] * (one @ other)
    total = 0.5 * (total + np.swapaxes(total, -1, -2))
    size = np.trace(total, axis1=-2, axis2=-1)[..., None, None]
    total += _TIE * (size.mean() or 1.0) * np.outer(shaft_axis, shaft_axis)
    ascending = np.linalg.eigh(total)[1]
    return frozen(np.swapaxes(ascending, -1, -2)[..., ::-1, :])


def _matrices(tensors: np.ndarray) -> np.ndarray:
    """(…, 3, 3) of (…, 6) XX YY ZZ XY YZ XZ."""
    return tensors[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*tensors.shape[:-1], 3, 3)
