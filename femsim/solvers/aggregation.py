"""Smoothed aggregation: ever coarser matrices made from a matrix and the motions it hardly resists.

Vanek, Mandel & Brezina, Computing 56 (1996) 179-196. Every step runs in a fixed order, so the same matrix always gives
the same hierarchy.
"""

from dataclasses import dataclass

import numpy as np

from femsim.solvers.blocks import BlockMatrix, diagonal_blocks, inverse_blocks
from femsim.solvers.kernels import aggregation as kernels
from femsim.solvers.smoothing import largest_eigenvalue

MAX_LEVELS = 12
single = np.float32


@dataclass(frozen=True)
class Grid:
    """One matrix of the hierarchy and the way to the next coarser one.

    matrix : bsr_matrix
    product : BlockMatrix
        The matrix ready to be multiplied, in single precision; None on the coarsest.
    inverse : (n, s, s) single
        Of its diagonal blocks; None on the coarsest.
    largest : largest eigenvalue of D⁻¹ A.
    prolongation, restriction : bsr_matrix, or None on the coarsest.
    """

    matrix: object
    product: BlockMatrix | None = None
    inverse: np.ndarray | None = None
    largest: float = 0.0
    prolongation: object | None = None
    restriction: object | None = None


def hierarchy(matrix, near_null_space: np.ndarray, *, strength: float, coarsest: int) -> list[Grid]:
    """Coarser and coarser matrices, down to `coarsest` rows or until coarsening stalls.

    Parameters
    ----------
    matrix : bsr_matrix (n, n)
    near_null_space : (n, m)
        Motions of little energy: six rigid-body modes in elasticity.
    strength : float
        Neighbours i, j are joined when |A_ij| ≥ strength · sqrt(|A_ii| |A_jj|): keeps soft bone and metal apart.
    coarsest : int
    """
    grids = []
    modes = np.ascontiguousarray(near_null_space.reshape(-1, matrix.blocksize[0], near_null_space.shape[1]))
    while matrix.shape[0] > coarsest and len(grids) < MAX_LEVELS:
        aggregate_of, count = _aggregates(matrix, strength)
        if not 0 < count < 0.7 * len(aggregate_of):
            break
        product, inverse = BlockMatrix(matrix, single), inverse_blocks(diagonal_blocks(matrix))
        largest = largest_eigenvalue(product, inverse)
        tentative, coarse_modes = _tentative(aggregate_of, count, modes)
        prolongation = _smoothed(matrix, inverse, 4.0 / 3.0 / largest, aggregate_of, count, tentative)
        restriction = _transposed(prolongation)
        coarse = _product(restriction, _product(matrix, prolongation))
        grids.append(Grid(matrix, product, inverse, largest, prolongation, restriction))
        matrix, modes = _with_full_diagonal(coarse), coarse_modes
    return [*grids, Grid(matrix)]


def _aggregates(matrix, strength: float) -> tuple[np.ndarray, int]:
    n = len(matrix.indptr) - 1
    strong = np.empty(len(matrix.indices), bool)
    kernels.fill_strong(matrix.indptr, matrix.indices, matrix.data, float(strength), np.zeros(n), strong)
    aggregate_of = np.empty(n, np.int32)
    return aggregate_of, kernels.fill_aggregates(matrix.indptr, matrix.indices, strong, aggregate_of)


def _tentative(aggregate_of, count, modes):
    members = np.argsort(aggregate_of, kind="stable")[np.count_nonzero(aggregate_of < 0) :]
    start = np.concatenate([[0], np.cumsum(np.bincount(aggregate_of[aggregate_of >= 0], minlength=count))])
    tentative, coarse_modes = _with_slack(modes.shape), np.empty((count, modes.shape[2], modes.shape[2]))
    kernels.fill_tentative(start, members, modes, tentative, coarse_modes)
    return tentative, coarse_modes


def _smoothed(matrix, inverse, damping, aggregate_of, count, tentative):
    """P = (1 - damping · D⁻¹ A) T."""
    n, size, n_modes = tentative.shape
    lengths = np.empty(n, np.int32)
    kernels.fill_prolongation_lengths(matrix.indptr, matrix.indices, aggregate_of, lengths)
    start = _cumulated(lengths)
    columns, blocks = np.empty(start[-1], np.int32), _with_slack((start[-1], size, n_modes))
    kernels.fill_prolongation(
        matrix.indptr, matrix.indices, matrix.data, inverse.astype(np.float64), damping, aggregate_of, tentative,
        start, columns, blocks,
    )  # fmt: skip
    return _bsr(blocks, columns, start, (n * size, count * n_modes))


def _product(a, b):
    """The matrix a b."""
    n_columns = b.shape[1] // b.blocksize[1]
    lengths = np.empty(len(a.indptr) - 1, np.int32)
    kernels.fill_product_lengths(a.indptr, a.indices, b.indptr, b.indices, n_columns, lengths)
    start = _cumulated(lengths)
    columns, values = np.empty(start[-1], np.int32), _with_slack((start[-1], a.blocksize[0], b.blocksize[1]))
    kernels.fill_matrix_product(
        a.indptr, a.indices, a.data, b.indptr, b.indices, b.data, n_columns, start, columns, values
    )
    return _bsr(values, columns, start, (a.shape[0], b.shape[1]))


def _transposed(matrix):
    start = np.empty(matrix.shape[1] // matrix.blocksize[1] + 1, np.int32)
    columns, origin = np.empty_like(matrix.indices), np.empty(len(matrix.indices), np.int32)
    kernels.fill_transposed_pattern(matrix.indptr, matrix.indices, start, columns, origin)
    blocks = np.empty((len(matrix.indices), *matrix.blocksize[::-1]))
    kernels.fill_transposed(matrix.data, origin, blocks)
    return _bsr(blocks, columns, start, matrix.shape[::-1])


def _with_slack(shape) -> np.ndarray:
    """An empty array with a little memory behind it that a kernel may read."""
    size = int(np.prod(shape))
    return np.zeros(size + kernels.SLACK)[:size].reshape(shape)


def _bsr(blocks, columns, start, shape):
    from scipy.sparse import bsr_matrix

    matrix = bsr_matrix((blocks, columns, start), shape=shape, copy=False)
    matrix.has_sorted_indices = True
    return matrix


def _cumulated(lengths: np.ndarray) -> np.ndarray:
    start = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=start[1:])
    return start


def _with_full_diagonal(matrix):
    """The matrix with ones where an aggregate was too small to carry every mode and left an empty row."""
    from scipy.sparse import bsr_matrix, diags

    diagonal = matrix.diagonal()
    empty = diagonal <= 1e-14 * diagonal.max()
    if empty.any():
        kept = diags((~empty).astype(float))
        matrix = bsr_matrix(kept @ matrix @ kept + diags(empty.astype(float)), blocksize=matrix.blocksize)
        matrix.sort_indices()
    return matrix
