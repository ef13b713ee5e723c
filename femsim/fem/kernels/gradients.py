"""Gradients of the shape functions at one point, strain from displacement, and nodal forces from stress."""

import numba
import numpy as np

_parallel = numba.njit(cache=True, parallel=True, error_model="numpy")
_inlined = numba.njit(error_model="numpy")


@_inlined
def fill_gradients(nodes, element, reference, gradients):
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
def fill_strain(nodes, elements, reference, u, strain):
    """strain[e, q] ← XX YY ZZ XY YZ XZ (true shear) of displacement u (n, 3) at the points of reference (q, a, 3)."""
    for part in numba.prange(64):
        gradients = np.empty((elements.shape[1], 3))
        for e in range(elements.shape[0] * part // 64, elements.shape[0] * (part + 1) // 64):
            for q in range(reference.shape[0]):
                fill_gradients(nodes, elements[e], reference[q], gradients)
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


@_parallel
def fill_stress_forces(nodes, elements, reference, weights, stress, forces):
    """forces[e, a] ← ∫ σ·∇N_a over the element, from stress (e, q, 6) at the points of reference (q, a, 3).

    weights (q,) shares of the volume; forces (e, a, 3).
    """
    for part in numba.prange(64):
        gradients = np.empty((elements.shape[1], 3))
        for e in range(elements.shape[0] * part // 64, elements.shape[0] * (part + 1) // 64):
            forces[e] = 0.0
            for q in range(reference.shape[0]):
                volume = fill_gradients(nodes, elements[e], reference[q], gradients) / 6.0 * weights[q]
                xx, yy, zz = stress[e, q, 0] * volume, stress[e, q, 1] * volume, stress[e, q, 2] * volume
                xy, yz, xz = stress[e, q, 3] * volume, stress[e, q, 4] * volume, stress[e, q, 5] * volume
                for a in range(elements.shape[1]):
                    gx, gy, gz = gradients[a, 0], gradients[a, 1], gradients[a, 2]
                    forces[e, a, 0] += xx * gx + xy * gy + xz * gz
                    forces[e, a, 1] += xy * gx + yy * gy + yz * gz
                    forces[e, a, 2] += xz * gx + yz * gy + zz * gz


@_parallel
def fill_nodal_sums(start, places, forces, sums):
    """sums[i] ← sum of forces[places[k]] for start[i] ≤ k < start[i + 1], in that order.

    forces (e·a, 3) as rows of (e, a, 3); places (e·a,) of each node's share; sums (n, 3).
    """
    n = sums.shape[0]
    for part in numba.prange(64):
        for i in range(n * part // 64, n * (part + 1) // 64):
            x = y = z = 0.0
            for k in range(start[i], start[i + 1]):
                p = places[k]
                x += forces[p, 0]
                y += forces[p, 1]
                z += forces[p, 2]
            sums[i, 0], sums[i, 1], sums[i, 2] = x, y, z
