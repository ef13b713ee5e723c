"""Principal values under combinations of loads: every frame of an activity from the few fields that span it."""

import numpy as np

from femsim.errors import ModelError


def extreme_principal(fields: np.ndarray, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest principal value (k,) of a combination of tensor fields.

    Parameters
    ----------
    fields : (k, b, 6) array
        One tensor per place and load; components XX YY ZZ XY YZ XZ, true shear.
    factors : (b,) array
        How much of each load acts.

    Raises
    ------
    ModelError
        Where the factors do not fit the fields.
    """
    from femsim.fem.kernels import superposition

    fields = np.ascontiguousarray(fields, np.float64)
    factors = np.asarray(factors, np.float64)
    if fields.ndim != 3 or fields.shape[2] != 6 or factors.shape != fields.shape[1:2]:
        raise ModelError(f"Factors of shape {factors.shape} do not fit fields of shape {fields.shape}.")
    smallest, largest = np.empty((2, len(fields)))
    acting = np.flatnonzero(factors)  # what does not act is not even read
    superposition.fill_extreme_principal(_read_only(fields), acting, factors[acting], smallest, largest)
    return smallest, largest


def _read_only(array: np.ndarray) -> np.ndarray:
    """The same memory marked read-only: a kernel is compiled apart for arrays that are, and nothing is to be copied."""
    view = array.view()
    view.flags.writeable = False
    return view
