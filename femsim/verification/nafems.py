"""The plate between two ellipses that NAFEMS tests LE1 and LE10 share."""

import numpy as np

from femsim.mesh.mesh import Mesh
from femsim.verification.mapped import mapped_box
from femsim.verification.shapes import graded

SOURCE = "NAFEMS, The Standard NAFEMS Benchmarks (1990)"
D = (2000.0, 0.0)  # the point of interest, at the tip of the inner ellipse [mm]
STEEL = (210_000.0, 0.3)  # MPa, -


def elliptic_plate(across: int, along: int, heights_mm: np.ndarray, *, ratio: float) -> Mesh:
    """A quarter of the plate between ellipses of half axes (2, 1) m and (3.25, 2.75) m, curved TET10.

    across, along : cells from ellipse to ellipse and along them.
    heights_mm : z of the grid's planes.
    ratio : of the last cell to the first, counted from the inner ellipse.

    Surfaces: "inner", "outer", symmetry planes "x0", "y0", and "bottom", "top".
    """

    def mapping(p):
        s, angle, z = p[:, 0], p[:, 1] * np.pi / 2, p[:, 2]
        x, y = (2000 + 1250 * s) * np.cos(angle), (1000 + 1750 * s) * np.sin(angle)
        return np.column_stack([x, y, z])

    faces = ("inner", "outer", "y0", "x0", "bottom", "top")
    return mapped_box((graded(0, 1, across, ratio), along, heights_mm), mapping, faces)
