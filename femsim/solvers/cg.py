"""Preconditioned conjugate gradients for several right-hand sides that share every product with the matrix."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError
from femsim.solvers.kernels import vectors as kernels
from femsim.solvers.system import round_off

MAX_ITERATIONS = 400
REPORT_EVERY = 10
# Each time the residual has fallen by this factor it is computed anew and the solution so far is set aside: later steps
# are then rounded at their own size. Van der Vorst & Ye, SIAM J. Sci. Comput. 22 (2000) 835-852.
REPLACED_AFTER = 1e-3
RESTARTS = 4  # rounds of refinement when round-off lets the updated residual drift from the true one


@dataclass(frozen=True)
class Iterated:
    """Solutions (v, n), and the iterations each needed (v,)."""

    x: np.ndarray
    iterations: np.ndarray


def conjugate_gradients(operator, preconditioner, b: np.ndarray, rtol: float, log=None) -> Iterated:
    """Solve A x = b to ‖b - A x‖ ≤ rtol ‖b‖ for each row of b (v, n); `log`, a callable(str), hears of the progress.

    The flexible (Polak-Ribière) form: a preconditioner in single precision is not quite the same from step to step.

    Raises
    ------
    ConvergenceError
        When a number is no longer finite, the matrix is seen not to be positive definite, or the steps run out.

    Source
    ------
    Golub & Ye, SIAM J. Sci. Comput. 21 (1999) 1305-1320, inexact preconditioned conjugate gradients.
    """
    x = np.zeros_like(b)
    iterations = np.zeros(len(b), np.int64)
    target = rtol * np.linalg.norm(b, axis=1)
    residual = b
    last = np.full(len(b), np.inf)
    for turn in range(RESTARTS):
        norms = np.linalg.norm(residual, axis=1)
        if turn == 1 and (norms > target).any():
            target = np.maximum(target, round_off(operator, x))
        open_rows = np.flatnonzero((norms > target) & (norms < 0.5 * last))
        if not len(open_rows):
            break
        last[open_rows] = norms[open_rows]
        # A little below the target, or the true residual would end just above it.
        step = _run(operator, preconditioner, residual[open_rows], 0.5 * target[open_rows], log)
        x[open_rows] += step.x
        iterations[open_rows] += step.iterations
        residual = b - operator.apply(x, np.empty_like(x))
    return Iterated(x, iterations)


def _run(operator, preconditioner, b, target, log) -> Iterated:
    solution, counts = np.zeros_like(b), np.zeros(len(b), np.int64)
    rows = np.arange(len(b))
    total = np.zeros_like(b)
    last = np.linalg.norm(b, axis=1)
    x, r, z, q = np.zeros_like(b), b.copy(), np.empty_like(b), np.empty_like(b)
    z[:] = preconditioner(r)
    p = z.copy()
    rz = _dots(p, r)
    for iteration in range(1, MAX_ITERATIONS + 1):
        operator.apply(p, q)
        curvature = _dots(p, q)
        _refuse_indefinite(curvature, rz, iteration)
        alpha = rz / curvature
        squares = np.empty(len(rows))
        kernels.take_step(x, r, p, q, alpha, squares)
        if log is not None and iteration % REPORT_EVERY == 0:
            log(f"iteration {iteration}: residual {float(np.max(np.sqrt(squares) / target)):.1e} times its limit")
        done = np.sqrt(squares) <= target
        if done.any():
            solution[rows[done]], counts[rows[done]] = total[done] + x[done], iteration
            if done.all():
                return Iterated(solution, counts)
            rows, target, rz, alpha, last, squares = (a[~done] for a in (rows, target, rz, alpha, last, squares))
            b, total, x, r, z, p, q = (np.ascontiguousarray(a[~done]) for a in (b, total, x, r, z, p, q))
        if (np.sqrt(squares) < REPLACED_AFTER * last).all():
            total += x
            x[:] = 0
            r = b - operator.apply(total, r)
            measured = np.linalg.norm(r, axis=1)
            # Where round-off is all that is left, replacing it again would never end.
            last = np.where(measured < 10 * np.sqrt(squares), measured, 0.0)
        z[:] = preconditioner(r)
        beta = -alpha * _dots(z, q) / rz  # z·(r - r_old) = -α z·q
        rz = _dots(z, r)
        kernels.turn(p, z, beta)
    worst = float(np.max(np.linalg.norm(r, axis=1) / target))
    raise ConvergenceError(
        f"Conjugate gradients did not converge in {MAX_ITERATIONS} steps; the residual is {worst:.1e} of its limit.",
        why="a part that can move freely, a near-zero modulus, or badly shaped elements are the usual causes",
        remedy="check the supports, the smallest Young's modulus and the mesh quality; `method = direct` tells more",
    )


def _dots(a, b):
    dots = np.empty(len(a))
    kernels.fill_dots(a, b, dots)
    return dots


def _refuse_indefinite(curvature, rz, iteration):
    if not (np.isfinite(curvature).all() and np.isfinite(rz).all()):
        raise ConvergenceError(
            f"A value that is not a number appeared in iteration {iteration} of conjugate gradients.",
            why="a load or a stiffness is not finite, or the matrix is singular: a part can move freely",
            remedy="check the supports and the material properties",
        )
    if (curvature <= 0).any():
        raise ConvergenceError(
            f"The stiffness matrix is not positive definite, seen in iteration {iteration} of conjugate gradients.",
            why="a part can move freely, or an element is inverted",
            remedy="check the supports, the connections between the parts and the mesh",
        )
