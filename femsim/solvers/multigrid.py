"""One multigrid cycle in single precision: the preconditioner of conjugate gradients.

The finest level is the operator itself; with a transfer to linear elements (p-multigrid) the next is their matrix,
then those of smoothed aggregation. Each level is smoothed by a Chebyshev polynomial of block Jacobi before and after,
the same on both sides so that the cycle is symmetric; the coarsest is solved by its dense inverse.
"""

import numpy as np

from femsim.solvers import layout
from femsim.solvers.aggregation import hierarchy, largest_eigenvalue
from femsim.solvers.blocks import BlockMatrix, diagonal_blocks, inverse_blocks

single = np.float32
COARSEST = 400  # rows solved by a dense inverse: 0.6 MB in single precision
POWER_STEPS = 20
EIGENVALUE_MARGIN = 1.2  # power steps stop short of the largest eigenvalue; measured on capped femora
SMOOTHED_RANGE = 10.0  # largest over smallest eigenvalue that the smoother damps; measured on capped femora


class Cycle:
    """A symmetric V-cycle for a symmetric positive definite operator.

    Parameters
    ----------
    operator : has `apply`, `shape`
    blocks : (n, s, s)
        Its diagonal blocks.
    transfer : sparse (n, m) or None
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
            self.levels.append(_Level(operator, blocks, transfer, degree))
        for grid in grids[:-1]:
            matrix = BlockMatrix(grid.matrix, single)
            self.levels.append(_Level(matrix, diagonal_blocks(grid.matrix), grid.prolongation, degree))
        self._bottom = _Bottom(grids[-1].matrix)
        self._right = Workspace(operator.shape[0])
        self.takes_panels = all(level.prolongation.takes_panels for level in self.levels)
        self.sizes = [level.size for level in self.levels] + [grids[-1].matrix.shape[0]]

    def __call__(self, r: np.ndarray) -> np.ndarray:
        """Approximate solution, in single precision, for rows or a panel of right-hand sides; good until the next call."""
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
    def __init__(self, operator, blocks, prolongation, degree):
        self.size = operator.shape[0]
        self.smoother = _Chebyshev(operator, inverse_blocks(blocks), degree)
        self.prolongation = BlockMatrix(prolongation, single)
        self._operator = operator
        self._restriction = BlockMatrix(_transposed(prolongation), single)
        self._residual, self._restricted = Workspace(self.size), Workspace(self._restriction.shape[0])

    def restricted_residual(self, b, x):
        rest = self._operator.residual(b, x, self._residual.like(b))
        return self._restriction.apply(rest, self._restricted.like(b))


class Workspace:
    """Vectors of single precision kept from call to call: fresh memory costs more than the arithmetic done in it."""

    def __init__(self, size: int):
        self._size, self._kept = size, np.empty(0, single)

    def like(self, b: np.ndarray) -> np.ndarray:
        """As many vectors as b holds, side by side or in rows as b has them, with whatever the last call left."""
        shape = (len(b), self._size, *b.shape[2:])
        if self._kept.size < np.prod(shape):
            self._kept = np.empty(np.prod(shape), single)
        return self._kept[: np.prod(shape)].reshape(shape)


class _Chebyshev:
    """Chebyshev iteration on D⁻¹ A over the upper part of its spectrum; Saad (2003), Algorithm 12.1."""

    def __init__(self, operator, inverse, degree):
        self._operator, self._inverse = operator, inverse
        self._x, self._previous, self._product = (Workspace(operator.shape[0]) for _ in range(3))
        largest = EIGENVALUE_MARGIN * largest_eigenvalue(self._scaled_product, operator.shape[0], POWER_STEPS)
        low, high = largest / SMOOTHED_RANGE, largest
        theta, delta = (high + low) / 2, (high - low) / 2
        sigma = theta / delta
        rho = 1 / sigma
        self._turns = [(single(0), single(1 / theta))]
        for _ in range(degree - 1):
            following = 1 / (2 * sigma - rho)
            self._turns.append((single(following * rho), single(2 * following / delta)))
            rho = following

    def start(self, b):
        """Smoothed from x = 0; the answer stays good until the next call."""
        x, previous = self._x.like(b), self._previous.like(b)
        layout.scaled(self._inverse, self._turns[0][1], b, x)
        previous[:] = 0
        return self._continue(b, x, previous, self._turns[1:])

    def improve(self, b, x):
        """Smoothed from the x that `start` gave, since corrected."""
        return self._continue(b, x, self._spare, self._turns)

    def _continue(self, b, x, previous, turns):
        product = self._product.like(b)
        for momentum, step in turns:
            self._operator.apply(x, product)
            layout.smoothed(self._inverse, momentum, step, x, previous, product, b, previous)
            x, previous = previous, x
        self._spare = previous
        return x

    def _scaled_product(self, x):
        x = x.astype(single)[None]
        product = self._operator.apply(x, np.empty_like(x))
        scaled = np.empty_like(x)
        layout.scaled(self._inverse, single(1), product, scaled)
        return scaled[0]


class _Bottom:
    """The coarsest matrix, solved exactly: by its inverse, or by factors where coarsening stalled early."""

    DENSE = 2000  # rows; 16 MB of inverse

    def __init__(self, matrix):
        self._inverse = self._factors = None
        if matrix.shape[0] <= self.DENSE:
            self._inverse = np.linalg.inv(matrix.toarray()).astype(single)
        else:
            from scipy.sparse.linalg import splu

            self._factors = splu(matrix.tocsc())

    def solve(self, b):
        if self._inverse is not None:
            return self._inverse @ b if layout.is_panel(b) else b @ self._inverse  # symmetric
        columns = b[0] if layout.is_panel(b) else b.T
        x = self._factors.solve(columns.astype(np.float64))
        return np.ascontiguousarray(x[None] if layout.is_panel(b) else x.T, single)


def _transposed(matrix):
    from scipy.sparse import bsr_matrix

    return bsr_matrix(matrix.T, blocksize=matrix.blocksize[::-1])
