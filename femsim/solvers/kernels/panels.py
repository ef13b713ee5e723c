"""Products, smoothing and the vector work of conjugate gradients for eight right-hand sides side by side.

A panel holds eight vectors of length n as n groups of eight numbers, so that one number of the matrix, once loaded,
serves all eight. Panels are passed flat. Sums do not depend on the number of threads.
"""

import numba
import numpy as np

from femsim.solvers.kernels.lanes import LANES, added, fused, load, splat, store, times, widened

PARTS = 64
_fast = numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")
_WIDTH, _ONE, _TWO, _THREE = np.uint64(LANES), np.uint64(1), np.uint64(2), np.uint64(3)


@numba.njit(error_model="numpy")
def _bounds(n, part):
    return np.uint64(n * part // PARTS), np.uint64(n * (part + 1) // PARTS)


@numba.njit(error_model="numpy")
def _add_up(partial, totals):
    """totals[v] ← sum over the parts, always in the same order."""
    for v in range(LANES):
        total = 0.0
        for part in range(PARTS):
            total += partial[part * LANES + v]
        totals[v] = total


@_fast
def fill_product(indptr, indices, values, shape, x, b, y, mode):
    """y ← A x (mode 0), b - A x (mode 1) or b + A x (mode 2) for panels; y may be b.

    indptr (n + 1,) uint64, indices uint32, values (blocks · rows · columns,), block after block; shape (rows, columns)
    of a block, multiples of 3; x (columns of A · LANES,), b and y (rows of A · LANES,), all of the type of values.
    """
    n_rows, n_columns = np.uint64(shape[0]), np.uint64(shape[1])
    row_groups, column_groups = n_rows // _THREE, n_columns // _THREE
    sign = values.dtype.type(-1 if mode == 1 else 1)
    for part in numba.prange(PARTS):
        first, last = _bounds(indptr.size - 1, part)
        for i in range(first, last):
            for row_group in range(row_groups):
                row = _THREE * row_group
                zero = splat(values.dtype.type(0))
                a, b_, c, d, e, f, g, h, o = zero, zero, zero, zero, zero, zero, zero, zero, zero
                for k in range(indptr[i], indptr[i + _ONE]):
                    at = n_columns * np.uint64(indices[k]) * _WIDTH
                    p = (k * n_rows + row) * n_columns
                    for _ in range(column_groups):
                        q, s = p + n_columns, p + n_columns + n_columns
                        u, v, w = load(x, at), load(x, at + _WIDTH), load(x, at + _TWO * _WIDTH)
                        a = fused(values[p], u, a)
                        b_ = fused(values[q], u, b_)
                        c = fused(values[s], u, c)
                        d = fused(values[p + _ONE], v, d)
                        e = fused(values[q + _ONE], v, e)
                        f = fused(values[s + _ONE], v, f)
                        g = fused(values[p + _TWO], w, g)
                        h = fused(values[q + _TWO], w, h)
                        o = fused(values[s + _TWO], w, o)
                        p += _THREE
                        at += _THREE * _WIDTH
                a, b_, c = added(added(a, d), g), added(added(b_, e), h), added(added(c, f), o)
                at = (i * n_rows + row) * _WIDTH
                if mode != 0:
                    a = fused(sign, a, load(b, at))
                    b_ = fused(sign, b_, load(b, at + _WIDTH))
                    c = fused(sign, c, load(b, at + _TWO * _WIDTH))
                store(y, at, a)
                store(y, at + _WIDTH, b_)
                store(y, at + _TWO * _WIDTH, c)


@_fast
def fill_scaled(inverse_blocks, step, b, y):
    """y ← step · D⁻¹ b; inverse_blocks (n, s, s), b and y panels (n·s·LANES,)."""
    size, n = np.uint64(inverse_blocks.shape[1]), inverse_blocks.shape[0]
    for part in numba.prange(PARTS):
        first, last = _bounds(n, part)
        for i in range(first, last):
            base = i * size * _WIDTH
            for r in range(size):
                total = splat(b.dtype.type(0))
                for c in range(size):
                    total = fused(inverse_blocks[i, r, c], load(b, base + c * _WIDTH), total)
                store(y, base + r * _WIDTH, times(splat(step), total))


@_fast
def fill_smoothed(inverse_blocks, momentum, step, x, previous, product, b, y):
    """y ← x + momentum (x - previous) + step · D⁻¹ (b - product); see blocks.fill_smoothed. y may be previous."""
    size, n = np.uint64(inverse_blocks.shape[1]), inverse_blocks.shape[0]
    minus, one = b.dtype.type(-1), b.dtype.type(1)
    for part in numba.prange(PARTS):
        first, last = _bounds(n, part)
        for i in range(first, last):
            base = i * size * _WIDTH
            for r in range(size):
                total = splat(b.dtype.type(0))
                for c in range(size):
                    at = base + c * _WIDTH
                    total = fused(inverse_blocks[i, r, c], fused(minus, load(product, at), load(b, at)), total)
                at = base + r * _WIDTH
                moved = fused(one + momentum, load(x, at), times(splat(step), total))
                store(y, at, fused(-momentum, load(previous, at), moved))


@_fast
def fill_dots(a, b, dots):
    """dots[v] ← a·b of vector v; a, b panels of any precision, dots (LANES,)."""
    n = a.size // LANES
    partial = np.zeros(PARTS * LANES)
    for part in numba.prange(PARTS):
        first, last = _bounds(n, part)
        total = splat(0.0)
        for i in range(first, last):
            at = i * _WIDTH
            total = added(total, times(widened(load(a, at)), widened(load(b, at))))
        store(partial, np.uint64(part) * _WIDTH, total)
    _add_up(partial, dots)


@_fast
def take_step(x, r, p, q, alpha, squares):
    """x += α p and r -= α q vector by vector; squares[v] ← r·r. Panels of double precision; alpha, squares (LANES,)."""
    n = x.size // LANES
    partial = np.zeros(PARTS * LANES)
    for part in numba.prange(PARTS):
        first, last = _bounds(n, part)
        step = load(alpha, np.uint64(0))
        back = times(splat(-1.0), step)
        total = splat(0.0)
        for i in range(first, last):
            at = i * _WIDTH
            store(x, at, added(load(x, at), times(step, load(p, at))))
            rest = added(load(r, at), times(back, load(q, at)))
            store(r, at, rest)
            total = added(total, times(rest, rest))
        store(partial, np.uint64(part) * _WIDTH, total)
    _add_up(partial, squares)


@_fast
def turn(p, z, beta):
    """p ← z + β p vector by vector; p double, z single or double panels, beta (LANES,)."""
    n = p.size // LANES
    for part in numba.prange(PARTS):
        first, last = _bounds(n, part)
        factor = load(beta, np.uint64(0))
        for i in range(first, last):
            at = i * _WIDTH
            store(p, at, added(widened(load(z, at)), times(factor, load(p, at))))
