"""Smoothed aggregation: ever coarser matrices made from a matrix and the motions it hardly resists.

Vanek, Mandel & Brezina, Computing 56 (1996) 179-196. Strength and aggregates come from pyamg; the smoothing uses a
damping that is found from a fixed start vector, so that the same matrix always gives the same hierarchy.
"""

from dataclasses import dataclass

import numpy as np

from femsim.solvers.blocks import diagonal_blocks

MAX_LEVELS = 12


@dataclass(frozen=True)
class Grid:
    """One matrix of the hierarchy, with the prolongation from the next coarser one (None on the coarsest)."""

    matrix: object
    prolongation: object | None


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
    from pyamg.aggregation.aggregate import standard_aggregation
    from pyamg.aggregation.tentative import fit_candidates
    from pyamg.strength import symmetric_strength_of_connection
    from scipy.sparse import bsr_matrix

    grids = []
    while matrix.shape[0] > coarsest and len(grids) < MAX_LEVELS:
        joined = symmetric_strength_of_connection(matrix, strength)
        aggregates, _ = standard_aggregation(joined)
        if not 0 < aggregates.shape[1] < 0.7 * aggregates.shape[0]:
            break
        tentative, coarse_modes = fit_candidates(aggregates, near_null_space)
        scaled = _block_scaled(matrix)
        damping = 4.0 / 3.0 / largest_eigenvalue(scaled.__matmul__, matrix.shape[0])
        prolongation = bsr_matrix(tentative - (scaled @ tentative) * damping, blocksize=tentative.blocksize)
        grids.append(Grid(matrix, prolongation))
        coarse = bsr_matrix(prolongation.T @ (matrix @ prolongation), blocksize=(near_null_space.shape[1],) * 2)
        matrix, near_null_space = _with_full_diagonal(coarse), coarse_modes
    return [*grids, Grid(matrix, None)]


def largest_eigenvalue(apply, size: int, steps: int = 15) -> float:
    """Largest eigenvalue of an operator, self-adjoint in some inner product, by power steps from a fixed start."""
    x = np.random.default_rng(0).standard_normal(size)
    value = 0.0
    for _ in range(steps):
        x = apply(x / np.linalg.norm(x))
        value = float(np.linalg.norm(x))
        if not value > 0:
            break
    return value


def _block_scaled(matrix):
    """D⁻¹ A with D the diagonal blocks."""
    from scipy.sparse import bsr_matrix

    blocks = diagonal_blocks(matrix)
    node, row = np.nonzero(np.einsum("nii->ni", blocks) == 0)
    blocks[node, row, row] = 1.0
    inverse = np.linalg.inv(blocks)
    rows = np.repeat(np.arange(len(blocks)), np.diff(matrix.indptr))
    return bsr_matrix((inverse[rows] @ matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)


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
