"""The tangent of yielding TET10 elements times displacement: as `tet10_operator`, with eleven numbers at each point.

A tangent is A I + B 1⊗1 + C ŝ⊗ŝ + D ŝ⊗1 + E 1⊗ŝ, see `plastic_damage`; it need not be symmetric. With shear strain in
engineering form, ŝ:ε is a plain product of six.
"""

import numba
import numpy as np

from femsim.fem.kernels.lanes import LANES, WIDTH, gather, scatter_add
from femsim.fem.kernels.tet10_operator import lane_forces, lane_gradients, lane_strains, sum_of

ROWS = 53  # of a batch: nine of gradients, eleven of each of four points

_inlined = numba.njit(fastmath=True, error_model="numpy", forceinline=True)


@_inlined
def _point(e, s0, s1, s2, s3, s4, s5, kappa, geometry, g, n):
    """Weighted stress at an integration point from its corner's strain and the sum; g: row of its A, as flat place."""
    xx, yy, zz = e[0] + kappa * s0, e[1] + kappa * s1, e[2] + kappa * s2
    xy, yz, xz = e[3] + kappa * s3, e[4] + kappa * s4, e[5] + kappa * s5
    a, b, c = geometry[g + n], geometry[g + LANES + n], geometry[g + 2 * LANES + n]
    d, f = geometry[g + 3 * LANES + n], geometry[g + 4 * LANES + n]
    sxx, syy, szz = geometry[g + 5 * LANES + n], geometry[g + 6 * LANES + n], geometry[g + 7 * LANES + n]
    sxy, syz, sxz = geometry[g + 8 * LANES + n], geometry[g + 9 * LANES + n], geometry[g + 10 * LANES + n]
    trace = xx + yy + zz
    along = sxx * xx + syy * yy + szz * zz + sxy * xy + syz * yz + sxz * xz
    spread, turned = b * trace + f * along, c * along + d * trace
    half = 0.5 * a
    return (
        a * xx + spread + turned * sxx,
        a * yy + spread + turned * syy,
        a * zz + spread + turned * szz,
        half * xy + turned * sxy,
        half * yz + turned * syz,
        half * xz + turned * sxz,
    )


@numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")
def fill_chunk_forces(batch_start, local_nodes, geometry, node_start, chunk_nodes, x, constants, forces):
    """forces[s] ← nodal force of slot s under x; slots node_start[c]…node_start[c+1] are the nodes of chunk c.

    As in `tet10_operator`, for one vector in double precision: geometry (batches, ROWS, LANES): ∇λ1…∇λ3, then the
    eleven numbers of the four points, A…E times V/20; x (n, 3), forces (slots, WIDTH).
    """
    flat_geometry, flat_nodes = geometry.reshape(-1), local_nodes.reshape(-1)
    three, four, kappa = constants[0], constants[1], constants[2]
    for c in numba.prange(batch_start.size - 1):
        first, last = node_start[c], node_start[c + 1]
        here = np.zeros(WIDTH * (last - first), x.dtype)
        u = np.empty(60 * LANES, x.dtype)
        out = forces[first:last].reshape(-1)
        out[:] = 0
        for s in range(last - first):
            j = chunk_nodes[first + s]
            here[WIDTH * s], here[WIDTH * s + 1], here[WIDTH * s + 2] = x[j, 0], x[j, 1], x[j, 2]
        for b in range(batch_start[c], batch_start[c + 1]):
            for a in range(10):
                gather(here, flat_nodes, np.uint64((b * 10 + a) * LANES), u, np.uint64(3 * a * LANES))
            start = b * ROWS * LANES
            for n in range(LANES):
                g = lane_gradients(flat_geometry, start, n)
                e0, e1, e2, e3 = lane_strains(u, g, n, three, four)
                s0, s1, s2, s3, s4, s5 = sum_of(e0, e1, e2, e3)
                t0 = _point(e0, s0, s1, s2, s3, s4, s5, kappa, flat_geometry, start + 9 * LANES, n)
                t1 = _point(e1, s0, s1, s2, s3, s4, s5, kappa, flat_geometry, start + 20 * LANES, n)
                t2 = _point(e2, s0, s1, s2, s3, s4, s5, kappa, flat_geometry, start + 31 * LANES, n)
                t3 = _point(e3, s0, s1, s2, s3, s4, s5, kappa, flat_geometry, start + 42 * LANES, n)
                lane_forces(u, g, n, t0, t1, t2, t3, three, four, kappa)
            for a in range(10):
                scatter_add(out, flat_nodes, np.uint64((b * 10 + a) * LANES), u, np.uint64((30 + 3 * a) * LANES))


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_point_rows(place, share, tangent, geometry):
    """The rows of the points in geometry (batches, ROWS, LANES) ← tangent (e, 4, 11).

    place (e,): batch · LANES + lane of each element; share (e,): V/20.
    """
    for part in numba.prange(64):
        n = place.size
        for e in range(n * part // 64, n * (part + 1) // 64):
            batch, lane = place[e] // LANES, place[e] % LANES
            for q in range(4):
                for k in range(11):
                    geometry[batch, 9 + 11 * q + k, lane] = tangent[e, q, k] * (share[e] if k < 5 else 1.0)
