"""The one door to the linear solvers: prepare once, solve often; the residual is measured here."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError, ModelError
from femsim.solvers import LINEAR_SOLVERS
from femsim.solvers.system import AssembledOperator, Breakdown, LinearSystem, round_off

DIRECT_LIMIT = 4_000  # unknowns; above it SuperLU takes longer than multigrid and solves together, measured on 2 cores
MANY = 8  # loads, from which on factors are worth more
DIRECT_LIMIT_FOR_MANY = 8_000  # unknowns
RESCUE_LIMIT = 30_000  # unknowns that are still factorised where the iteration fails: slender beams, slivers; 20 s
# Share of the load that round-off may excuse. Pressure spread over a metal cap has floors of 1e-9 … 1e-8 in double
# precision, growing with the mesh; a part that moves almost freely has one far above this limit.
ROUND_OFF_LIMIT = 1e-6
MEMORY_SHARE = 0.8  # of the memory that is free, the most a solver may plan to take


@dataclass(frozen=True)
class Solved:
    """Solutions and how they were found.

    x : (v, n) or (n,), as the right-hand sides were given.
    residuals : (v,) measured ‖b - A x‖ / ‖b‖.
    iterations : (v,) 0 for a direct solver.
    method : name in LINEAR_SOLVERS; reason : why it was chosen, a sentence.
    """

    x: np.ndarray
    residuals: np.ndarray
    iterations: np.ndarray
    method: str
    reason: str


@dataclass(frozen=True)
class Prepared:
    """A system ready to be solved for any right-hand sides.

    may_factorise : whether factors take over where the iteration ends without an answer.
    """

    system: LinearSystem
    method: str
    reason: str
    may_factorise: bool
    _solver: object

    def solve(self, b: np.ndarray, rtol: float = 1e-10, log=None) -> Solved:
        """Solve A x = b for one (n,) or several (v, n) right-hand sides.

        Parameters
        ----------
        b : values in held rows are ignored.
        rtol : limit of ‖b - A x‖ / ‖b‖; where double precision cannot reach it, the level of round-off, up to 1e-6.
        log : callable(str), optional
            Hears of the progress.

        Raises
        ------
        ConvergenceError
            Where a measured residual is above that limit.
        ModelError
            Where b is not finite.
        """
        rows = np.atleast_2d(np.asarray(b, np.float64)).copy()
        if not np.isfinite(rows).all():
            raise ModelError(f"{int((~np.isfinite(rows)).any(axis=1).sum())} of {len(rows)} load cases are not finite.")
        rows[:, self.system.held] = 0.0
        if log is not None:
            log(f"{self.method}: {self.reason}")
        try:
            with _located(self.system):
                found = self._solver.solve(rows, rtol, log)
        except ConvergenceError as fault:
            if not self.may_factorise:
                raise
            reason = f"{self.system.n_free} unknowns are factorised, for the iteration gave up. {fault.what}"
            return _factorised(self.system, reason).solve(b, rtol, log)
        x = np.array(found.x)
        residuals = _measured(self.system.operator, x, rows)
        limits = np.full(len(rows), rtol)
        if not (residuals <= limits).all():
            size = np.linalg.norm(rows, axis=1)
            limits = np.maximum(rtol, np.minimum(round_off(self.system.operator, x) / size, ROUND_OFF_LIMIT))
        if not (residuals <= limits).all():
            worst = int(np.argmax(np.where(np.isfinite(residuals), residuals / limits, np.inf)))
            raise ConvergenceError(
                f"{self.method} left a residual of {residuals[worst]:.1e}, above rtol = {rtol:.0e}.",
                where=f"load case {worst + 1} of {len(rows)}, {self._worst_place(x[worst], rows[worst])}",
                why="a part that can move freely or a near-zero modulus are the usual causes",
                remedy="check the supports and the smallest Young's modulus, or ask for a larger rtol",
            )
        return Solved(x.reshape(np.shape(b)), residuals, found.iterations, self.method, self.reason)

    def precondition(self, r: np.ndarray) -> np.ndarray:
        """An approximate solution (n,) of A x = r (n,), for an iteration on a matrix near to A; 0 where held."""
        return self._solver.precondition(np.where(self.system.held, 0.0, r)[None])[0]

    def _worst_place(self, x, b) -> str:
        rest = np.abs(b - self.system.operator.apply(x[None], np.empty_like(x[None]))[0])
        return f"largest at {self.system.place_of(int(np.argmax(np.where(np.isfinite(rest), rest, np.inf))))}"


def prepare(
    matrix,
    *,
    near_null_space: np.ndarray | None = None,
    held: np.ndarray | None = None,
    transfer=None,
    coarse_matrix=None,
    n_rhs: int = 1,
    method: str = "auto",
    place_of: Callable[[int], str] = "unknown {}".format,
) -> Prepared:
    """Choose a solver for a symmetric positive definite matrix and do all the work that needs no right-hand side.

    Parameters
    ----------
    matrix : sparse matrix, or an operator as `LinearSystem` describes it
    near_null_space : (n, m), optional
        Six rigid-body modes in elasticity; without it multigrid assumes constants.
    held : (n,) bool, optional
        Rows fixed at 0.
    transfer, coarse_matrix : optional
        See `LinearSystem`.
    n_rhs : right-hand sides to expect, for the choice and the memory plan.
    method : "auto" or a name in LINEAR_SOLVERS.
    place_of : callable(int) -> str
        What an unknown is called in an error: its node, region and direction.

    Raises
    ------
    UsageError
        For a method that is not registered.
    ModelError
        Where the solver would need more memory than is free.
    ConvergenceError
        For a matrix that is singular.
    """
    operator = matrix if hasattr(matrix, "apply") else AssembledOperator(matrix)
    held = np.zeros(operator.shape[0], bool) if held is None else np.ascontiguousarray(held, bool).ravel()
    if held.any() and isinstance(operator, AssembledOperator):
        operator = _Held(operator, held)
    modes = _constants(operator) if near_null_space is None else np.asarray(near_null_space, np.float64)
    modes = np.where(held[:, None], 0.0, modes)
    system = LinearSystem(operator, held, modes, transfer, coarse_matrix, n_rhs, place_of)
    name, reason = _choice(system, method)
    may_factorise = (
        method == "auto"
        and system.n_free <= RESCUE_LIMIT
        and _needed(system, "direct") <= MEMORY_SHARE * _free_memory()
    )
    with _located(system):
        return Prepared(
            system, name, reason, may_factorise and name != "direct", LINEAR_SOLVERS[name]().prepare(system)
        )


def _factorised(system: LinearSystem, reason: str) -> Prepared:
    with _located(system):
        return Prepared(system, "direct", reason, False, LINEAR_SOLVERS["direct"]().prepare(system))


def _choice(system: LinearSystem, method: str) -> tuple[str, str]:
    """Name of the solver and the reason for it, once it is known to fit in memory."""
    if method != "auto":
        _refuse_too_large(system, LINEAR_SOLVERS[method], method)  # an unknown name is an error here
        return method, f"{method} was asked for."
    limit = DIRECT_LIMIT if system.n_rhs < MANY else DIRECT_LIMIT_FOR_MANY
    loads = "1 load" if system.n_rhs == 1 else f"{system.n_rhs} loads"
    if system.n_free <= limit:
        if _needed(system, "direct") <= MEMORY_SHARE * _free_memory():
            return "direct", f"{system.n_free} unknowns and {loads} are few enough (≤ {limit} unknowns) to factorise."
        reason = (
            f"factors of {system.n_free} unknowns would not fit in the {_free_memory() / 1e9:.1f} GB that are free."
        )
    else:
        reason = f"{system.n_free} unknowns are too many (> {limit}, {loads}) to factorise quickly."
    _refuse_too_large(system, LINEAR_SOLVERS["multigrid_cg"], "multigrid_cg")
    return "multigrid_cg", reason


def _needed(system: LinearSystem, name: str) -> float:
    return LINEAR_SOLVERS[name].estimated_bytes(system)


def _free_memory() -> float:
    import psutil

    return float(psutil.virtual_memory().available)


def _refuse_too_large(system: LinearSystem, solver, name: str) -> None:
    needed, free = solver.estimated_bytes(system), _free_memory()
    if needed > MEMORY_SHARE * free:
        raise ModelError(
            f"{name} would need about {needed / 1e9:.1f} GB for {system.n_free} unknowns; "
            f"{free / 1e9:.1f} GB are free.",
            remedy="use larger elements, fewer load cases, method = multigrid_cg, or a machine with more memory",
        )


@contextmanager
def _located(system: LinearSystem):
    """Gives a breakdown the name of the unknown where its trace is largest."""
    try:
        yield
    except Breakdown as fault:
        place = f"near {system.place_of(int(np.argmax(fault.trace)))}"
        raise ConvergenceError(fault.what, where=place, why=fault.why, remedy=fault.remedy) from None


def _measured(operator, x, b) -> np.ndarray:
    rest = np.linalg.norm(b - operator.apply(x, np.empty_like(x)), axis=1)
    size = np.linalg.norm(b, axis=1)
    return np.divide(rest, size, out=rest.copy(), where=size > 0)


def _constants(operator) -> np.ndarray:
    """One constant per row of a block: the near null space of a diffusion-like matrix."""
    size = operator.diagonal_blocks().shape[1]
    return np.tile(np.eye(size), (operator.shape[0] // size, 1))


class _Held:
    """An assembled operator with some rows fixed at 0."""

    def __init__(self, operator: AssembledOperator, held: np.ndarray):
        self._operator, self._held, self._rows = operator, held, np.flatnonzero(held)
        self.shape, self.nbytes, self.takes_panels = operator.shape, operator.nbytes, operator.takes_panels

    def apply(self, x, y):
        self._operator.apply(x, y)
        y[:, self._rows] = 0
        return y

    def residual(self, b, x, y):
        self._operator.residual(b, x, y)
        y[:, self._rows] = 0
        return y

    def diagonal_blocks(self):
        blocks = self._operator.diagonal_blocks()
        held = self._held.reshape(len(blocks), -1)
        keep = ~(held[:, :, None] | held[:, None, :]) | np.eye(held.shape[1], dtype=bool)
        return np.where(keep, blocks, 0.0)

    def assembled(self):
        return self._operator.assembled()
