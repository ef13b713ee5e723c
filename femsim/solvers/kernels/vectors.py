"""The vector work of conjugate gradients for several right-hand sides at once, in a fixed order of summation."""

import numba
import numpy as np

PARTS = 64
# Unsigned indices throughout: for signed ones numba asks at each access whether it counts from the end, and cannot
# use vector lanes.
_fast = numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")


@numba.njit(error_model="numpy")
def _bounds(n, part):
    return np.uint64(n * part // PARTS), np.uint64(n * (part + 1) // PARTS)


@_fast
def fill_dots(a, b, dots):
    """dots[v] ← a[v]·b[v]; a, b (v, n)."""
    partial = np.zeros((PARTS, a.shape[0]))
    for part in numba.prange(PARTS):
        first, last = _bounds(a.shape[1], part)
        for v in range(a.shape[0]):
            av, bv = a[v], b[v]
            total = 0.0
            for i in range(first, last):
                total += av[i] * bv[i]
            partial[part, v] = total
    for v in range(a.shape[0]):
        total = 0.0
        for part in range(PARTS):
            total += partial[part, v]
        dots[v] = total


@_fast
def fill_copy(source, target):
    """target ← source; both (n,), of any precision."""
    for part in numba.prange(PARTS):
        first, last = _bounds(source.size, part)
        for i in range(first, last):
            target[i] = source[i]


@_fast
def take_step(x, r, p, q, alpha, squares):
    """x += α p and r -= α q row by row; squares[v] ← r[v]·r[v]. All (v, n), alpha and squares (v,)."""
    partial = np.zeros((PARTS, x.shape[0]))
    for part in numba.prange(PARTS):
        first, last = _bounds(x.shape[1], part)
        for v in range(x.shape[0]):
            xv, rv, pv, qv, step = x[v], r[v], p[v], q[v], alpha[v]
            total = 0.0
            for i in range(first, last):
                xv[i] += step * pv[i]
                rest = rv[i] - step * qv[i]
                rv[i] = rest
                total += rest * rest
            partial[part, v] = total
    for v in range(x.shape[0]):
        total = 0.0
        for part in range(PARTS):
            total += partial[part, v]
        squares[v] = total


@_fast
def turn(p, z, beta):
    """p ← z + β p row by row; p, z (v, n), beta (v,)."""
    for part in numba.prange(PARTS):
        first, last = _bounds(p.shape[1], part)
        for v in range(p.shape[0]):
            pv, zv, factor = p[v], z[v], beta[v]
            for i in range(first, last):
                pv[i] = zv[i] + factor * pv[i]
