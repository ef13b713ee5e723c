"""Which nodes see each other, where each pair of an element's nodes is stored, and who may write at the same time.

A row of the pattern is written by whoever owns its node: no two threads write to the same place, and the result is the
same on any number of threads.
"""

import numba
import numpy as np

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_serial = numba.njit(cache=True, error_model="numpy")

ASIDE = 16  # int32 in a cache line, so that no two threads write to the same one
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


@_serial
def fill_visits(elements, visits):
    """visits (n,) int32 ← nodes in the order in which the elements first name them; returns how many."""
    known = np.zeros(visits.size, np.bool_)
    count = 0
    for e in range(elements.shape[0]):
        for a in range(elements.shape[1]):
            i = elements[e, a]
            if not known[i]:
                known[i] = True
                visits[count] = i
                count += 1
    return count


@_parallel
def fill_upper_lengths(elements, start, members, visits, lengths, parts):
    """lengths[i] ← number of nodes with a larger number that share an element with node i; lengths (n,) int64.

    visits (n,): the nodes in an order that keeps neighbours together. Here and below nothing branches on which of two
    numbers is larger: in a real mesh that is a coin toss, which no processor foresees.
    """
    n_nodes = lengths.size
    for part in numba.prange(parts):
        seen = np.full(n_nodes, -1, np.int32)
        for visit in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            i, count = visits[visit], 0
            for k in range(start[i], start[i + 1]):
                for a in range(elements.shape[1]):
                    j = elements[members[k], a]
                    if seen[j] != i:
                        seen[j] = i
                        count += j > i
            lengths[i] = count


@_parallel
def fill_upper_columns(elements, start, members, visits, first, columns, parts):
    """columns[first[i]:first[i + 1]] ← those nodes, ascending; columns (first[n],) int32."""
    n_nodes = first.size - 1
    for part in numba.prange(parts):
        seen = np.full(n_nodes, -1, np.int32)
        found = np.empty(n_nodes + 1, np.int32)
        for visit in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            i, count = visits[visit], 0
            for k in range(start[i], start[i + 1]):
                for a in range(elements.shape[1]):
                    j = elements[members[k], a]
                    if seen[j] != i:
                        seen[j] = i
                        found[count] = j
                        count += j > i
            for k in range(count):
                j, place = found[k], first[i] + k
                while place > first[i] and columns[place - 1] > j:
                    columns[place] = columns[place - 1]
                    place -= 1
                columns[place] = j


@_serial
def fill_rows(first, columns, indptr, indices, transposed):
    """Whole rows from their upper triangle: indptr (n + 1,), indices and transposed (indptr[n],), each ascending.

    transposed[k] ← place of the block (j, i) for block k = (i, j)
    below the diagonal, k itself elsewhere.
    """
    n_nodes = indptr.size - 1
    indptr[:] = 0
    for k in range(first[n_nodes]):
        indptr[columns[k] + 1] += 1
    for i in range(n_nodes):
        indptr[i + 1] += indptr[i] + 1 + first[i + 1] - first[i]
    cursor = indptr[:-1].copy()
    for i in range(n_nodes):
        place = cursor[i]  # rows before i have filled what is below the diagonal
        indices[place], transposed[place] = i, place
        for k in range(first[i], first[i + 1]):
            place += 1
            j = columns[k]
            indices[place], transposed[place] = j, place
            indices[cursor[j]], transposed[cursor[j]] = i, place
            cursor[j] += 1


@_parallel
def fill_places(elements, start, members, visits, indptr, indices, places, parts):
    """places[pairs·e + k] ← where pair k of element e is stored: upper triangle, row of the node of smaller number.

    The pairs of an element are those of its nodes a ≤ b, row by row: 00, 01, …, 11, 12, …; places int32 has room for
    them all, and ASIDE more for each part, where goes what is stored by the other node's row.
    """
    n_nodes, width = indptr.size - 1, elements.shape[1]
    pairs = np.empty((width, width), np.int64)
    for a in range(width):
        for b in range(a, width):
            pairs[a, b] = pairs[b, a] = a * width - a * (a - 1) // 2 + b - a
    for part in numba.prange(parts):
        place = np.empty(n_nodes, np.int32)
        aside = elements.shape[0] * width * (width + 1) // 2 + ASIDE * part
        for visit in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            i = visits[visit]
            for k in range(indptr[i], indptr[i + 1]):
                place[indices[k]] = k
            for k in range(start[i], start[i + 1]):
                e = np.int64(members[k])
                own = 0
                for a in range(width):
                    own += a * (elements[e, a] == i)
                for b in range(width):
                    j = elements[e, b]
                    target = e * (width * (width + 1) // 2) + pairs[own, b]
                    places[target if j >= i else aside] = place[j]


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
def fill_colours(elements, chunk, taken, colours):
    """colours[c] ← smallest number that no chunk with a common node has; chunk c is elements[c·chunk:(c + 1)·chunk].

    elements (e, a), taken (n,) uint64 of zeros, colours (c,) int64.
    """
    extra = COLOURS
    for c in range(colours.size):
        first, last = c * chunk, min((c + 1) * chunk, elements.shape[0])
        met = np.uint64(0)
        for k in range(first, last):
            for a in range(elements.shape[1]):
                met |= taken[elements[k, a]]
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
                taken[elements[k, a]] |= np.uint64(1) << np.uint64(colour)
