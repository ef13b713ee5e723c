"""Conjugate gradients with a multigrid cycle in front: for everything that is not small."""

from dataclasses import dataclass

import numpy as np

from femsim.registry import parameter
from femsim.solvers.cg import Iterated, conjugate_gradients
from femsim.solvers.system import LinearSystem


@dataclass(frozen=True)
class MultigridCG:
    """Double-precision conjugate gradients, preconditioned by p-multigrid and smoothed aggregation in single precision.

    Source
    ------
    Vanek, Mandel & Brezina, Computing 56 (1996) 179-196; Adams et al., J. Comput. Phys. 188 (2003) 593-610 (Chebyshev).
    """

    strength: float = parameter(
        0.02,
        text="Coupling below which neighbours are not aggregated.",
        low=0.0,
        high=0.25,
        source="measured on capped femora, stiffness contrast 1 : 10 000",
    )
    smoothing_degree: int = parameter(
        2,
        text="Degree of the Chebyshev smoother.",
        low=1,
        high=6,
        source="measured on capped femora, stiffness contrast 1 : 10 000",
    )

    def prepare(self, system: LinearSystem) -> "_Preconditioned":
        """Build the hierarchy."""
        return _Preconditioned(system, self)

    @staticmethod
    def estimated_bytes(system: LinearSystem) -> float:
        """Memory of operator, hierarchy and vectors [bytes]; an upper fit to 0.4 … 1.1 million unknowns."""
        vectors = 140 * system.size * system.n_rhs
        coarse = system.size if system.transfer is None else system.transfer.shape[1]
        return 1.5 * system.operator.nbytes + 2000 * coarse + vectors


class _Preconditioned:
    def __init__(self, system: LinearSystem, settings: MultigridCG):
        from femsim.solvers.multigrid import Cycle

        self._operator = system.operator
        modes, matrix = system.near_null_space, system.coarse_matrix
        if system.transfer is None:
            matrix = _decoupled(system.operator.assembled(), system.held)
        else:
            modes = _carried(modes, system.transfer)
            if matrix is None:
                matrix = _galerkin(system)
        self._cycle = Cycle(
            system.operator, system.operator.diagonal_blocks(), _in_blocks(system.transfer), matrix, modes,
            strength=settings.strength, degree=settings.smoothing_degree,
        )  # fmt: skip

    def solve(self, b: np.ndarray, rtol: float, log=None) -> Iterated:
        """Solutions for the rows of b (v, n).

        Raises
        ------
        ConvergenceError
            When the iteration breaks down or its steps run out.
        """
        return conjugate_gradients(self._operator, self._cycle, b, rtol, log)


def _carried(modes: np.ndarray, transfer) -> np.ndarray:
    """The modes at the coarse unknowns, each read off the fine unknown that is the same; 0 where nothing moves."""
    transfer = transfer.tocsr()
    transfer.eliminate_zeros()
    alone = np.flatnonzero(np.diff(transfer.indptr) == 1)
    alone = alone[transfer.data[transfer.indptr[alone]] == 1.0]
    rows = np.full(transfer.shape[1], -1, np.int64)
    rows[transfer.indices[transfer.indptr[alone]]] = alone
    moving = np.bincount(transfer.indices, minlength=transfer.shape[1]) > 0
    if (moving & (rows < 0)).any():
        raise ValueError(f"{int((moving & (rows < 0)).sum())} coarse unknowns are not carried to a fine one")
    return np.where(moving[:, None], modes[rows], 0.0)


def _galerkin(system: LinearSystem):
    from scipy.sparse import bsr_matrix

    size = system.near_null_space.shape[1] // 2 if system.near_null_space.shape[1] == 6 else 1
    matrix = _decoupled(system.operator.assembled(), system.held)
    coarse = bsr_matrix(system.transfer.T @ (matrix @ system.transfer), blocksize=(size, size))
    coarse.sort_indices()
    return coarse


def _decoupled(matrix, held):
    """The matrix with held rows and columns cleared but for their diagonal."""
    if not held.any():
        return matrix
    matrix = matrix.copy()
    size = matrix.blocksize[0]
    blocks_held = held.reshape(-1, size)
    rows = np.repeat(np.arange(len(matrix.indptr) - 1), np.diff(matrix.indptr))
    on_diagonal = (rows == matrix.indices)[:, None, None] & np.eye(size, dtype=bool)
    cleared = blocks_held[rows][:, :, None] | blocks_held[matrix.indices][:, None, :]
    matrix.data = np.where(cleared & ~on_diagonal, 0.0, matrix.data)
    return matrix


def _in_blocks(transfer):
    """The transfer in 3x3 blocks where it carries directions, else in single entries."""
    from scipy.sparse import bsr_matrix

    if transfer is None:
        return None
    size = 3 if transfer.shape[0] % 3 == 0 and transfer.shape[1] % 3 == 0 else 1
    blocks = bsr_matrix(transfer, blocksize=(size, size))
    blocks.sort_indices()
    return blocks
