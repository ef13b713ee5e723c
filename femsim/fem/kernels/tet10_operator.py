"""Stiffness of straight-sided TET10 elements times displacement, without ever storing the matrix.

Elements come in chunks that lie together in space, each with its own short list of nodes. A chunk gathers its nodes,
works on `LANES` elements at a time in the lanes of the vector unit, and leaves its nodal forces in its own stretch of a
buffer. A second kernel adds the stretches node by node in a fixed order. No two threads write to the same place and no
sum depends on how many there are, so the answer is the same to the last bit on any number of cores.

Strain is linear in a straight-sided element, so it is found at the four corners, where each shape gradient has one
term, and carried to the integration points: a value there is proportional to (corner value + KAPPA · sum of the corner
values). The factor of proportion, squared, is 1/5; with the weight V/4 it makes V/20, which the caller folds into λ, μ.
"""

import numba
import numpy as np

from femsim.fem.kernels.lanes import LANES, WIDTH, gather, scatter_add

# β/(α - β) of the four-point rule, α = 0.5854101966249685, β = 0.1381966011250105
KAPPA = 0.30901699437494745

_inlined = numba.njit(fastmath=True, error_model="numpy", forceinline=True)


@_inlined
def _corner_strain(ax, ay, az, bx, by, bz, cx, cy, cz, dx, dy, dz, g):
    """Strain (xx, yy, zz, 2xy, 2yz, 2xz) from du/dλ of the four barycentric coordinates, a…d, and ∇λ1…∇λ3 in g."""
    bx, by, bz = bx - ax, by - ay, bz - az  # ∇λ0 = -∇λ1 - ∇λ2 - ∇λ3
    cx, cy, cz = cx - ax, cy - ay, cz - az
    dx, dy, dz = dx - ax, dy - ay, dz - az
    return (
        bx * g[0] + cx * g[3] + dx * g[6],
        by * g[1] + cy * g[4] + dy * g[7],
        bz * g[2] + cz * g[5] + dz * g[8],
        bx * g[1] + cx * g[4] + dx * g[7] + by * g[0] + cy * g[3] + dy * g[6],
        by * g[2] + cy * g[5] + dy * g[8] + bz * g[1] + cz * g[4] + dz * g[7],
        bx * g[2] + cx * g[5] + dx * g[8] + bz * g[0] + cz * g[3] + dz * g[6],
    )


@_inlined
def _point_stress(e, s0, s1, s2, s3, s4, s5, kappa, lam, mu):
    """Weighted stress at an integration point from its corner's strain e and the sum s of the four."""
    xx, yy, zz = e[0] + kappa * s0, e[1] + kappa * s1, e[2] + kappa * s2
    trace = lam * (xx + yy + zz)
    two_mu = mu + mu
    return (
        trace + two_mu * xx,
        trace + two_mu * yy,
        trace + two_mu * zz,
        mu * (e[3] + kappa * s3),
        mu * (e[4] + kappa * s4),
        mu * (e[5] + kappa * s5),
    )


@_inlined
def _pulled(t, s0, s1, s2, s3, s4, s5, kappa, g):
    """Corner stress (t + kappa · sum) times ∇λ0…∇λ3: twelve numbers, three for each barycentric coordinate."""
    xx, yy, zz = t[0] + kappa * s0, t[1] + kappa * s1, t[2] + kappa * s2
    xy, yz, xz = t[3] + kappa * s3, t[4] + kappa * s4, t[5] + kappa * s5
    bx, by, bz = xx * g[0] + xy * g[1] + xz * g[2], xy * g[0] + yy * g[1] + yz * g[2], xz * g[0] + yz * g[1] + zz * g[2]
    cx, cy, cz = xx * g[3] + xy * g[4] + xz * g[5], xy * g[3] + yy * g[4] + yz * g[5], xz * g[3] + yz * g[4] + zz * g[5]
    dx, dy, dz = xx * g[6] + xy * g[7] + xz * g[8], xy * g[6] + yy * g[7] + yz * g[8], xz * g[6] + yz * g[7] + zz * g[8]
    return -(bx + cx + dx), -(by + cy + dy), -(bz + cz + dz), bx, by, bz, cx, cy, cz, dx, dy, dz


@_inlined
def lane_gradients(geometry, g0, n):
    """∇λ1…∇λ3 of lane n, nine numbers."""
    # fmt: off
    return (
        geometry[g0 + 0 * LANES + n], geometry[g0 + 1 * LANES + n], geometry[g0 + 2 * LANES + n],
        geometry[g0 + 3 * LANES + n], geometry[g0 + 4 * LANES + n], geometry[g0 + 5 * LANES + n],
        geometry[g0 + 6 * LANES + n], geometry[g0 + 7 * LANES + n], geometry[g0 + 8 * LANES + n],
    )
    # fmt: on


@_inlined
def lane_strains(u, g, n, three, four):
    """Strains at the four corners of lane n from its displacements, rows 0…29 of u."""
    # fmt: off
    ax, ay, az = u[0 * LANES + n], u[1 * LANES + n], u[2 * LANES + n]
    bx, by, bz = u[3 * LANES + n], u[4 * LANES + n], u[5 * LANES + n]
    cx, cy, cz = u[6 * LANES + n], u[7 * LANES + n], u[8 * LANES + n]
    dx, dy, dz = u[9 * LANES + n], u[10 * LANES + n], u[11 * LANES + n]
    abx, aby, abz = four * u[12 * LANES + n], four * u[13 * LANES + n], four * u[14 * LANES + n]
    bcx, bcy, bcz = four * u[15 * LANES + n], four * u[16 * LANES + n], four * u[17 * LANES + n]
    acx, acy, acz = four * u[18 * LANES + n], four * u[19 * LANES + n], four * u[20 * LANES + n]
    adx, ady, adz = four * u[21 * LANES + n], four * u[22 * LANES + n], four * u[23 * LANES + n]
    bdx, bdy, bdz = four * u[24 * LANES + n], four * u[25 * LANES + n], four * u[26 * LANES + n]
    cdx, cdy, cdz = four * u[27 * LANES + n], four * u[28 * LANES + n], four * u[29 * LANES + n]
    # ∂u/∂λ_w at corner v: 3 u_v for w = v, else 4 u_mid(v, w) - u_w
    e0 = _corner_strain(
        three * ax, three * ay, three * az, abx - bx, aby - by, abz - bz, acx - cx, acy - cy, acz - cz,
        adx - dx, ady - dy, adz - dz, g,
    )
    e1 = _corner_strain(
        abx - ax, aby - ay, abz - az, three * bx, three * by, three * bz, bcx - cx, bcy - cy, bcz - cz,
        bdx - dx, bdy - dy, bdz - dz, g,
    )
    e2 = _corner_strain(
        acx - ax, acy - ay, acz - az, bcx - bx, bcy - by, bcz - bz, three * cx, three * cy, three * cz,
        cdx - dx, cdy - dy, cdz - dz, g,
    )
    e3 = _corner_strain(
        adx - ax, ady - ay, adz - az, bdx - bx, bdy - by, bdz - bz, cdx - cx, cdy - cy, cdz - cz,
        three * dx, three * dy, three * dz, g,
    )
    # fmt: on
    return e0, e1, e2, e3


@_inlined
def lane_forces(u, g, n, t0, t1, t2, t3, three, four, kappa):
    """Rows 30…59 of u, the nodal forces of lane n ← weighted stresses at the four points."""
    s0, s1, s2, s3, s4, s5 = sum_of(t0, t1, t2, t3)
    p = _pulled(t0, s0, s1, s2, s3, s4, s5, kappa, g)
    q = _pulled(t1, s0, s1, s2, s3, s4, s5, kappa, g)
    r = _pulled(t2, s0, s1, s2, s3, s4, s5, kappa, g)
    s = _pulled(t3, s0, s1, s2, s3, s4, s5, kappa, g)
    u[(30 + 0) * LANES + n] = three * p[0] - q[0] - r[0] - s[0]
    u[(30 + 3) * LANES + n] = three * q[3] - p[3] - r[3] - s[3]
    u[(30 + 6) * LANES + n] = three * r[6] - p[6] - q[6] - s[6]
    u[(30 + 9) * LANES + n] = three * s[9] - p[9] - q[9] - r[9]
    u[(30 + 12) * LANES + n] = four * (p[3] + q[0])
    u[(30 + 15) * LANES + n] = four * (q[6] + r[3])
    u[(30 + 18) * LANES + n] = four * (p[6] + r[0])
    u[(30 + 21) * LANES + n] = four * (p[9] + s[0])
    u[(30 + 24) * LANES + n] = four * (q[9] + s[3])
    u[(30 + 27) * LANES + n] = four * (r[9] + s[6])
    u[(30 + 1) * LANES + n] = three * p[1] - q[1] - r[1] - s[1]
    u[(30 + 4) * LANES + n] = three * q[4] - p[4] - r[4] - s[4]
    u[(30 + 7) * LANES + n] = three * r[7] - p[7] - q[7] - s[7]
    u[(30 + 10) * LANES + n] = three * s[10] - p[10] - q[10] - r[10]
    u[(30 + 13) * LANES + n] = four * (p[4] + q[1])
    u[(30 + 16) * LANES + n] = four * (q[7] + r[4])
    u[(30 + 19) * LANES + n] = four * (p[7] + r[1])
    u[(30 + 22) * LANES + n] = four * (p[10] + s[1])
    u[(30 + 25) * LANES + n] = four * (q[10] + s[4])
    u[(30 + 28) * LANES + n] = four * (r[10] + s[7])
    u[(30 + 2) * LANES + n] = three * p[2] - q[2] - r[2] - s[2]
    u[(30 + 5) * LANES + n] = three * q[5] - p[5] - r[5] - s[5]
    u[(30 + 8) * LANES + n] = three * r[8] - p[8] - q[8] - s[8]
    u[(30 + 11) * LANES + n] = three * s[11] - p[11] - q[11] - r[11]
    u[(30 + 14) * LANES + n] = four * (p[5] + q[2])
    u[(30 + 17) * LANES + n] = four * (q[8] + r[5])
    u[(30 + 20) * LANES + n] = four * (p[8] + r[2])
    u[(30 + 23) * LANES + n] = four * (p[11] + s[2])
    u[(30 + 26) * LANES + n] = four * (q[11] + s[5])
    u[(30 + 29) * LANES + n] = four * (r[11] + s[8])


@_inlined
def sum_of(e0, e1, e2, e3):
    """Six numbers: the sum of the four corners."""
    return (
        e0[0] + e1[0] + e2[0] + e3[0], e0[1] + e1[1] + e2[1] + e3[1], e0[2] + e1[2] + e2[2] + e3[2],
        e0[3] + e1[3] + e2[3] + e3[3], e0[4] + e1[4] + e2[4] + e3[4], e0[5] + e1[5] + e2[5] + e3[5],
    )  # fmt: skip


@_inlined
def _lane(u, geometry, g0, n, three, four, kappa):
    """Nodal forces of lane n, which follow the displacement in u: rows 30…59 ← K_element times rows 0…29.

    One flat array for both, so that the compiler sees that no store can meet a later load.
    """
    g = lane_gradients(geometry, g0, n)
    e0, e1, e2, e3 = lane_strains(u, g, n, three, four)
    s0, s1, s2, s3, s4, s5 = sum_of(e0, e1, e2, e3)
    t0 = _point_stress(e0, s0, s1, s2, s3, s4, s5, kappa, geometry[g0 + 9 * LANES + n], geometry[g0 + 13 * LANES + n])
    t1 = _point_stress(e1, s0, s1, s2, s3, s4, s5, kappa, geometry[g0 + 10 * LANES + n], geometry[g0 + 14 * LANES + n])
    t2 = _point_stress(e2, s0, s1, s2, s3, s4, s5, kappa, geometry[g0 + 11 * LANES + n], geometry[g0 + 15 * LANES + n])
    t3 = _point_stress(e3, s0, s1, s2, s3, s4, s5, kappa, geometry[g0 + 12 * LANES + n], geometry[g0 + 16 * LANES + n])
    lane_forces(u, g, n, t0, t1, t2, t3, three, four, kappa)


@numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")
def fill_chunk_forces(batch_start, local_nodes, geometry, node_start, chunk_nodes, x, constants, forces):
    """forces[r, s] ← nodal force of slot s under x[r]; slots node_start[c]…node_start[c+1] are the nodes of chunk c.

    batch_start (c + 1,) int64; local_nodes (batches, 10, LANES) uint16, slot within the chunk; geometry
    (batches, 17, LANES): ∇λ1…∇λ3, then λ and μ of the four points times V/20; node_start (c + 1,) int64;
    chunk_nodes (slots,) uint32; x (r, n, 3), forces (r, slots, WIDTH), the last number of each
    meaningless, constants (3, 4, KAPPA), all of one floating type.
    """
    flat_geometry, flat_nodes = geometry.reshape(-1), local_nodes.reshape(-1)
    three, four, kappa = constants[0], constants[1], constants[2]
    for c in numba.prange(batch_start.size - 1):
        first, last = node_start[c], node_start[c + 1]
        here = np.zeros(WIDTH * (last - first), x.dtype)
        u = np.empty(60 * LANES, x.dtype)
        for r in range(x.shape[0]):
            out = forces[r, first:last].reshape(-1)
            out[:] = 0
            for s in range(last - first):
                j = chunk_nodes[first + s]
                here[WIDTH * s], here[WIDTH * s + 1], here[WIDTH * s + 2] = x[r, j, 0], x[r, j, 1], x[r, j, 2]
            for b in range(batch_start[c], batch_start[c + 1]):
                for a in range(10):
                    gather(here, flat_nodes, np.uint64((b * 10 + a) * LANES), u, np.uint64(3 * a * LANES))
                for n in range(LANES):
                    _lane(u, flat_geometry, b * 17 * LANES, n, three, four, kappa)
                for a in range(10):
                    scatter_add(out, flat_nodes, np.uint64((b * 10 + a) * LANES), u, np.uint64((30 + 3 * a) * LANES))


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_node_sums(slot_start, slots, forces, held, b, residual, y):
    """y[r, i] ← sum of the slots of node i, in the order listed, or b less that sum; 0 where held.

    slot_start (n + 1,) uint64, slots (s,) uint32, forces (r, s, WIDTH), held (n, 3) bool, b and y (r, n, 3), the same
    array when no residual is asked for.
    """
    n = np.uint64(slot_start.size - 1)
    for part in numba.prange(64):
        first, last = n * np.uint64(part) // np.uint64(64), n * np.uint64(part + 1) // np.uint64(64)
        for r in range(y.shape[0]):
            of_slots, of_nodes, right = forces[r], y[r], b[r]
            for i in range(first, last):
                sx = sy = sz = forces.dtype.type(0)
                for k in range(slot_start[i], slot_start[i + np.uint64(1)]):
                    s = slots[k]
                    sx += of_slots[s, 0]
                    sy += of_slots[s, 1]
                    sz += of_slots[s, 2]
                if residual:
                    sx, sy, sz = right[i, 0] - sx, right[i, 1] - sy, right[i, 2] - sz
                of_nodes[i, 0] = 0 if held[i, 0] else sx
                of_nodes[i, 1] = 0 if held[i, 1] else sy
                of_nodes[i, 2] = 0 if held[i, 2] else sz
