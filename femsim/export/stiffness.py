"""Stiffness for programs that know one material per element: mean over the element, then few materials of many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze


@dataclass(frozen=True)
class Binned:
    """Young's moduli [MPa] moved to the nearest of a few.

    fields : the moduli of each model, (e,) each.
    largest_shift : largest relative distance that one was moved.
    """

    fields: tuple[np.ndarray, ...]
    largest_shift: float

    def __post_init__(self):
        freeze(self, fields=tuple(self.fields))


def element_mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(e,) or (e, k): mean of values (e, q) or (e, q, k) over each element, by the volumes (e, q) of its points.

    Values that are the same at all points stay exactly what they are.
    """
    weights = weights.reshape(weights.shape + (1,) * (values.ndim - 2))
    mean = (values * weights).sum(axis=1) / weights.sum(axis=1)
    return np.where((values == values[:, :1]).all(axis=1), values[:, 0], mean)


def binned(fields: Sequence[np.ndarray], region_of: Sequence[np.ndarray], n_bins: int) -> Binned:
    """Move Young's moduli to at most n_bins values; 0 leaves every element its own.

    The values are evenly spaced in log E, the lowest and the highest modulus among them: bone that a law caps at its
    highest modulus keeps it. All models share the values, so that bone that is the same in two of them stays the same.
    Regions of one modulus, as metal and cement, keep it and do not count.

    Parameters
    ----------
    fields : (e,) each [MPa]
    region_of : (e,) each
    n_bins : 0, or 2 and more.
    """
    varied = [_varied(field, regions) for field, regions in zip(fields, region_of)]
    moduli = np.unique(np.concatenate([field[mine] for field, mine in zip(fields, varied)]))
    if n_bins == 0 or len(moduli) <= n_bins:
        return Binned(tuple(fields), 0.0)
    values = np.geomspace(moduli[0], moduli[-1], n_bins)
    values[[0, -1]] = moduli[[0, -1]]
    borders = np.sqrt(values[1:] * values[:-1])
    moved = tuple(np.where(mine, values[np.searchsorted(borders, field)], field) for field, mine in zip(fields, varied))
    shift = max(float(np.abs(new / old - 1).max(initial=0.0)) for new, old in zip(moved, fields))
    return Binned(moved, shift)


def _varied(field: np.ndarray, region_of: np.ndarray) -> np.ndarray:
    """(e,) bool: elements of regions with more than one modulus."""
    n = int(region_of.max(initial=0)) + 1
    low, high = np.full(n, np.inf), np.zeros(n)
    np.minimum.at(low, region_of, field)
    np.maximum.at(high, region_of, field)
    return (high > low)[region_of]
