"""Removing the worst triangles of a surface, one point at a time."""

import numpy as np

from femsim.mesh.collapse import Collapsing
from femsim.mesh.surface import Surface

POOR = 0.35  # shape of a triangle (1 regular) that is worth removing: 0.35 is a height of a sixth of the base
FLAT = 0.97  # least cosine between a triangle's normal before and after
LONGEST = 2.0  # no edge longer than this share of the wanted length may arise


def tidied(surface: Surface, size: np.ndarray) -> Surface:
    """The surface with points taken out where that makes its worst triangles better; curves keep their points.

    A remesher leaves needles beside curves it may not touch. size (n,) is the wanted edge length [mm].
    """
    tidying = Collapsing(surface, size)
    shapes = [(tidying.shape(row), row) for row in range(surface.n_triangles)]
    for shape, row in sorted(entry for entry in shapes if entry[0] < POOR):
        if tidying.triangles[row] is None:
            continue
        best, chosen = max(tidying.shape(row), shape), None
        for goes in tidying.triangles[row]:
            if goes in tidying.next:
                continue
            for stays in tidying.neighbours(goes):
                if tidying.longest_after(goes, stays) > LONGEST * tidying.size[stays]:
                    continue
                worst = tidying.worst_after(goes, stays, FLAT)
                if worst is not None and worst > best:
                    best, chosen = worst, (goes, stays)
        if chosen:
            tidying.collapse(*chosen)
    return tidying.result()
