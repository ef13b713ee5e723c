"""The steps of smoothed aggregation on matrices stored in square blocks.

Rows are shared out in parts and each is filled by one thread in a fixed order: the hierarchy does not depend on how
many threads there are.
"""

import numba
import numpy as np

from femsim.solvers.kernels.lanes import LANES, fused, load, store

_ONE, _TWO = np.uint64(1), np.uint64(2)
SLACK = LANES  # numbers behind an array that may be read with its last row
PARTS = 16  # each takes a list as long as the columns
_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_serial = numba.njit(cache=True, error_model="numpy")


@_parallel
def fill_strong(indptr, indices, values, threshold, sizes, strong):
    """strong[k] ← whether block k joins its nodes: |A_ij| ≥ threshold · sqrt(|A_ii| |A_jj|), Frobenius norms, i ≠ j.

    indptr, indices, values (k, s, s); sizes (n,) is filled with |A_ii|; strong (k,) bool.
    """
    n = indptr.size - 1
    for part in numba.prange(PARTS):
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            sizes[i] = 0.0
            for k in range(indptr[i], indptr[i + 1]):
                if indices[k] == i:
                    sizes[i] = np.sqrt(_square(values[k]))
    for part in numba.prange(PARTS):
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            for k in range(indptr[i], indptr[i + 1]):
                j = indices[k]
                square = _square(values[k])
                strong[k] = j != i and square > 0.0 and square >= threshold * threshold * sizes[i] * sizes[j]


@_serial
def fill_aggregates(indptr, indices, strong, aggregate_of):
    """aggregate_of[i] ← aggregate of node i, -1 where it is joined to nothing; returns how many there are.

    Vanek, Mandel & Brezina (1996), Algorithm 5.1: neighbourhoods that are still whole, then what is left at their rims,
    then the rest.
    """
    n = indptr.size - 1
    count = 0
    aggregate_of[:] = -2  # not yet seen
    for i in range(n):
        if aggregate_of[i] != -2:
            continue
        joined, taken = False, False
        for k in range(indptr[i], indptr[i + 1]):
            if strong[k]:
                joined = True
                taken = taken or aggregate_of[indices[k]] >= 0
        if not joined:
            aggregate_of[i] = -1
        elif not taken:
            aggregate_of[i] = count
            for k in range(indptr[i], indptr[i + 1]):
                if strong[k]:
                    aggregate_of[indices[k]] = count
            count += 1
    whole = aggregate_of.copy()
    for i in range(n):
        if whole[i] == -2:
            for k in range(indptr[i], indptr[i + 1]):
                if strong[k] and whole[indices[k]] >= 0:
                    aggregate_of[i] = whole[indices[k]]
                    break
    for i in range(n):
        if aggregate_of[i] != -2:
            continue
        aggregate_of[i] = count
        for k in range(indptr[i], indptr[i + 1]):
            if strong[k] and aggregate_of[indices[k]] == -2:
                aggregate_of[indices[k]] = count
        count += 1
    return count


@_parallel
def fill_tentative(start, members, modes, tentative, coarse_modes):
    """tentative, coarse_modes ← orthonormal modes of each aggregate and their factors, by modified Gram-Schmidt.

    Aggregate g has the nodes members[start[g]:start[g + 1]]; modes (n, s, m); tentative (n, s, m), 0 outside
    aggregates; coarse_modes (g, m, m), upper triangles. A mode that depends on earlier ones gives a column of zeros.
    """
    n_aggregates, n_modes = start.size - 1, modes.shape[2]
    tentative[:] = 0.0
    coarse_modes[:] = 0.0
    for part in numba.prange(PARTS):
        for g in range(n_aggregates * part // PARTS, n_aggregates * (part + 1) // PARTS):
            nodes = members[start[g] : start[g + 1]]
            for c in range(n_modes):
                before = 0.0
                for i in nodes:
                    for r in range(modes.shape[1]):
                        value = modes[i, r, c]
                        tentative[i, r, c] = value
                        before += value * value
                for d in range(c):
                    product = 0.0
                    for i in nodes:
                        for r in range(modes.shape[1]):
                            product += tentative[i, r, d] * tentative[i, r, c]
                    coarse_modes[g, d, c] = product
                    for i in nodes:
                        for r in range(modes.shape[1]):
                            tentative[i, r, c] -= product * tentative[i, r, d]
                rest = 0.0
                for i in nodes:
                    for r in range(modes.shape[1]):
                        rest += tentative[i, r, c] ** 2
                if rest > 1e-20 * before:
                    size = np.sqrt(rest)
                    coarse_modes[g, c, c] = size
                    for i in nodes:
                        for r in range(modes.shape[1]):
                            tentative[i, r, c] /= size
                else:
                    for i in nodes:
                        for r in range(modes.shape[1]):
                            tentative[i, r, c] = 0.0


@_parallel
def fill_prolongation_lengths(indptr, indices, aggregate_of, lengths):
    """lengths[i] ← number of aggregates that node i or a neighbour belongs to."""
    n = lengths.size
    for part in numba.prange(PARTS):
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            seen = np.empty(indptr[i + 1] - indptr[i] + 1, np.int64)
            lengths[i] = _gather_aggregates(i, indptr, indices, aggregate_of, seen)


@_parallel
def fill_prolongation(indptr, indices, values, inverse, damping, aggregate_of, tentative, start, columns, blocks):
    """Row i of P = T - damping · D⁻¹ A T into columns[start[i]:start[i + 1]], ascending, and blocks (k, s, m).

    inverse (n, s, s) the inverse of the diagonal blocks; tentative (n, s, m) with one aggregate a node, followed in
    memory by SLACK numbers that may be read; m at most LANES.
    """
    n, size, n_modes = aggregate_of.size, tentative.shape[1], tentative.shape[2]
    longest, shape = _longest(start), (size, size, n_modes)
    flat_values, flat_tentative, flat_inverse = values.reshape(-1), tentative.reshape(-1), inverse.reshape(-1)
    for part in numba.prange(PARTS):
        product = np.zeros(longest * size * LANES)
        scaled = np.zeros(longest * size * LANES)
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            first, last = start[i], start[i + 1]
            _gather_aggregates(i, indptr, indices, aggregate_of, columns[first:last])
            columns[first:last].sort()
            product[: (last - first) * size * LANES] = 0.0
            for k in range(indptr[i], indptr[i + 1]):
                j = indices[k]
                if aggregate_of[j] >= 0:
                    place = _place(columns, first, last, aggregate_of[j]) - first
                    _add_product(flat_values, k, flat_tentative, j, n_modes, shape, product, place)
            scaled[: (last - first) * size * LANES] = 0.0
            for p in range(last - first):
                _add_product(flat_inverse, i, product, p, LANES, shape, scaled, p)
            own = _place(columns, first, last, aggregate_of[i]) if aggregate_of[i] >= 0 else -1
            for p in range(first, last):
                for r in range(size):
                    for c in range(n_modes):
                        value = -damping * scaled[((p - first) * size + r) * LANES + c]
                        blocks[p, r, c] = value + tentative[i, r, c] if p == own else value


@_parallel
def fill_product_lengths(a_start, a_columns, b_start, b_columns, n_columns, lengths):
    """lengths[i] ← number of blocks in row i of A B."""
    n = lengths.size
    for part in numba.prange(PARTS):
        seen = np.full(n_columns, -1, np.int32)
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            count = 0
            for k in range(a_start[i], a_start[i + 1]):
                j = a_columns[k]
                for p in range(b_start[j], b_start[j + 1]):
                    if seen[b_columns[p]] != i:
                        seen[b_columns[p]] = i
                        count += 1
            lengths[i] = count


@_parallel
def fill_matrix_product(a_start, a_columns, a, b_start, b_columns, b, n_columns, start, columns, values):
    """Rows of C = A B: columns[start[i]:start[i + 1]], ascending, and values (k, r, c), from blocks a and b.

    b is followed in memory by SLACK numbers that may be read; it has at most LANES columns a block.
    """
    n, size, width = start.size - 1, values.shape[1], values.shape[2]
    longest, shape = _longest(start), (size, a.shape[2], width)
    flat_a, flat_b, flat_values = a.reshape(-1), b.reshape(-1), values.reshape(-1)
    for part in numba.prange(PARTS):
        place = np.full(n_columns, -1, np.int64)
        row = np.zeros(longest * size * LANES)
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            first, end = start[i], start[i]
            for k in range(a_start[i], a_start[i + 1]):
                j = a_columns[k]
                for p in range(b_start[j], b_start[j + 1]):
                    c = b_columns[p]
                    if place[c] < first:
                        place[c] = first
                        columns[end] = c
                        end += 1
            columns[first:end].sort()
            for q in range(first, end):
                place[columns[q]] = q
            row[: (end - first) * size * LANES] = 0.0
            for k in range(a_start[i], a_start[i + 1]):
                j = a_columns[k]
                for p in range(b_start[j], b_start[j + 1]):
                    _add_product(flat_a, k, flat_b, p, width, shape, row, place[b_columns[p]] - first)
            for r in range((end - first) * size):
                for c in range(width):
                    flat_values[(first * size + r) * width + c] = row[r * LANES + c]


@_serial
def fill_transposed_pattern(start, columns, t_start, t_columns, origin):
    """Rows of the transpose, ascending: t_columns, and origin[p], the block that block p is the transpose of."""
    t_start[:] = 0
    for c in columns:
        t_start[c + 1] += 1
    for c in range(t_start.size - 1):
        t_start[c + 1] += t_start[c]
    place = t_start[:-1].copy()
    for i in range(start.size - 1):
        for k in range(start[i], start[i + 1]):
            p = place[columns[k]]
            place[columns[k]] += 1
            t_columns[p] = i
            origin[p] = k


@_parallel
def fill_transposed(blocks, origin, transposed):
    """transposed[p] ← transpose of blocks[origin[p]]."""
    n = origin.size
    for part in numba.prange(PARTS):
        for p in range(n * part // PARTS, n * (part + 1) // PARTS):
            k = origin[p]
            for r in range(blocks.shape[1]):
                for c in range(blocks.shape[2]):
                    transposed[p, c, r] = blocks[k, r, c]


@_parallel
def clear_held(indptr, indices, held, values):
    """values[k, r, c] ← 0 in rows and columns that are held (n, s), but for the diagonal of the matrix."""
    n, size = held.shape
    for part in numba.prange(PARTS):
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            for k in range(indptr[i], indptr[i + 1]):
                j = indices[k]
                for r in range(size):
                    for c in range(size):
                        if (held[i, r] or held[j, c]) and not (i == j and r == c):
                            values[k, r, c] = 0.0


@numba.njit(error_model="numpy")
def _square(block):
    total = 0.0
    for r in range(block.shape[0]):
        for c in range(block.shape[1]):
            total += block[r, c] * block[r, c]
    return total


@numba.njit(error_model="numpy")
def _longest(start):
    longest = 0
    for i in range(start.size - 1):
        longest = max(longest, start[i + 1] - start[i])
    return longest


@numba.njit(error_model="numpy", fastmath=True)
def _add_product(a, k, b, p, pitch, shape, row, place):
    """Block `place` of row += block k of a times block p of b; all flat, shape (rows, middle, columns).

    Rows of a block of b are `pitch` numbers apart, those of row LANES: no load then meets half of an earlier store.
    """
    height, depth, width = shape
    if width <= LANES and depth % 3 == 0:
        for h in range(depth // 3):
            at = (p * depth + 3 * h) * pitch
            x, y, z = load(b, np.uint64(at)), load(b, np.uint64(at + pitch)), load(b, np.uint64(at + 2 * pitch))
            for i in range(height):
                to = np.uint64((place * height + i) * LANES)
                of = np.uint64((k * height + i) * depth + 3 * h)
                total = fused(a[of], x, load(row, to))
                store(row, to, fused(a[of + _TWO], z, fused(a[of + _ONE], y, total)))
    else:
        for i in range(height):
            for m in range(depth):
                for j in range(width):
                    value = a[(k * height + i) * depth + m] * b[(p * depth + m) * pitch + j]
                    row[(place * height + i) * LANES + j] += value


@numba.njit(error_model="numpy")
def _gather_aggregates(i, indptr, indices, aggregate_of, seen):
    count = 0
    if aggregate_of[i] >= 0:
        seen[0] = aggregate_of[i]
        count = 1
    for k in range(indptr[i], indptr[i + 1]):
        aggregate = aggregate_of[indices[k]]
        if aggregate < 0:
            continue
        known = False
        for p in range(count):
            if seen[p] == aggregate:
                known = True
                break
        if not known:
            seen[count] = aggregate
            count += 1
    return count


@numba.njit(error_model="numpy")
def _place(columns, first, last, wanted):
    for p in range(first, last):
        if columns[p] == wanted:
            return p
    return last
