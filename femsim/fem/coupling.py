"""A force that acts along one pattern of nodal forces, and follows what its points move along it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.laws import SpringDamper

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


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


def together(couplings: Sequence[Coupling]) -> SpringDamper:
    """One law that answers (k,) compressions as each coupling's own does."""
    laws = [one.law for one in couplings]
    return SpringDamper(
        np.array([law.stiffness for law in laws], float),
        np.array([law.damping for law in laws], float),
        np.array([law.pulls for law in laws], bool),
    )


def patterns_of(couplings: Sequence[Coupling], n_bodies: int, n_nodes: int) -> "csr_matrix":
    """(k, 3n + m): compressions from displacements of the nodes, then ways of the bodies."""
    from scipy.sparse import csr_matrix

    rows = [np.concatenate([one.vector.ravel(), one.share * (np.arange(n_bodies) == one.body)]) for one in couplings]
    return csr_matrix(np.array(rows).reshape(len(rows), 3 * n_nodes + n_bodies))
