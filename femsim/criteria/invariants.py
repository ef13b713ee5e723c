"""What of a stress does not depend on the frame: its trace, and the size of its deviator."""

import numpy as np


def trace_and_j2(stress: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """I1 [MPa] and J2 [MPa²] (…) of stresses (…, 6), components XX YY ZZ XY YZ XZ."""
    xx, yy, zz, xy, yz, xz = np.moveaxis(np.asarray(stress, float), -1, 0)
    j2 = ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) / 6.0 + xy * xy + yz * yz + xz * xz
    return xx + yy + zz, j2
