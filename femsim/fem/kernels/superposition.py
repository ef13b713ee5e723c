"""Principal values of sums of tensor fields, without the sums ever lying in memory."""

import math

import numba


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_extreme_principal(fields, loads, factors, smallest, largest):
    """smallest[k], largest[k] ← extreme principal values of the tensor Σ_a factors[a] fields[k, loads[a]].

    fields (k, b, 6), components XX YY ZZ XY YZ XZ with true shear; loads (a,) int64, factors (a,); smallest, largest
    (k,).
    """
    n, a = fields.shape[0], loads.size
    third = 2.0 * math.pi / 3.0
    for part in numba.prange(64):
        for k in range(n * part // 64, n * (part + 1) // 64):
            xx = yy = zz = xy = yz = xz = 0.0
            for j in range(a):
                i, f = loads[j], factors[j]
                xx += f * fields[k, i, 0]
                yy += f * fields[k, i, 1]
                zz += f * fields[k, i, 2]
                xy += f * fields[k, i, 3]
                yz += f * fields[k, i, 4]
                xz += f * fields[k, i, 5]
            mean = (xx + yy + zz) / 3.0
            xx -= mean
            yy -= mean
            zz -= mean
            square = (xx * xx + yy * yy + zz * zz + 2.0 * (xy * xy + yz * yz + xz * xz)) / 6.0
            radius = math.sqrt(square)
            if radius <= 0.0:
                smallest[k] = largest[k] = mean
                continue
            determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
            cosine = min(1.0, max(-1.0, determinant / (2.0 * square * radius)))
            angle = math.acos(cosine) / 3.0
            largest[k] = mean + 2.0 * radius * math.cos(angle)
            smallest[k] = mean + 2.0 * radius * math.cos(angle + third)
