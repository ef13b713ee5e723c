"""Orthotropic stiffness turned from the material's axes to the global ones."""

import numba
import numpy as np

PAIRS = np.array([[0, 0], [1, 1], [2, 2], [0, 1], [1, 2], [0, 2]])  # XX YY ZZ XY YZ XZ


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_turned(local, axes, constants):
    """constants[k] ← upper triangle, row by row, of Nᵀ C N in global axes, engineering shear; C is orthotropic.

    local (k, 9): C11 C22 C33 C12 C23 C13 G12 G23 G13 in the material's axes; axes (k, 3, 3), rows are the material
    directions; constants (k, 21). N takes global to material strain.
    """
    size = local.shape[0]
    for part in numba.prange(64):
        turn = np.empty((6, 6))
        turned = np.empty((6, 6))
        for k in range(size * part // 64, size * (part + 1) // 64):
            for m in range(6):
                a, b = PAIRS[m, 0], PAIRS[m, 1]
                for p in range(6):
                    i, j = PAIRS[p, 0], PAIRS[p, 1]
                    value = axes[k, a, i] * axes[k, b, j]
                    if (i != j) != (a != b):
                        turn[m, p] = value if a == b else 2 * value
                    elif i != j:
                        turn[m, p] = value + axes[k, a, j] * axes[k, b, i]
                    else:
                        turn[m, p] = value
            c11, c22, c33 = local[k, 0], local[k, 1], local[k, 2]
            c12, c23, c13 = local[k, 3], local[k, 4], local[k, 5]
            for p in range(6):
                first, second, third = turn[0, p], turn[1, p], turn[2, p]
                turned[0, p] = c11 * first + c12 * second + c13 * third
                turned[1, p] = c12 * first + c22 * second + c23 * third
                turned[2, p] = c13 * first + c23 * second + c33 * third
                for m in range(3, 6):
                    turned[m, p] = local[k, 3 + m] * turn[m, p]
            place = 0
            for i in range(6):
                for j in range(i, 6):
                    total = 0.0
                    for m in range(6):
                        total += turn[m, i] * turned[m, j]
                    constants[k, place] = total
                    place += 1
