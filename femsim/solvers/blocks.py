"""A sparse matrix of small dense blocks, ready to be multiplied with several vectors at once."""

import numpy as np

from femsim.solvers.kernels import blocks as kernels
from femsim.solvers.kernels import panels
from femsim.solvers.layout import is_panel


class BlockMatrix:
    """A matrix in the layout of the product kernels, kept in the precisions it is used in.

    Parameters
    ----------
    matrix : scipy.sparse.bsr_matrix
        Square or rectangular, any block size.
    precisions : types to keep it in
        All there will be; when none is named, each is made when it is first asked for.
    """

    def __init__(self, matrix, *precisions):
        matrix = matrix.copy() if not matrix.has_sorted_indices else matrix
        matrix.sort_indices()
        self.shape, self.blocksize = matrix.shape, matrix.blocksize
        self._indptr, self._indices = matrix.indptr.astype(np.uint64), matrix.indices.astype(np.uint32)
        longest = int(np.diff(matrix.indptr).max(initial=0))
        self._block_shape = np.array([*matrix.blocksize, max(longest, 1)], np.int64)
        self._data, self._size, self._values = np.ascontiguousarray(matrix.data), matrix.data.size, {}
        for precision in precisions:
            self._in(np.dtype(precision))
        if precisions:
            self._data = None

    def apply(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← A x for rows (v, columns) or a panel, in the precision of x; returns y."""
        return self._product(x, y, y, 0)

    def residual(self, b: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← b - A x; returns y."""
        return self._product(x, b, y, 1)

    def add_to(self, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """y += A x; returns y."""
        return self._product(x, y, y, 2)

    @property
    def takes_panels(self) -> bool:
        """Whether the product with a panel exists: for blocks of three, as in elasticity."""
        return self.blocksize[0] % 3 == 0 and self.blocksize[1] % 3 == 0

    @property
    def nbytes(self) -> int:
        """Memory the product takes when both precisions are in use."""
        return 12 * self._size + self._indices.nbytes + self._indptr.nbytes

    def _product(self, x, b, y, mode):
        values = self._in(x.dtype)
        if is_panel(x):
            flat = (a.reshape(-1) for a in (x, b, y))
            panels.fill_product(self._indptr, self._indices, values, self._block_shape, *flat, mode)
        else:
            kernels.fill_product(self._indptr, self._indices, values, self._block_shape, x, b, y, mode)
        return y

    def _in(self, precision):
        if precision not in self._values:
            values = np.empty(self._size, precision)
            kernels.fill_row_major(self._indptr, self._data, values)
            self._values[precision] = values
        return self._values[precision]


def diagonal_blocks(matrix) -> np.ndarray:
    """(n, s, s): the blocks on the diagonal of a square bsr_matrix; zeros where none is stored."""
    size = matrix.blocksize[0]
    n = matrix.shape[0] // size
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    on = matrix.indices == rows
    blocks = np.zeros((n, size, size))
    blocks[rows[on]] = matrix.data[on]
    return blocks


def inverse_blocks(blocks: np.ndarray) -> np.ndarray:
    """(n, s, s) single: inverse of each block; rows that couple with nothing count as one."""
    blocks = blocks.copy()
    node, row = np.nonzero(np.einsum("nii->ni", blocks) == 0)
    blocks[node, row, row] = 1.0
    return np.linalg.inv(blocks).astype(np.float32)
