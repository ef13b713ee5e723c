"""A sparse matrix of small dense blocks, ready to be multiplied with several vectors at once."""

import numpy as np

from femsim.solvers.kernels import blocks as kernels
from femsim.solvers.kernels import panels
from femsim.solvers.layout import is_panel


class BlockMatrix:
    """A matrix in the layouts of the product kernels, each made when it is first used.

    Parameters
    ----------
    matrix : scipy.sparse.bsr_matrix
        Square or rectangular, any block size.
    precision : type, optional
        The only one it will be used in; without it, double precision is kept and others are made from it.
    """

    def __init__(self, matrix, precision=np.float64):
        matrix = matrix.copy() if not matrix.has_sorted_indices else matrix
        matrix.sort_indices()
        self.shape, self.blocksize = matrix.shape, matrix.blocksize
        self._indptr, self._indices = matrix.indptr.astype(np.uint64), matrix.indices.astype(np.uint32)
        longest = int(np.diff(matrix.indptr).max(initial=0))
        self._block_shape = np.array([*matrix.blocksize, max(longest, 1)], np.int64)
        self._blocks = {np.dtype(precision): np.ascontiguousarray(matrix.data, precision)}
        self._rows = {}

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
        size = next(iter(self._blocks.values())).size
        return 12 * size + self._indices.nbytes + self._indptr.nbytes

    def _product(self, x, b, y, mode):
        if is_panel(x):
            if x.dtype not in self._blocks:
                self._blocks[x.dtype] = next(iter(self._blocks.values())).astype(x.dtype)
            values, flat = self._blocks[x.dtype].reshape(-1), (a.reshape(-1) for a in (x, b, y))
            panels.fill_product(self._indptr, self._indices, values, self._block_shape, *flat, mode)
        else:
            if x.dtype not in self._rows:
                blocks = next(iter(self._blocks.values()))
                self._rows[x.dtype] = np.empty(blocks.size, x.dtype)
                kernels.fill_row_major(self._indptr, blocks, self._rows[x.dtype])
            kernels.fill_product(self._indptr, self._indices, self._rows[x.dtype], self._block_shape, x, b, y, mode)
        return y


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
