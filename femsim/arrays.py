"""Read-only arrays: what a frozen dataclass holds may not change behind its back."""

import numpy as np


def frozen(values, dtype=None, shape: tuple[int | None, ...] | None = None) -> np.ndarray:
    """A C-contiguous read-only array of the values; copies only when the source could still be written.

    Parameters
    ----------
    values : array_like
    dtype : optional
    shape : optional
        Expected shape, None for a free axis.

    Raises
    ------
    ValueError
        Where the shape is not the expected one.
    """
    array = np.ascontiguousarray(values, dtype=dtype)
    if shape is not None and (
        array.ndim != len(shape) or any(want not in (None, have) for want, have in zip(shape, array.shape))
    ):
        raise ValueError(f"array of shape {array.shape} where {shape} is expected")
    if array.flags.writeable:
        if array is values or array.base is not None:
            array = array.copy()
        array.flags.writeable = False
    return array


def freeze(obj, **fields) -> None:
    """Set fields of a frozen dataclass in its __post_init__."""
    for name, value in fields.items():
        object.__setattr__(obj, name, value)
