"""Stiffness and mass of isoparametric tetrahedra of any order, added up in symmetric 3x3 blocks.

Elements are worked on `LANES` at a time, in the lanes of the vector unit. Each pair of nodes of an element is computed
once and added to the upper triangle; the lower one is copied from it at the end. Chunks of elements that share a node
have different colours, and only chunks of one colour run at the same time: no two threads write to the same block, and
the order of every sum is given by the mesh, not by the number of threads.
"""

import numba
import numpy as np

from femsim.fem.kernels.gradients import fill_gradients

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy", fastmath={"contract"})
_inlined = numba.njit(error_model="numpy", fastmath={"contract"})

LANES = 16  # because LLVM unrolls a shorter loop away before it can put it into vector lanes
# Row r of a symmetric tensor in the order XX YY ZZ XY YZ XZ, and the place of (i, j) among the 21 constants.
VOIGT = np.array([[0, 3, 5], [3, 1, 4], [5, 4, 2]])
CONSTANT = np.array([[min(i, j) * (11 - min(i, j)) // 2 + max(i, j) for j in range(6)] for i in range(6)])


@_inlined
def _fill_lane_gradients(x, reference, weight, jacobian, g, volume):
    """g (a, 3, L) ← shape gradients, volume (L,) ← weight · volume, at a point with derivatives reference (a, 3).

    x (a, 3, L) places of the nodes; jacobian (3, 3, L) work. All flat.
    """
    width = reference.shape[0]
    jacobian[:] = 0.0
    for a in range(width):
        for i in range(3):
            for k in range(3):
                slope = reference[a, k]
                for n in range(LANES):
                    jacobian[(3 * i + k) * LANES + n] += x[(3 * a + i) * LANES + n] * slope
    for n in range(LANES):
        xx, xy, xz = jacobian[n], jacobian[LANES + n], jacobian[2 * LANES + n]
        yx, yy, yz = jacobian[3 * LANES + n], jacobian[4 * LANES + n], jacobian[5 * LANES + n]
        zx, zy, zz = jacobian[6 * LANES + n], jacobian[7 * LANES + n], jacobian[8 * LANES + n]
        ux, uy, uz = yy * zz - yz * zy, yz * zx - yx * zz, yx * zy - yy * zx
        det = xx * ux + xy * uy + xz * uz
        one = 1.0 / det
        volume[n] = det * weight
        jacobian[n], jacobian[LANES + n], jacobian[2 * LANES + n] = ux * one, uy * one, uz * one
        jacobian[3 * LANES + n] = (xz * zy - xy * zz) * one
        jacobian[4 * LANES + n] = (xx * zz - xz * zx) * one
        jacobian[5 * LANES + n] = (xy * zx - xx * zy) * one
        jacobian[6 * LANES + n] = (xy * yz - xz * yy) * one
        jacobian[7 * LANES + n] = (xz * yx - xx * yz) * one
        jacobian[8 * LANES + n] = (xx * yy - xy * yx) * one
    for a in range(width):
        r, s, t = reference[a, 0], reference[a, 1], reference[a, 2]
        for i in range(3):
            for n in range(LANES):
                g[(3 * a + i) * LANES + n] = (
                    r * jacobian[3 * i * LANES + n]
                    + s * jacobian[(3 * i + 1) * LANES + n]
                    + t * jacobian[(3 * i + 2) * LANES + n]
                )


@_inlined
def _fill_isotropic_rows(constants, g, volume, w):
    """w (3, 6, L) ← row r of ∇N·C for the gradient g (3, L) times volume (L,), from λ and μ (2, L)."""
    for n in range(LANES):
        lam, mu = constants[n] * volume[n], constants[LANES + n] * volume[n]
        x, y, z = g[n], g[LANES + n], g[2 * LANES + n]
        both = lam + 2 * mu
        w[n], w[LANES + n], w[2 * LANES + n] = both * x, lam * x, lam * x
        w[3 * LANES + n], w[4 * LANES + n], w[5 * LANES + n] = mu * y, 0.0, mu * z
        w[6 * LANES + n], w[7 * LANES + n], w[8 * LANES + n] = lam * y, both * y, lam * y
        w[9 * LANES + n], w[10 * LANES + n], w[11 * LANES + n] = mu * x, mu * z, 0.0
        w[12 * LANES + n], w[13 * LANES + n], w[14 * LANES + n] = lam * z, lam * z, both * z
        w[15 * LANES + n], w[16 * LANES + n], w[17 * LANES + n] = 0.0, mu * y, mu * x


@_inlined
def _fill_anisotropic_rows(constants, g, volume, w):
    """The same from the 21 constants (21, L)."""
    for r in range(3):
        for k in range(6):
            first, second, third = CONSTANT[VOIGT[r, 0], k], CONSTANT[VOIGT[r, 1], k], CONSTANT[VOIGT[r, 2], k]
            for n in range(LANES):
                w[(6 * r + k) * LANES + n] = volume[n] * (
                    constants[first * LANES + n] * g[n]
                    + constants[second * LANES + n] * g[LANES + n]
                    + constants[third * LANES + n] * g[2 * LANES + n]
                )


@_inlined
def _add_product(w, g, block):
    """block (3, 3, L) += w (3, 6, L) · gradient g (3, L)."""
    for r in range(3):
        for n in range(LANES):
            x, y, z = g[n], g[LANES + n], g[2 * LANES + n]
            xy, yz, xz = w[(6 * r + 3) * LANES + n], w[(6 * r + 4) * LANES + n], w[(6 * r + 5) * LANES + n]
            block[3 * r * LANES + n] += w[6 * r * LANES + n] * x + xy * y + xz * z
            block[(3 * r + 1) * LANES + n] += xy * x + w[(6 * r + 1) * LANES + n] * y + yz * z
            block[(3 * r + 2) * LANES + n] += xz * x + yz * y + w[(6 * r + 2) * LANES + n] * z


@_inlined
def _add_blocks(elements, first, members, a, b, places, pair, block, values):
    """Add block (3, 3, L) of nodes a, b of elements first… where it is stored, transposed where b is the smaller."""
    for n in range(members):
        e = first + n
        k = 9 * np.int64(places[e, pair])
        # No branch: which of the two numbers is smaller is a coin toss that no processor can foresee.
        turned = elements[e, a] > elements[e, b]
        xy, xz, yz = (3, 6, 7) if turned else (1, 2, 5)
        yx, zx, zy = (1, 2, 5) if turned else (3, 6, 7)
        values[k] += block[n]
        values[k + xy] += block[LANES + n]
        values[k + xz] += block[2 * LANES + n]
        values[k + yx] += block[3 * LANES + n]
        values[k + 4] += block[4 * LANES + n]
        values[k + yz] += block[5 * LANES + n]
        values[k + zx] += block[6 * LANES + n]
        values[k + zy] += block[7 * LANES + n]
        values[k + 8] += block[8 * LANES + n]


@_parallel
def fill_stiffness(
    nodes, elements, constants, reference, weights, order, chunk, colour_start, chunks, places, values
):  # fmt: skip
    """values[k] ← 3x3 block k of Σ_e ∫ ∇N_a·C·∇N_b in the upper triangle; what is below it is left at 0.

    nodes (n, 3); elements (e, a) in the order of the pattern, constants (e, q, 2) λ, μ or (e, q, 21) [MPa] in that of
    the mesh: row order[e] belongs to element e; reference (q, a, 3); weights (q,) shares of the volume; chunk c is
    elements[c·chunk:(c + 1)·chunk], chunks[colour_start[k]:colour_start[k + 1]] are those of colour k; places
    (e, pairs); values (9k,), three rows of three for each block.
    """
    width, points, kinds = elements.shape[1], weights.size, constants.shape[2]
    for k in numba.prange(values.size):
        values[k] = 0.0
    for colour in range(colour_start.size - 1):
        for c in numba.prange(colour_start[colour], colour_start[colour + 1]):
            x = np.empty(width * 3 * LANES)
            jacobian = np.empty(9 * LANES)
            g = np.empty(points * width * 3 * LANES)
            volume = np.empty(points * LANES)
            moduli = np.empty(points * kinds * LANES)
            w = np.empty(points * 18 * LANES)
            block = np.empty(9 * LANES)
            stop = min((chunks[c] + 1) * chunk, order.size)
            for first in range(chunks[c] * chunk, stop, LANES):
                members = min(LANES, stop - first)
                for n in range(LANES):
                    e = first + min(n, members - 1)  # idle lanes repeat the last element and are not added
                    for a in range(width):
                        for i in range(3):
                            x[(3 * a + i) * LANES + n] = nodes[elements[e, a], i]
                    for q in range(points):
                        for k in range(kinds):
                            moduli[(q * kinds + k) * LANES + n] = constants[order[e], q, k]
                for q in range(points):
                    _fill_lane_gradients(
                        x, reference[q], weights[q] / 6.0, jacobian, g[q * width * 3 * LANES :], volume[q * LANES :]
                    )
                pair = 0
                for a in range(width):
                    for q in range(points):
                        own = g[(q * width + a) * 3 * LANES :]
                        of_point = moduli[q * kinds * LANES :]
                        if kinds == 2:
                            _fill_isotropic_rows(of_point, own, volume[q * LANES :], w[q * 18 * LANES :])
                        else:
                            _fill_anisotropic_rows(of_point, own, volume[q * LANES :], w[q * 18 * LANES :])
                    for b in range(a, width):
                        block[:] = 0.0
                        for q in range(points):
                            _add_product(w[q * 18 * LANES :], g[(q * width + b) * 3 * LANES :], block)
                        _add_blocks(elements, first, members, a, b, places, pair, block, values)
                        pair += 1


@_parallel
def fill_pair_sums(pair_values, order, chunk, colour_start, chunks, places, values):
    """values[k] ← sum of the pairs (e, pairs), in the mesh's order, stored at k; an upper triangle of numbers, (k,)."""
    for k in numba.prange(values.size):
        values[k] = 0.0
    for colour in range(colour_start.size - 1):
        for c in numba.prange(colour_start[colour], colour_start[colour + 1]):
            for n in range(chunks[c] * chunk, min((chunks[c] + 1) * chunk, order.size)):
                for pair in range(places.shape[1]):
                    values[places[n, pair]] += pair_values[order[n], pair]


@_parallel
def fill_lower_triangle(indptr, indices, transposed, values):
    """values[k] below the diagonal ← transpose of the block above it, within blocks on it too; values (k, s, s)."""
    n_nodes = indptr.size - 1
    for part in numba.prange(64):
        for i in range(n_nodes * part // 64, n_nodes * (part + 1) // 64):
            for k in range(indptr[i], indptr[i + 1]):
                if indices[k] > i:
                    break
                source = values[transposed[k]]
                for r in range(values.shape[1]):
                    for s in range(r if indices[k] == i else values.shape[1]):
                        values[k, r, s] = source[s, r]


@_parallel
def fill_diagonal_blocks(nodes, elements, lam, mu, corners, barycentric, weights, start, members, blocks):
    """blocks[i] ← the 3x3 block of node i on the diagonal of the stiffness matrix, for straight-sided elements.

    corners (4, 3) derivatives of the barycentric coordinates; barycentric (q, a, 4) derivatives of the shape functions
    with respect to them; start, members the elements of each node; blocks (n, 3, 3); the rest as in fill_stiffness.
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
                volume = fill_gradients(nodes, elements[e, :4], corners, gradients) / 6.0
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
