"""Which nodes see each other, where each pair of an element's nodes is stored, and who may write at the same time.

A row of the pattern is written by whoever owns its node: no two threads write to the same place, and the result is the
same on any number of threads.
"""

import numba
import numpy as np

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_serial = numba.njit(cache=True, error_model="numpy")

COLOURS = 64  # that fit into one word; a chunk that finds them all taken gets one to itself


@_serial
def fill_node_elements(elements, start, members):
    """members[start[i]:start[i + 1]] ← elements of node i, ascending; start (n + 1,) int64 is filled too.

    elements (e, a) int32, members (e·a,) int32.
    """
    start[:] = 0
    for e in range(elements.shape[0]):
        for a in range(elements.shape[1]):
            start[elements[e, a] + 1] += 1
    for i in range(start.size - 1):
        start[i + 1] += start[i]
    place = start[:-1].copy()
    for e in range(elements.shape[0]):
        for a in range(elements.shape[1]):
            i = elements[e, a]
            members[place[i]] = e
            place[i] += 1


@_parallel
def fill_row_lengths(elements, start, members, lengths, parts):
    """lengths[i] ← number of nodes that share an element with node i, itself included; lengths (n,) int64."""
    n_nodes = lengths.size
    for part in numba.prange(parts):
        seen = np.full(n_nodes, -1, np.int32)
        for i in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            count = 0
            for k in range(start[i], start[i + 1]):
                for a in range(elements.shape[1]):
                    j = elements[members[k], a]
                    if seen[j] != i:
                        seen[j] = i
                        count += 1
            lengths[i] = count


@_parallel
def fill_columns(elements, start, members, indptr, indices, places, parts):
    """indices[indptr[i]:indptr[i + 1]] ← neighbours of node i, ascending; places[e, k] ← where pair k of e is stored.

    The pairs of an element are those of its nodes a ≤ b, row by row: 00, 01, …, 11, 12, …; each is stored in the row of
    the node with the smaller number, in the upper triangle. indptr (n + 1,) int64; indices, places (e, pairs) int32.
    """
    n_nodes, width = indptr.size - 1, elements.shape[1]
    for part in numba.prange(parts):
        seen = np.full(n_nodes, -1, np.int32)
        place = np.empty(n_nodes, np.int32)
        for i in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            end = indptr[i]
            for k in range(start[i], start[i + 1]):
                for a in range(width):
                    j = elements[members[k], a]
                    if seen[j] != i:
                        seen[j] = i
                        p = end
                        while p > indptr[i] and indices[p - 1] > j:
                            indices[p] = indices[p - 1]
                            p -= 1
                        indices[p] = j
                        end += 1
            for p in range(indptr[i], end):
                place[indices[p]] = p
            for k in range(start[i], start[i + 1]):
                e = members[k]
                own = 0
                while elements[e, own] != i:
                    own += 1
                for b in range(width):
                    j = elements[e, b]
                    if j >= i:
                        low, high = min(own, b), max(own, b)
                        places[e, low * width - low * (low - 1) // 2 + high - low] = place[j]


@_serial
def fill_transposed(indptr, indices, transposed):
    """transposed[k] ← place of the block (j, i) for block k = (i, j) below the diagonal, k itself elsewhere."""
    cursor = indptr[:-1].copy()
    for i in range(indptr.size - 1):
        for k in range(cursor[i], indptr[i + 1]):  # rows before i have filled what is below the diagonal
            transposed[k] = k
            j = indices[k]
            if j > i:
                transposed[cursor[j]] = k
                cursor[j] += 1


@_parallel
def fill_cells(nodes, elements, low, scale, cells):
    """cells[e] ← place of the first four nodes' mean along the Z-order curve through 32 x 32 x 32 cells; uint16.

    low (3,) corner of the box around all nodes, scale (3,) cells per length.
    """
    for e in numba.prange(elements.shape[0]):
        code = 0
        for axis in range(3):
            middle = 0.0
            for a in range(4):
                middle += 0.25 * nodes[elements[e, a], axis]
            cell = min(max(int((middle - low[axis]) * scale[axis]), 0), 31)
            cell = (cell | (cell << 8)) & 0x100F  # two zeros between its five bits
            cell = (cell | (cell << 4)) & 0x10C3
            cell = (cell | (cell << 2)) & 0x1249
            code |= cell << axis
        cells[e] = code


@_serial
def fill_colours(elements, order, chunk, taken, colours):
    """colours[c] ← smallest number that no chunk with a common node has; chunk c is order[c·chunk:(c + 1)·chunk].

    elements (e, a), order (e,), taken (n,) uint64 of zeros, colours (c,) int64.
    """
    extra = COLOURS
    for c in range(colours.size):
        first, last = c * chunk, min((c + 1) * chunk, order.size)
        met = np.uint64(0)
        for k in range(first, last):
            for a in range(elements.shape[1]):
                met |= taken[elements[order[k], a]]
        colour = 0
        while colour < COLOURS and (met >> np.uint64(colour)) & np.uint64(1):
            colour += 1
        if colour == COLOURS:
            colours[c] = extra
            extra += 1
            continue
        colours[c] = colour
        for k in range(first, last):
            for a in range(elements.shape[1]):
                taken[elements[order[k], a]] |= np.uint64(1) << np.uint64(colour)
