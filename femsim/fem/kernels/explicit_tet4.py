"""One explicit step of a TET4 mesh: nodal forces of the elements, then the motion of the nodes.

Chunks and lanes are those of `tet10_operator`: elements lie sorted in space, a chunk gathers its few nodes, sixteen
elements are worked on in the lanes of the vector unit, and every chunk leaves its forces in its own stretch of a
buffer, which a second kernel adds up node by node in a fixed order. No sum depends on how many threads there are.

Motion is kept in double precision. A chunk subtracts the motion of its first node before it goes over to the precision
of its elements: what they see is small however far the bone has moved.
"""

import numba
import numpy as np

from femsim.fem.kernels.lanes import LANES, WIDTH, gather, scatter_add

PARTS = 64

_inlined = numba.njit(fastmath=True, error_model="numpy", forceinline=True)


@_inlined
def _lane(u, n):
    """Rows 23…34 of u ← nodal forces of lane n under rows 11…22, with the geometry in rows 0…10.

    One flat array for all, so that the compiler sees that no store can meet a later load. With the geometry in another
    it asks at run time, falls back to single numbers where the answer is unclear, and rounds differently.
    """
    # fmt: off
    g0x, g0y, g0z = u[0 * LANES + n], u[1 * LANES + n], u[2 * LANES + n]
    g1x, g1y, g1z = u[3 * LANES + n], u[4 * LANES + n], u[5 * LANES + n]
    g2x, g2y, g2z = u[6 * LANES + n], u[7 * LANES + n], u[8 * LANES + n]
    lam, mu = u[9 * LANES + n], u[10 * LANES + n]
    ax, ay, az = u[11 * LANES + n], u[12 * LANES + n], u[13 * LANES + n]
    bx, by, bz = u[14 * LANES + n] - ax, u[15 * LANES + n] - ay, u[16 * LANES + n] - az
    cx, cy, cz = u[17 * LANES + n] - ax, u[18 * LANES + n] - ay, u[19 * LANES + n] - az
    dx, dy, dz = u[20 * LANES + n] - ax, u[21 * LANES + n] - ay, u[22 * LANES + n] - az
    # fmt: on
    xx = bx * g0x + cx * g1x + dx * g2x
    yy = by * g0y + cy * g1y + dy * g2y
    zz = bz * g0z + cz * g1z + dz * g2z
    xy = mu * (bx * g0y + cx * g1y + dx * g2y + by * g0x + cy * g1x + dy * g2x)
    yz = mu * (by * g0z + cy * g1z + dy * g2z + bz * g0y + cz * g1y + dz * g2y)
    xz = mu * (bx * g0z + cx * g1z + dx * g2z + bz * g0x + cz * g1x + dz * g2x)
    trace = lam * (xx + yy + zz)
    two_mu = mu + mu
    xx, yy, zz = trace + two_mu * xx, trace + two_mu * yy, trace + two_mu * zz
    px, py, pz = xx * g0x + xy * g0y + xz * g0z, xy * g0x + yy * g0y + yz * g0z, xz * g0x + yz * g0y + zz * g0z
    qx, qy, qz = xx * g1x + xy * g1y + xz * g1z, xy * g1x + yy * g1y + yz * g1z, xz * g1x + yz * g1y + zz * g1z
    rx, ry, rz = xx * g2x + xy * g2y + xz * g2z, xy * g2x + yy * g2y + yz * g2z, xz * g2x + yz * g2y + zz * g2z
    u[23 * LANES + n], u[24 * LANES + n], u[25 * LANES + n] = -(px + qx + rx), -(py + qy + ry), -(pz + qz + rz)
    u[26 * LANES + n], u[27 * LANES + n], u[28 * LANES + n] = px, py, pz
    u[29 * LANES + n], u[30 * LANES + n], u[31 * LANES + n] = qx, qy, qz
    u[32 * LANES + n], u[33 * LANES + n], u[34 * LANES + n] = rx, ry, rz


@numba.njit(cache=True, parallel=True, fastmath=True, error_model="numpy")
def fill_chunk_forces(batch_start, local_nodes, geometry, node_start, chunk_nodes, u, forces):
    """forces[s] ← force of slot s under u; slots node_start[c]…node_start[c+1] are the nodes of chunk c.

    batch_start (c + 1,) int64; local_nodes (batches, 4, LANES) uint16, slot within the chunk; geometry
    (batches, 11, LANES): ∇λ1…∇λ3, then λ and μ times the volume; node_start (c + 1,) int64; chunk_nodes (slots,)
    uint32; u (n, 3) double; forces (slots, WIDTH) of the type of geometry, the last number of each meaningless.
    """
    flat_geometry, flat_nodes = geometry.reshape(-1), local_nodes.reshape(-1)
    for c in numba.prange(batch_start.size - 1):
        first, last = node_start[c], node_start[c + 1]
        here = np.zeros(WIDTH * (last - first), geometry.dtype)
        lanes = np.empty(35 * LANES, geometry.dtype)
        out = forces[first:last].reshape(-1)
        out[:] = 0
        j = chunk_nodes[first]
        ox, oy, oz = u[j, 0], u[j, 1], u[j, 2]
        for s in range(last - first):
            j = chunk_nodes[first + s]
            here[WIDTH * s], here[WIDTH * s + 1], here[WIDTH * s + 2] = u[j, 0] - ox, u[j, 1] - oy, u[j, 2] - oz
        for b in range(batch_start[c], batch_start[c + 1]):
            start = b * 11 * LANES
            for k in range(11 * LANES):
                lanes[k] = flat_geometry[start + k]
            for a in range(4):
                gather(here, flat_nodes, np.uint64((b * 4 + a) * LANES), lanes, np.uint64((11 + 3 * a) * LANES))
            for n in range(LANES):
                _lane(lanes, n)
            for a in range(4):
                scatter_add(out, flat_nodes, np.uint64((b * 4 + a) * LANES), lanes, np.uint64((23 + 3 * a) * LANES))


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_internal(slot_start, slots, forces, internal):
    """internal[i] ← sum of the slots of node i, in the order listed; internal (n, 3) double."""
    n = np.uint64(slot_start.size - 1)
    for part in numba.prange(PARTS):
        first, last = n * np.uint64(part) // np.uint64(PARTS), n * np.uint64(part + 1) // np.uint64(PARTS)
        for i in range(first, last):
            fx = fy = fz = 0.0
            for k in range(slot_start[i], slot_start[i + np.uint64(1)]):
                s = slots[k]
                fx += forces[s, 0]
                fy += forces[s, 1]
                fz += forces[s, 2]
            internal[i, 0], internal[i, 1], internal[i, 2] = fx, fy, fz


@numba.njit(cache=True, parallel=True, error_model="numpy")
def take_step(slot_start, slots, forces, given, inverse_mass, before, step, drag, u, v, partial):
    """Moves every node by a central difference and adds up energies; returns nothing.

    v ← ((1 - drag·before/2) v + before · (given - internal) / m) / (1 + drag·before/2), then u += step · v.

    slot_start (n + 1,) uint64, slots (s,) uint32, forces (s, WIDTH); given (n, 3) all other forces [N]; inverse_mass
    (n, 3) [1/tonne], 0 where held; before, step [s]: mean of the steps to either side, and the next; drag [1/s] of
    Rayleigh's mass part; u, v (n, 3), v half a step behind u. partial (PARTS, 2): kinetic energy ½ v·M v of the old
    and the new v, which together with the energy stored in u is what the scheme keeps; power of the drag.
    """
    n = np.uint64(slot_start.size - 1)
    half = 0.5 * drag * before
    for part in numba.prange(PARTS):
        first, last = n * np.uint64(part) // np.uint64(PARTS), n * np.uint64(part + 1) // np.uint64(PARTS)
        kinetic = dragged = 0.0
        f = np.empty(3)
        for i in range(first, last):
            f[0] = f[1] = f[2] = 0.0
            for k in range(slot_start[i], slot_start[i + np.uint64(1)]):
                s = slots[k]
                f[0] += forces[s, 0]
                f[1] += forces[s, 1]
                f[2] += forces[s, 2]
            for d in range(3):
                inverse = inverse_mass[i, d]
                if inverse > 0:
                    old = v[i, d]
                    new = ((1 - half) * old + before * inverse * (given[i, d] - f[d])) / (1 + half)
                    kinetic += old * new / inverse
                    dragged += (old + new) * (old + new) / inverse
                    v[i, d] = new
                    u[i, d] += step * new
        partial[part, 0], partial[part, 1] = 0.5 * kinetic, 0.25 * drag * dragged
