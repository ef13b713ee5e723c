"""What is asked of every element before anything is solved: its volume, its mid-side nodes, its part of the body."""

import numba
import numpy as np

from femsim.fem.kernels.gradients import fill_gradients

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_serial = numba.njit(cache=True, error_model="numpy")


@_parallel
def fill_mid_node_offsets(nodes, elements, edges, offsets):
    """offsets[e] ← largest distance of a mid-side node from the middle of its edge, as a share of the edge.

    nodes (n, 3), elements (e, 10), edges (6, 2) the corners of node 4 + k, offsets (e,).
    """
    for part in numba.prange(64):
        for e in range(elements.shape[0] * part // 64, elements.shape[0] * (part + 1) // 64):
            worst = 0.0
            for k in range(6):
                i, j, m = elements[e, edges[k, 0]], elements[e, edges[k, 1]], elements[e, 4 + k]
                away = length = 0.0
                for axis in range(3):
                    a, b = nodes[i, axis], nodes[j, axis]
                    away += (nodes[m, axis] - 0.5 * (a + b)) ** 2
                    length += (b - a) ** 2
                worst = max(worst, away / max(length, 1e-300))
            offsets[e] = np.sqrt(worst)


@_parallel
def fill_least_volumes(nodes, elements, reference, edges, volumes, shares):
    """volumes[e] ← smallest det J / 6 at the points of reference (q, a, 3); shares[e] ← that over (longest edge)³.

    Negative where the element is inverted. edges (6, 2) pairs of corners.
    """
    for part in numba.prange(64):
        gradients = np.empty((elements.shape[1], 3))
        for e in range(elements.shape[0] * part // 64, elements.shape[0] * (part + 1) // 64):
            least = np.inf
            for q in range(reference.shape[0]):
                least = min(least, fill_gradients(nodes, elements[e], reference[q], gradients) / 6.0)
            longest = 0.0
            for k in range(6):
                i, j = elements[e, edges[k, 0]], elements[e, edges[k, 1]]
                length = 0.0
                for axis in range(3):
                    length += (nodes[j, axis] - nodes[i, axis]) ** 2
                longest = max(longest, length)
            volumes[e] = least
            shares[e] = least / max(longest * np.sqrt(longest), 1e-300)


@_serial
def fill_used(elements, used):
    """used[i] ← True for every node of an element; used (n,) bool."""
    for e in range(elements.shape[0]):
        for a in range(elements.shape[1]):
            used[elements[e, a]] = True


@_serial
def has_repeated(keys, table):
    """Whether a key (k,) uint64 occurs twice; table (2^m,) uint64 of zeros, at least twice as long as the keys."""
    last = np.uint64(table.size - 1)
    for key in keys:
        if key == 0:
            return True  # cannot be told from an empty place: better look twice
        place = key & last
        while table[place] != 0:
            if table[place] == key:
                return True
            place = (place + np.uint64(1)) & last
        table[place] = key
    return False


@_parallel
def fill_corner_keys(elements, keys):
    """keys[e] ← a number that depends on the four corners but not on their order; uint64.

    Sum of the corners' numbers scrambled by the finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
    """
    for e in numba.prange(elements.shape[0]):
        total = np.uint64(0)
        for a in range(4):
            z = np.uint64(elements[e, a]) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += z ^ (z >> np.uint64(31))
        keys[e] = total


@_serial
def fill_parts(elements, part_of):
    """part_of[i] ← number of the connected part of node i, in the order of their first nodes; returns how many.

    elements (e, a), part_of (n,) int32.
    """
    for i in range(part_of.size):
        part_of[i] = i
    for e in range(elements.shape[0]):
        root = elements[e, 0]
        while part_of[root] != root:
            part_of[root] = part_of[part_of[root]]
            root = part_of[root]
        for a in range(1, elements.shape[1]):
            other = elements[e, a]
            while part_of[other] != other:
                part_of[other] = part_of[part_of[other]]
                other = part_of[other]
            # The smaller number stays, so that a part is named by its first node.
            if other < root:
                part_of[root] = other
                root = other
            elif root < other:
                part_of[other] = root
    count = 0
    for i in range(part_of.size):
        if part_of[i] == i:
            part_of[i] = count
            count += 1
        else:
            # The root came earlier and holds its number by now.
            part_of[i] = part_of[part_of[i]]
    return count
