"""Sparse factorisation: exact to round-off, best for small systems and for many right-hand sides."""

from dataclasses import dataclass

import numpy as np

from femsim.registry import parameter
from femsim.solvers.cg import Iterated
from femsim.solvers.system import Breakdown, LinearSystem

_SYMMETRIC = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}
SMALL_PIVOT = 1e-14  # share of the diagonal; a contrast of 1e8 in stiffness leaves 1e-11, a free part 1e-16


@dataclass(frozen=True)
class Direct:
    """LU factors by SuperLU in its symmetric mode.

    Source
    ------
    Li, ACM Trans. Math. Softw. 31 (2005) 302-325.
    """

    refinement_steps: int = parameter(
        2,
        text="Times the residual is solved for again, to round-off.",
        low=0,
        high=10,
        source="usual practice",
        assumed=True,
    )

    def prepare(self, system: LinearSystem) -> "_Factored":
        """Factorise the rows that are not held."""
        return _Factored(system, self.refinement_steps)

    @staticmethod
    def estimated_bytes(system: LinearSystem) -> float:
        """Memory of the factors [bytes]; an upper fit to columns of TET4 and TET10 with 2 000 … 28 000 unknowns."""
        return 115 * system.n_free**1.5


class _Factored:
    def __init__(self, system: LinearSystem, refinement_steps: int):
        from scipy.sparse.linalg import splu

        self._steps = refinement_steps
        self._operator = system.operator
        self._free = np.flatnonzero(~system.held)
        matrix = system.operator.assembled().tocsc()[:, self._free][self._free]
        try:
            self._factors = splu(matrix, **_SYMMETRIC)
        except RuntimeError as error:  # "Factor is exactly singular"
            raise Breakdown(
                f"The stiffness matrix of {len(self._free)} unknowns is singular.",
                why="a part can move freely, or a node carries no stiffness",
                remedy="check the supports and the connections between the parts",
                trace=self._full(_free_motion(matrix)),
            ) from error
        self._refuse_small_pivot(matrix)

    def _full(self, values) -> np.ndarray:
        trace = np.zeros(self._operator.shape[0])
        trace[self._free] = values
        return trace

    def _refuse_small_pivot(self, matrix):
        """A pivot that is all round-off: what was left of a diagonal once everything joined to it was taken away."""
        pivots = np.abs(self._factors.U.diagonal())
        unknown = np.argsort(self._factors.perm_c)  # pivot k eliminates column k of the permuted matrix
        share = pivots / matrix.diagonal()[unknown]
        least = int(np.argmin(share))
        if share[least] < SMALL_PIVOT:
            raise Breakdown(
                f"The stiffness matrix of {len(self._free)} unknowns is singular to working precision: a pivot is "
                f"{share[least]:.1e} of its diagonal, below {SMALL_PIVOT:g}.",
                why="a part can move freely, or hangs on a near-zero stiffness",
                remedy="check the supports, the connections between the parts and the smallest Young's modulus",
                trace=self._full(np.arange(len(self._free)) == unknown[least]),
            )

    def solve(self, b: np.ndarray, rtol: float, log=None) -> Iterated:
        """Solutions for the rows of b (v, n)."""
        x = np.zeros_like(b)
        residual = b
        for _ in range(1 + self._steps):
            x[:, self._free] += self._factors.solve(np.ascontiguousarray(residual[:, self._free].T)).T
            if not np.isfinite(x).all():
                break
            residual = b - self._operator.apply(x, np.empty_like(x))
            if (np.linalg.norm(residual, axis=1) <= rtol * np.linalg.norm(b, axis=1)).all():
                break
        return Iterated(x, np.zeros(len(b), np.int64))

    def precondition(self, r: np.ndarray) -> np.ndarray:
        """What the factors give for the rows of r (v, n)."""
        x = np.zeros_like(r)
        x[:, self._free] = self._factors.solve(np.ascontiguousarray(r[:, self._free].T)).T
        return x


def _free_motion(matrix) -> np.ndarray:
    """(n,) size of the motion that a singular matrix does not resist: what a slight shift lets run away."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import splu

    diagonal = matrix.diagonal()
    shift = np.where(diagonal > 0, diagonal, diagonal.max(initial=1.0))
    pushed = shift * np.random.default_rng(0).standard_normal(len(diagonal))
    return np.abs(splu((matrix + diags(1e-10 * shift)).tocsc(), **_SYMMETRIC).solve(pushed))
