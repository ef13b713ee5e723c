"""Preconditioned conjugate gradients for several right-hand sides that share every product with the matrix."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError
from femsim.solvers import layout
from femsim.solvers.system import Breakdown, round_off

MAX_ITERATIONS = 400
REPORT_EVERY = 10
# Each time the residual has fallen by this factor it is computed anew and the solution so far is set aside: later steps
# are then rounded at their own size. Van der Vorst & Ye, SIAM J. Sci. Comput. 22 (2000) 835-852.
REPLACED_AFTER = 1e-3
RESTARTS = 4  # rounds of refinement when round-off lets the updated residual drift from the true one


@dataclass(frozen=True)
class Iterated:
    """Solutions, rows or a panel as the right-hand sides were, and the iterations each needed (v,)."""

    x: np.ndarray
    iterations: np.ndarray


def conjugate_gradients(operator, preconditioner, b: np.ndarray, rtol: float, log=None, start=None) -> Iterated:
    """Solve A x = b to ‖b - A x‖ ≤ rtol ‖b‖ for each vector of b, rows or a panel (see `layout`).

    `log`, a callable(str), hears of the progress; `start` is a guess of x. The flexible (Polak-Ribière) form: a
    preconditioner in single precision is not quite the same from step to step.

    Raises
    ------
    ConvergenceError
        When a number is no longer finite, the matrix is seen not to be positive definite, or the steps run out.

    Source
    ------
    Golub & Ye, SIAM J. Sci. Comput. 21 (1999) 1305-1320, inexact preconditioned conjugate gradients.
    """
    x = np.zeros_like(b) if start is None else start.copy()
    iterations = np.zeros(layout.count_of(b), np.int64)
    target = rtol * layout.norms(b)
    residual = b if start is None else operator.residual(b, x, np.empty_like(b))
    last = np.full(len(target), np.inf)
    for turn in range(RESTARTS):
        norms = layout.norms(residual)
        if turn == 1 and (norms > target).any():
            target = np.maximum(target, round_off(operator, layout.rows_of(x)))
        unfinished = (norms > target) & (norms < 0.5 * last)
        if not unfinished.any():
            break
        last[unfinished] = norms[unfinished]
        # A little below the target, or the true residual would end just above it.
        limits = np.where(unfinished, 0.5 * target, np.inf)
        iterations += _run(operator, preconditioner, x, residual, limits, log)
        residual = operator.residual(b, x, np.empty_like(b))
    return Iterated(x, iterations)


def _run(operator, preconditioner, x, residual, target, log) -> np.ndarray:
    """Adds to x what brings each vector of the residual below its target; returns the iterations each took."""
    counts = np.zeros(len(target), np.int64)
    chosen = np.flatnonzero(layout.norms(residual) > target)
    whole = layout.is_panel(x)
    b = residual if whole else np.ascontiguousarray(residual[chosen])
    places = np.arange(len(target)) if whole else chosen  # of the vectors at hand among those of x
    running = np.isin(places, chosen)
    total, step, r, q = np.zeros_like(b), np.zeros_like(b), b.copy(), np.empty_like(b)
    last, target = layout.norms(b), target[places]
    z = preconditioner(r)
    p = z.astype(b.dtype)
    rz = layout.dots(p, r)
    for iteration in range(1, MAX_ITERATIONS + 1):
        operator.apply(p, q)
        curvature = layout.dots(p, q)
        _refuse_indefinite(curvature[running], rz[running], iteration, p)
        alpha = np.divide(rz, curvature, out=np.zeros_like(rz), where=running)
        size = np.sqrt(layout.take_step(step, r, p, q, alpha))
        if log is not None and iteration % REPORT_EVERY == 0:
            worst = float(np.max((size / target)[running]))
            log(f"iteration {iteration}: residual {worst:.1e} times its limit")
        ended = running & (size <= target)
        if ended.any():
            counts[places[ended]] = iteration
            running &= ~ended
            if not whole:
                x[places[ended]] += total[ended] + step[ended]
            if not running.any():
                if whole:
                    x += total + step
                return counts
            if not whole:  # a panel carries its finished vectors along, at rest
                places, target, rz, alpha, last, size = (a[running] for a in (places, target, rz, alpha, last, size))
                b, total, step, r, p, q = (np.ascontiguousarray(a[running]) for a in (b, total, step, r, p, q))
                running = np.ones(len(places), bool)
        if (size < REPLACED_AFTER * last)[running].all():
            total += step
            step[:] = 0
            operator.residual(b, total, r)
            measured = layout.norms(r)
            # Where round-off is all that is left, replacing it again would never end.
            last = np.where(measured < 10 * size, measured, 0.0)
        z = preconditioner(r)
        beta = np.divide(-alpha * layout.dots(z, q), rz, out=np.zeros_like(rz), where=running)  # z·(r - r_old) = -α z·q
        rz = layout.dots(z, r)
        layout.turn(p, z, beta)
    worst = float(np.max((layout.norms(r) / target)[running]))
    raise Breakdown(
        f"Conjugate gradients did not converge in {MAX_ITERATIONS} steps; the residual is {worst:.1e} of its limit.",
        why="a part that can move freely, a near-zero modulus, or badly shaped elements are the usual causes",
        remedy="check the supports, the smallest Young's modulus and the mesh quality; `method = direct` tells more",
        trace=_trace(r),
    )


def _trace(x) -> np.ndarray:
    return np.abs(layout.rows_of(x)).max(axis=0)


def _refuse_indefinite(curvature, rz, iteration, p):
    if not (np.isfinite(curvature).all() and np.isfinite(rz).all()):
        raise ConvergenceError(
            f"A value that is not a number appeared in iteration {iteration} of conjugate gradients.",
            why="a load or a stiffness is not finite, or the matrix is singular: a part can move freely",
            remedy="check the supports and the material properties",
        )
    if (curvature <= 0).any():
        raise Breakdown(
            f"The stiffness matrix is not positive definite, seen in iteration {iteration} of conjugate gradients.",
            why="a part can move freely, or an element is inverted",
            remedy="check the supports, the connections between the parts and the mesh",
            trace=_trace(p),
        )
