"""Products and smoothing steps of matrices stored in dense blocks, for several vectors at once.

Work is shared out in a fixed number of parts and every sum stays within one: results do not depend on the threads.
"""

import numba
import numpy as np

PARTS = 64
_fast = numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")


@numba.njit(cache=True, error_model="numpy")
def fill_row_major(indptr, blocks, values):
    """values ← the blocks (k, r, c) of each block row as r contiguous rows; any floating type to any other."""
    n_rows, n_columns = blocks.shape[1], blocks.shape[2]
    for i in range(indptr.size - 1):
        first, count = indptr[i], indptr[i + 1] - indptr[i]
        place = first * n_rows * n_columns
        for r in range(n_rows):
            for k in range(count):
                for c in range(n_columns):
                    values[place] = blocks[first + k, r, c]
                    place += 1


@_fast
def fill_product(indptr, indices, values, shape, x, b, y, mode):
    """y ← A x (mode 0), b - A x (mode 1) or b + A x (mode 2), for each row of x; y may be b.

    indptr (n + 1,) uint64, indices uint32, values as fill_row_major lays them out; shape (rows, columns, longest row of
    blocks); x (v, columns of A), b and y (v, rows of A), all of the type of values.
    """
    n = np.uint64(indptr.size - 1)
    n_rows, n_columns = np.uint64(shape[0]), np.uint64(shape[1])
    for part in numba.prange(PARTS):
        gathered = np.empty(shape[1] * shape[2], values.dtype)
        first, last = n * np.uint64(part) // np.uint64(PARTS), n * np.uint64(part + 1) // np.uint64(PARTS)
        for i in range(first, last):
            start = indptr[i]
            count = indptr[i + np.uint64(1)] - start
            length = count * n_columns
            for v in range(x.shape[0]):
                own = x[v]
                if n_columns == np.uint64(3):
                    for k in range(count):
                        j, t = np.uint64(3) * np.uint64(indices[start + k]), np.uint64(3) * k
                        gathered[t] = own[j]
                        gathered[t + np.uint64(1)] = own[j + np.uint64(1)]
                        gathered[t + np.uint64(2)] = own[j + np.uint64(2)]
                else:
                    for k in range(count):
                        j, t = n_columns * np.uint64(indices[start + k]), n_columns * k
                        for c in range(n_columns):
                            gathered[t + c] = own[j + c]
                place = start * n_rows * n_columns
                for r in range(n_rows):
                    total = values.dtype.type(0)
                    for k in range(length):
                        total += values[place + k] * gathered[k]
                    place += length
                    row = i * n_rows + r
                    if mode == 0:
                        y[v, row] = total
                    elif mode == 1:
                        y[v, row] = b[v, row] - total
                    else:
                        y[v, row] = b[v, row] + total


@_fast
def fill_scaled(inverse_blocks, step, b, y):
    """y ← step · D⁻¹ b; inverse_blocks (n, s, s), b and y (v, n·s)."""
    size, n = np.uint64(inverse_blocks.shape[1]), np.uint64(inverse_blocks.shape[0])
    for part in numba.prange(PARTS):
        first, last = n * np.uint64(part) // np.uint64(PARTS), n * np.uint64(part + 1) // np.uint64(PARTS)
        for v in range(b.shape[0]):
            bv, yv = b[v], y[v]
            for i in range(first, last):
                base = i * size
                for r in range(size):
                    total = b.dtype.type(0)
                    for c in range(size):
                        total += inverse_blocks[i, r, c] * bv[base + c]
                    yv[base + r] = step * total


@_fast
def fill_smoothed(inverse_blocks, momentum, step, x, previous, product, b, y):
    """y ← x + momentum (x - previous) + step · D⁻¹ (b - product): one turn of the Chebyshev iteration.

    Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1. y may be previous.
    """
    size, n = np.uint64(inverse_blocks.shape[1]), np.uint64(inverse_blocks.shape[0])
    for part in numba.prange(PARTS):
        first, last = n * np.uint64(part) // np.uint64(PARTS), n * np.uint64(part + 1) // np.uint64(PARTS)
        for v in range(b.shape[0]):
            bv, xv, before, pv, yv = b[v], x[v], previous[v], product[v], y[v]
            for i in range(first, last):
                base = i * size
                for r in range(size):
                    total = b.dtype.type(0)
                    for c in range(size):
                        total += inverse_blocks[i, r, c] * (bv[base + c] - pv[base + c])
                    k = base + r
                    yv[k] = xv[k] + momentum * (xv[k] - before[k]) + step * total
