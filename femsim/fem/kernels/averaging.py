"""Volume averages: over a small sphere around each centroid, and at nodes among the elements of one region."""

import numba


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_sphere_averages(
    centres, row_of, cell_of, cells, cell_start, order, place_of, points, weights, values, radius, own, averages
):  # fmt: skip
    """averages[i] ← mean of values at the points within radius of centre i, weighted by volume.

    Points of the element itself always count.

    centres (m, 3); row_of (m,) int64, the element of each centre; cell_of (m, 3) int64, its cell in a grid of (3,)
    int64 cells no smaller than the radius; points (k, 3), weights (k,), values (k, c) by cell: those of cell j are
    cell_start[j]:cell_start[j + 1]; order (k,) their numbers, of which element e has own·e … own·e + own - 1, and
    place_of (k,) the way back; averages (m, c).
    """
    n, width = centres.shape[0], values.shape[1]
    limit = radius * radius
    for part in numba.prange(64):
        for i in range(n * part // 64, n * (part + 1) // 64):
            for c in range(width):
                averages[i, c] = 0.0
            volume = 0.0
            for q in range(own * row_of[i], own * row_of[i] + own):
                k = place_of[q]
                volume += weights[k]
                for c in range(width):
                    averages[i, c] += weights[k] * values[k, c]
            for x in range(max(cell_of[i, 0] - 1, 0), min(cell_of[i, 0] + 2, cells[0])):
                for y in range(max(cell_of[i, 1] - 1, 0), min(cell_of[i, 1] + 2, cells[1])):
                    first = (x * cells[1] + y) * cells[2]
                    low = first + max(cell_of[i, 2] - 1, 0)
                    high = first + min(cell_of[i, 2] + 2, cells[2])
                    for k in range(cell_start[low], cell_start[high]):
                        dx = points[k, 0] - centres[i, 0]
                        dy = points[k, 1] - centres[i, 1]
                        dz = points[k, 2] - centres[i, 2]
                        if dx * dx + dy * dy + dz * dz <= limit and order[k] // own != row_of[i]:
                            volume += weights[k]
                            for c in range(width):
                                averages[i, c] += weights[k] * values[k, c]
            for c in range(width):
                averages[i, c] /= volume


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_region_counts(start, members, region_of, counts):
    """counts[i] ← number of regions that meet at node i; members[start[i]:start[i + 1]] are its elements."""
    for part in numba.prange(64):
        for i in range(counts.size * part // 64, counts.size * (part + 1) // 64):
            count = 0
            for k in range(start[i], start[i + 1]):
                earlier = start[i]
                while region_of[members[earlier]] != region_of[members[k]]:
                    earlier += 1
                if earlier == k:
                    count += 1
            counts[i] = count


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_region_averages(
    elements, start, members, region_of, extrapolation, volumes, values, first, node, region, averages
):  # fmt: skip
    """averages[p] ← mean over the elements around node[p] that are of region[p], weighted by volume.

    Pairs first[i]:first[i + 1] are those of node i, by ascending region; node, region (p,) are filled too.
    extrapolation (a, q) takes values at the points to the nodes; volumes (e,); values (e, q, k); averages (p, k).
    """
    n_nodes, width = first.size - 1, values.shape[2]
    for part in numba.prange(64):
        for i in range(n_nodes * part // 64, n_nodes * (part + 1) // 64):
            last = -1
            for p in range(first[i], first[i + 1]):
                lowest = -1
                for k in range(start[i], start[i + 1]):
                    found = region_of[members[k]]
                    if found > last and (lowest < 0 or found < lowest):
                        lowest = found
                node[p], region[p], last = i, lowest, lowest
                averages[p] = 0.0
                total = 0.0
                for k in range(start[i], start[i + 1]):
                    e = members[k]
                    if region_of[e] != lowest:
                        continue
                    own = 0
                    while elements[e, own] != i:
                        own += 1
                    total += volumes[e]
                    for q in range(values.shape[1]):
                        share = volumes[e] * extrapolation[own, q]
                        for c in range(width):
                            averages[p, c] += share * values[e, q, c]
                for c in range(width):
                    averages[p, c] /= total
