"""A linear system as the solvers see it: a symmetric positive definite operator and what helps to coarsen it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError


class Breakdown(ConvergenceError):
    """A solve that failed, with the (n,) motion or residual by whose largest value the place of the fault is found."""

    def __init__(self, what: str, *, trace: np.ndarray, **more: str):
        super().__init__(what, **more)
        self.trace = trace


@dataclass(frozen=True)
class LinearSystem:
    """A x = b, with b to come.

    operator : `shape`, `apply(x, y)` and `residual(b, x, y)` for rows (v, n) in single or double precision,
        `diagonal_blocks()` as (n/s, s, s), `assembled()` the matrix, `nbytes`.
        `takes_panels` says whether apply and residual take panels of vectors side by side too.
    held : (n,) bool
        Rows that are fixed at 0; `apply` gives 0 there. Empty rows of `assembled()` may hide behind them.
    near_null_space : (n, m)
        Motions of little energy, as columns; None when unknown.
    transfer : sparse (n, c) or None
        Prolongation from a coarser space of which every unknown is also an unknown of the fine one.
    coarse_matrix : bsr_matrix (c, c) or None
        transferᵀ A transfer; made from the matrix when None.
    n_rhs : right-hand sides to expect.
    place_of : callable(int) -> str
        What an unknown is called in an error.
    """

    operator: object
    held: np.ndarray
    near_null_space: np.ndarray | None = None
    transfer: object | None = None
    coarse_matrix: object | None = None
    n_rhs: int = 1
    place_of: Callable[[int], str] = "unknown {}".format

    @property
    def size(self) -> int:
        return self.operator.shape[0]

    @property
    def n_free(self) -> int:
        """Unknowns that are not held."""
        return self.size - int(np.count_nonzero(self.held))


# Roundings of the largest forces between neighbours that a residual in double precision keeps at least; measured
# 0.3 … 0.5 on graded columns and on femora with a cap.
_ROUND_OFF_FACTOR = 4.0


def round_off(operator, x: np.ndarray) -> np.ndarray:
    """(v,) size of the residual that round-off alone leaves for solutions x (v, n).

    Where a stiff part is carried along by a soft one, its nodal forces are small differences of large numbers; no
    solver can make the residual smaller, and none needs to: the energy of the error is far below it.
    """
    blocks = np.abs(operator.diagonal_blocks())
    forces = np.einsum("nij,vnj->vni", blocks, np.abs(x).reshape(len(x), len(blocks), -1))
    return _ROUND_OFF_FACTOR * np.finfo(float).eps * np.linalg.norm(forces.reshape(len(x), -1), axis=1)


class AssembledOperator:
    """A stored sparse matrix behind the operator's interface."""

    def __init__(self, matrix):
        from scipy.sparse import bsr_matrix

        from femsim.solvers.blocks import BlockMatrix

        blocksize = matrix.blocksize if getattr(matrix, "format", "") == "bsr" else (1, 1)
        self._matrix = bsr_matrix(matrix, blocksize=blocksize, dtype=np.float64)
        self._matrix.sort_indices()
        self._product = BlockMatrix(self._matrix)
        self.shape = matrix.shape

    @property
    def takes_panels(self) -> bool:
        return self._product.takes_panels

    def apply(self, x, y):
        return self._product.apply(x, y)

    def residual(self, b, x, y):
        return self._product.residual(b, x, y)

    def diagonal_blocks(self):
        from femsim.solvers.blocks import diagonal_blocks

        return diagonal_blocks(self._matrix)

    def assembled(self):
        return self._matrix

    @property
    def nbytes(self) -> int:
        return self._product.nbytes + self._matrix.data.nbytes
