"""Conjugate gradients with a multigrid cycle in front: for everything that is not small."""

from dataclasses import dataclass

import numpy as np
import psutil

from femsim.registry import parameter
from femsim.solvers import layout
from femsim.solvers.blocks import BlockMatrix
from femsim.solvers.cg import Iterated, conjugate_gradients
from femsim.solvers.kernels.aggregation import clear_held
from femsim.solvers.system import LinearSystem

SIDE_BY_SIDE_FROM = 4  # right-hand sides; fewer are faster one after the other, measured on capped femora
MATRIX_PAYS_FROM = 6  # right-hand sides that are worth making the stored matrix for, measured there too
STORED_BYTES = 1700  # per unknown: the matrix of TET10 while it is being made


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

        modes, matrix = system.near_null_space, system.coarse_matrix
        if system.transfer is None:
            matrix = _decoupled(system.operator.assembled(), system.held)
        else:
            modes = _carried(modes, system.transfer)
            if matrix is None:
                matrix = _galerkin(system)
        self._operator = system.operator if system.operator.takes_panels else _TwoForms(system)
        blocks = system.operator.diagonal_blocks()
        self._cycle = Cycle(
            self._operator, blocks, _in_blocks(system.transfer), matrix, modes,
            strength=settings.strength, degree=settings.smoothing_degree,
        )  # fmt: skip
        self._in_threes = blocks.shape[1] % 3 == 0 and self._cycle.takes_panels

    def solve(self, b: np.ndarray, rtol: float, log=None) -> Iterated:
        """Solutions for the rows of b (v, n).

        Many rows are solved in groups, side by side; each group starts from the combination of the earlier solutions
        that is nearest to its own in energy. Groups are picked from all over b, so that a history of slowly changing
        loads is soon spanned.

        Raises
        ------
        ConvergenceError
            When the iteration breaks down or its steps run out.
        """
        x, iterations = np.zeros_like(b), np.zeros(len(b), np.int64)
        n_groups = -(-len(b) // layout.PANEL)
        known = np.empty(0, np.int64)
        for group in (np.arange(first, len(b), n_groups) for first in range(n_groups)):
            start = _nearest(x[known], b[known], b[group])
            side_by_side = self._in_threes and len(group) >= self._fewest() and self._stored_fits(log)
            to, back = (layout.packed, layout.rows_of) if side_by_side else (_same, _same)
            found = conjugate_gradients(
                self._operator, self._cycle, to(b[group]), rtol, log, None if start is None else to(start)
            )
            x[group], iterations[group] = back(found.x)[: len(group)], found.iterations[: len(group)]
            known = np.concatenate([known, group])
        return Iterated(x, iterations)

    def precondition(self, r: np.ndarray) -> np.ndarray:
        """One cycle for the rows of r (v, n)."""
        return self._cycle(r).astype(np.float64)

    def _fewest(self) -> int:
        is_stored = self._operator.takes_panels or self._operator.is_stored
        return SIDE_BY_SIDE_FROM if is_stored else MATRIX_PAYS_FROM

    def _stored_fits(self, log) -> bool:
        return self._operator.takes_panels or self._operator.stored_fits(log)


class _TwoForms:
    """An operator that takes rows, with its stored matrix beside it, made when a panel first comes."""

    takes_panels = False

    def __init__(self, system: LinearSystem):
        self._system, self._operator, self._stored = system, system.operator, None
        self.shape, self.diagonal_blocks = system.operator.shape, system.operator.diagonal_blocks

    def apply(self, x, y):
        return (self._stored if layout.is_panel(x) else self._operator).apply(x, y)

    def residual(self, b, x, y):
        return (self._stored if layout.is_panel(x) else self._operator).residual(b, x, y)

    @property
    def is_stored(self) -> bool:
        return self._stored is not None

    def stored_fits(self, log) -> bool:
        """Whether the matrix is there, or could be made in the memory that is free."""
        if self._stored is None:
            needed, free = STORED_BYTES * self._system.size, psutil.virtual_memory().available
            if needed > 0.8 * free:
                if log is not None:
                    log(
                        f"loads are solved one by one: the matrix that serves several at once would take "
                        f"{needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free"
                    )
                return False
            self._stored = BlockMatrix(_decoupled(self._system.operator.assembled(), self._system.held))
        return True


def _same(rows):
    return rows


def _nearest(x: np.ndarray, b: np.ndarray, wanted: np.ndarray):
    """The combinations of solutions x (k, n) of loads b (k, n) nearest in energy to those of wanted (v, n), or None."""
    if not len(x):
        return None
    energies, vectors = np.linalg.eigh(x @ b.T + b @ x.T)
    kept = energies > 1e-12 * energies.max(initial=0)  # dependent loads add nothing but round-off
    if not kept.any():
        return None
    vectors, energies = vectors[:, kept], energies[kept] / 2
    return (wanted @ x.T) @ (vectors / energies) @ vectors.T @ x


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
    clear_held(matrix.indptr, matrix.indices, held.reshape(-1, matrix.blocksize[0]), matrix.data)
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
