"""A force that acts along one pattern of nodal forces, and follows what its points move along it."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.laws import SpringDamper


@dataclass(frozen=True)
class Coupling:
    """A scalar law on q = vector · u + share · y, the compression; the law's force acts as -force · (vector, share).

    Where `vector` are the nodal forces of a unit force or couple at a point, vector · u is what that point moves along
    the force, or turns about the couple.

    name : it is reported by.
    vector : (n, 3) work-conjugate pattern.
    law : answers q and its rate.
    body : row of the body whose place y takes part; -1 where none does.
    share : of y in q.
    """

    name: str
    vector: np.ndarray
    law: SpringDamper
    body: int = -1
    share: float = 0.0

    def __post_init__(self):
        freeze(self, vector=frozen(self.vector, np.float64, (None, 3)))
