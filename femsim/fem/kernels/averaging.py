"""Volume averages over a small sphere around each element's centroid."""

import numba


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_sphere_averages(centres, cell_of, cells, cell_start, order, points, weights, values, radius, own, averages):
    """averages[e] ← mean of values at the points within radius of centre e, weighted by volume.

    Points of the element itself always count.

    centres (e, 3); cell_of (e, 3) int64, cell of each centre in a grid of cells (3,) int64 no smaller than the radius;
    order[cell_start[c]:cell_start[c + 1]] are the points of cell c, ascending; points (k, 3); weights, values (k,);
    own : points of element e are own·e … own·e + own - 1; averages (e,).
    """
    n = centres.shape[0]
    limit = radius * radius
    for part in numba.prange(64):
        for e in range(n * part // 64, n * (part + 1) // 64):
            total = volume = 0.0
            for k in range(own * e, own * e + own):
                total += weights[k] * values[k]
                volume += weights[k]
            for x in range(max(cell_of[e, 0] - 1, 0), min(cell_of[e, 0] + 2, cells[0])):
                for y in range(max(cell_of[e, 1] - 1, 0), min(cell_of[e, 1] + 2, cells[1])):
                    first = (x * cells[1] + y) * cells[2]
                    low = first + max(cell_of[e, 2] - 1, 0)
                    high = first + min(cell_of[e, 2] + 2, cells[2])
                    for place in range(cell_start[low], cell_start[high]):
                        k = order[place]
                        if k // own == e:
                            continue
                        dx = points[k, 0] - centres[e, 0]
                        dy = points[k, 1] - centres[e, 1]
                        dz = points[k, 2] - centres[e, 2]
                        if dx * dx + dy * dy + dz * dz <= limit:
                            total += weights[k] * values[k]
                            volume += weights[k]
            averages[e] = total / volume
