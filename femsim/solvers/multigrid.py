"""One multigrid cycle in single precision: the preconditioner of conjugate gradients.

The finest level is the operator itself; with a transfer to linear elements (p-multigrid) the next is their matrix,
then those of smoothed aggregation. Each level is smoothed by a Chebyshev polynomial of block Jacobi before and after,
the same on both sides so that the cycle is symmetric; the coarsest is solved by its dense inverse.
"""

import numpy as np

from femsim.solvers import layout
from femsim.solvers.aggregation import hierarchy
from femsim.solvers.blocks import BlockMatrix, inverse_blocks
from femsim.solvers.smoothing import Chebyshev, Workspace, largest_eigenvalue

single = np.float32
COARSEST = 400  # rows solved by a dense inverse: 0.6 MB in single precision


class Cycle:
    """A symmetric V-cycle for a symmetric positive definite operator.

    Parameters
    ----------
    operator : has `apply`, `residual`, `shape`
    blocks : (n, s, s)
        Its diagonal blocks.
    transfer : bsr_matrix (n, m) or None
        Prolongation from the coarse space of `coarse_matrix`; None starts aggregation from `operator` itself.
    coarse_matrix : bsr_matrix
        Matrix that aggregation starts from.
    near_null_space : (m, 6)
        Of the coarse matrix.
    strength, degree : see `MultigridCG`.
    """

    def __init__(self, operator, blocks, transfer, coarse_matrix, near_null_space, *, strength, degree):
        grids = hierarchy(coarse_matrix, near_null_space, strength=strength, coarsest=COARSEST)
        self.levels = []
        if transfer is not None:
            inverse = inverse_blocks(blocks)
            smoother = Chebyshev(operator, inverse, largest_eigenvalue(operator, inverse), degree)
            self.levels.append(_Level(operator, smoother, transfer, _transposed(transfer)))
        for grid in grids[:-1]:
            smoother = Chebyshev(grid.product, grid.inverse, grid.largest, degree)
            self.levels.append(_Level(grid.product, smoother, grid.prolongation, grid.restriction))
        self._bottom = _Bottom(grids[-1].matrix)
        self._right = Workspace(operator.shape[0])
        self.takes_panels = all(level.prolongation.takes_panels for level in self.levels)
        self.sizes = [level.size for level in self.levels] + [grids[-1].matrix.shape[0]]

    def __call__(self, r: np.ndarray) -> np.ndarray:
        """Approximate solution in single precision, for rows or a panel; good until the next call."""
        b = self._right.like(r)
        layout.copy(r, b)
        return self._descend(b, 0)

    def _descend(self, b, k):
        if k == len(self.levels):
            return self._bottom.solve(b)
        level = self.levels[k]
        x = level.smoother.start(b)
        level.prolongation.add_to(x, self._descend(level.restricted_residual(b, x), k + 1))
        return level.smoother.improve(b, x)


class _Level:
    def __init__(self, operator, smoother: Chebyshev, prolongation, restriction):
        self.size, self.smoother, self._operator = operator.shape[0], smoother, operator
        self.prolongation, self._restriction = BlockMatrix(prolongation, single), BlockMatrix(restriction, single)
        self._residual, self._restricted = Workspace(self.size), Workspace(restriction.shape[0])

    def restricted_residual(self, b, x):
        rest = self._operator.residual(b, x, self._residual.like(b))
        return self._restriction.apply(rest, self._restricted.like(b))


class _Bottom:
    """The coarsest matrix, solved exactly: by its inverse, or by factors where coarsening stalled early."""

    DENSE = 2000  # rows; 16 MB of inverse

    def __init__(self, matrix):
        self._inverse = self._factors = None
        if matrix.shape[0] <= self.DENSE:
            self._inverse = _inverse(matrix.toarray()).astype(single)
        else:
            from scipy.sparse.linalg import splu

            self._factors = splu(matrix.tocsc())

    def solve(self, b):
        if self._inverse is not None:
            return self._inverse @ b if layout.is_panel(b) else b @ self._inverse  # symmetric
        columns = b[0] if layout.is_panel(b) else b.T
        x = self._factors.solve(columns.astype(np.float64))
        return np.ascontiguousarray(x[None] if layout.is_panel(b) else x.T, single)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverse where the matrix resists; a motion it does not resist is left to conjugate gradients, which name it."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    resisted = values > 1e-14 * values.max()
    return vectors[:, resisted] / values[resisted] @ vectors[:, resisted].T


def _transposed(matrix):
    from scipy.sparse import bsr_matrix

    return bsr_matrix(matrix.T, blocksize=matrix.blocksize[::-1])
