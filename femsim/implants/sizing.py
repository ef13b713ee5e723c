"""How long the edges of the mesh should be, and where."""

import numpy as np
from scipy.spatial import cKDTree

from femsim.implants.solids import NOTHING, Solids

NEAR_IMPLANT = 0.6  # edge at the mantle and the stem, as a share of the wanted size
IN_SHAFT = 1.5  # edge far from the implant, as a share of the wanted size
ROUND = 0.35  # … and never more than this share of the radius of what it goes around: 18 edges on a circle
THROUGH = 2.2  # edge beside a thin layer, as a share of its thickness: flatter elements are poor
GROWTH = 0.3  # mm of edge per mm of distance from the implant


def edge_length(points: np.ndarray, solids: Solids, size: float) -> np.ndarray:
    """(n,) wanted edge length [mm] at points (n, 3): short at the implant, growing with the distance from it."""
    wanted = np.full(len(points), IN_SHAFT * size if solids.tool else size)
    for sheet in solids.all_sheets:
        if NOTHING in (sheet.left, sheet.right):
            continue
        edge = min(NEAR_IMPLANT * size, ROUND * sheet.shape.reach)
        if sheet.thickness is not None:
            edge = min(edge, THROUGH * sheet.thickness)
        samples = sheet.shape.surface(size / 2, n_around=48).points
        wanted = np.minimum(wanted, _growing(points, samples, edge))
    for places, share in solids.fine:
        wanted = np.minimum(wanted, _growing(points, places, share * size))
    return wanted


def _growing(points: np.ndarray, places: np.ndarray, edge: float) -> np.ndarray:
    """(n,) an edge length at some places, growing with the distance from the nearest."""
    return edge + GROWTH * np.maximum(cKDTree(places).query(points)[0] - edge / 2, 0.0)
