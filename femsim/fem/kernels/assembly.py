"""Block sparsity pattern, stiffness and strain of isoparametric tetrahedra of any order.

Rows are computed by whoever owns them, over the elements of the node in ascending order: no two threads write to the
same place, and the sums are the same on any number of threads.
"""

import numba
import numpy as np

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_serial = numba.njit(cache=True, error_model="numpy")
_inlined = numba.njit(error_model="numpy")


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
def fill_columns(elements, start, members, indptr, indices, parts):
    """indices[indptr[i]:indptr[i + 1]] ← neighbours of node i, ascending; indptr (n + 1,) int64, indices int32."""
    n_nodes = indptr.size - 1
    for part in numba.prange(parts):
        seen = np.full(n_nodes, -1, np.int32)
        for i in range(n_nodes * part // parts, n_nodes * (part + 1) // parts):
            end = indptr[i]
            for k in range(start[i], start[i + 1]):
                for a in range(elements.shape[1]):
                    j = elements[members[k], a]
                    if seen[j] != i:
                        seen[j] = i
                        p = end
                        while p > indptr[i] and indices[p - 1] > j:
                            indices[p] = indices[p - 1]
                            p -= 1
                        indices[p] = j
                        end += 1


@_inlined
def _fill_gradients(nodes, element, reference, gradients):
    """gradients[a] ← ∇N_a at one point, from reference (a, 3) derivatives; returns det J."""
    xx = xy = xz = yx = yy = yz = zx = zy = zz = 0.0
    for a in range(element.size):
        i = element[a]
        x, y, z = nodes[i, 0], nodes[i, 1], nodes[i, 2]
        r, s, t = reference[a, 0], reference[a, 1], reference[a, 2]
        xx += x * r
        xy += x * s
        xz += x * t
        yx += y * r
        yy += y * s
        yz += y * t
        zx += z * r
        zy += z * s
        zz += z * t
    ux, uy, uz = yy * zz - yz * zy, yz * zx - yx * zz, yx * zy - yy * zx
    vx, vy, vz = xz * zy - xy * zz, xx * zz - xz * zx, xy * zx - xx * zy
    wx, wy, wz = xy * yz - xz * yy, xz * yx - xx * yz, xx * yy - xy * yx
    det = xx * ux + xy * uy + xz * uz
    for a in range(element.size):
        r, s, t = reference[a, 0] / det, reference[a, 1] / det, reference[a, 2] / det
        gradients[a, 0] = ux * r + uy * s + uz * t
        gradients[a, 1] = vx * r + vy * s + vz * t
        gradients[a, 2] = wx * r + wy * s + wz * t
    return det


@_parallel
def fill_stiffness(nodes, elements, lam, mu, reference, weights, start, members, indptr, indices, values):
    """values[k] ← 3x3 block k of the stiffness matrix: Σ_e ∫ λ ∇N_a ⊗ ∇N_b + μ (∇N_b ⊗ ∇N_a + ∇N_a·∇N_b I).

    nodes (n, 3); elements (e, a); lam, mu (e, q) [MPa]; reference (q, a, 3); weights (q,) shares of the volume;
    start, members from fill_node_elements; indptr, indices the pattern; values (k, 3, 3).
    """
    n_nodes, n_points = indptr.size - 1, weights.size
    for part in numba.prange(64):
        gradients = np.empty((elements.shape[1], 3))
        for i in range(n_nodes * part // 64, n_nodes * (part + 1) // 64):
            first, last = indptr[i], indptr[i + 1]
            values[first:last] = 0.0
            for k in range(start[i], start[i + 1]):
                e = members[k]
                own = 0
                while elements[e, own] != i:
                    own += 1
                for q in range(n_points):
                    volume = _fill_gradients(nodes, elements[e], reference[q], gradients) / 6.0 * weights[q]
                    la, m = lam[e, q] * volume, mu[e, q] * volume
                    gx, gy, gz = gradients[own, 0], gradients[own, 1], gradients[own, 2]
                    for b in range(elements.shape[1]):
                        low, high = first, last
                        while high - low > 1:
                            middle = (low + high) // 2
                            if indices[middle] <= elements[e, b]:
                                low = middle
                            else:
                                high = middle
                        hx, hy, hz = gradients[b, 0], gradients[b, 1], gradients[b, 2]
                        shear = m * (gx * hx + gy * hy + gz * hz)
                        values[low, 0, 0] += (la + m) * gx * hx + shear
                        values[low, 0, 1] += la * gx * hy + m * gy * hx
                        values[low, 0, 2] += la * gx * hz + m * gz * hx
                        values[low, 1, 0] += la * gy * hx + m * gx * hy
                        values[low, 1, 1] += (la + m) * gy * hy + shear
                        values[low, 1, 2] += la * gy * hz + m * gz * hy
                        values[low, 2, 0] += la * gz * hx + m * gx * hz
                        values[low, 2, 1] += la * gz * hy + m * gy * hz
                        values[low, 2, 2] += (la + m) * gz * hz + shear


@_parallel
def fill_diagonal_blocks(nodes, elements, lam, mu, corners, barycentric, weights, start, members, blocks):
    """blocks[i] ← the 3x3 block of node i on the diagonal of the stiffness matrix, for straight-sided elements.

    corners (4, 3) derivatives of the barycentric coordinates; barycentric (q, a, 4) derivatives of the shape functions
    with respect to them; blocks (n, 3, 3); the rest as in fill_stiffness.
    """
    for part in numba.prange(64):
        gradients = np.empty((4, 3))
        for i in range(blocks.shape[0] * part // 64, blocks.shape[0] * (part + 1) // 64):
            xx = yy = zz = xy = yz = xz = 0.0
            for k in range(start[i], start[i + 1]):
                e = members[k]
                own = 0
                while elements[e, own] != i:
                    own += 1
                volume = _fill_gradients(nodes, elements[e, :4], corners, gradients) / 6.0
                for q in range(weights.size):
                    gx = gy = gz = 0.0
                    for c in range(4):
                        gx += barycentric[q, own, c] * gradients[c, 0]
                        gy += barycentric[q, own, c] * gradients[c, 1]
                        gz += barycentric[q, own, c] * gradients[c, 2]
                    m = mu[e, q] * volume * weights[q]
                    both = m + lam[e, q] * volume * weights[q]
                    shear = m * (gx * gx + gy * gy + gz * gz)
                    xx += both * gx * gx + shear
                    yy += both * gy * gy + shear
                    zz += both * gz * gz + shear
                    xy += both * gx * gy
                    yz += both * gy * gz
                    xz += both * gx * gz
            blocks[i, 0, 0], blocks[i, 1, 1], blocks[i, 2, 2] = xx, yy, zz
            blocks[i, 0, 1], blocks[i, 1, 2], blocks[i, 0, 2] = xy, yz, xz
            blocks[i, 1, 0], blocks[i, 2, 1], blocks[i, 2, 0] = xy, yz, xz


@_parallel
def fill_strain(nodes, elements, reference, u, strain):
    """strain[e, q] ← XX YY ZZ XY YZ XZ (true shear) of displacement u (n, 3) at the points of reference (q, a, 3)."""
    for part in numba.prange(64):
        gradients = np.empty((elements.shape[1], 3))
        for e in range(elements.shape[0] * part // 64, elements.shape[0] * (part + 1) // 64):
            for q in range(reference.shape[0]):
                _fill_gradients(nodes, elements[e], reference[q], gradients)
                xx = yy = zz = xy = yz = xz = 0.0
                for a in range(elements.shape[1]):
                    i = elements[e, a]
                    gx, gy, gz = gradients[a, 0], gradients[a, 1], gradients[a, 2]
                    xx += gx * u[i, 0]
                    yy += gy * u[i, 1]
                    zz += gz * u[i, 2]
                    xy += 0.5 * (gy * u[i, 0] + gx * u[i, 1])
                    yz += 0.5 * (gz * u[i, 1] + gy * u[i, 2])
                    xz += 0.5 * (gz * u[i, 0] + gx * u[i, 2])
                strain[e, q, 0], strain[e, q, 1], strain[e, q, 2] = xx, yy, zz
                strain[e, q, 3], strain[e, q, 4], strain[e, q, 5] = xy, yz, xz
