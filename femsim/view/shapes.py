"""Cuts and skins of a body, as polygons that remember the element each came from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.view.scene import Body

ROW = "row"  # name of the array that carries the element of each polygon
TETRA = 10  # VTK_TETRA


@dataclass(frozen=True)
class Polygons:
    """Flat pieces to draw.

    surface : pyvista.PolyData; element_of : (p,) row of the body's elements for each polygon.
    """

    surface: Any
    element_of: np.ndarray


def grid(body: Body, elements: np.ndarray) -> Any:
    """pyvista.UnstructuredGrid of the chosen elements (bool or rows), with their rows as cell data."""
    import pyvista

    rows = np.flatnonzero(elements) if elements.dtype == bool else elements
    cells = np.hstack([np.full((len(rows), 1), 4), body.corners[rows]]).astype(np.int64).ravel()
    made = pyvista.UnstructuredGrid(cells, np.full(len(rows), TETRA, np.uint8), body.points)
    made.cell_data[ROW] = rows
    return made


def cut(body: Body, elements: np.ndarray, normal: np.ndarray, origin=(0.0, 0.0, 0.0)) -> Polygons:
    """The section of the chosen elements with a plane."""
    import pyvista

    # Only the elements that the plane meets: the slicer then has a hundredth of the work.
    side = (body.points - np.asarray(origin)) @ normal
    of_corner = side[body.corners]
    met = elements & (of_corner.min(axis=1) <= 0) & (of_corner.max(axis=1) >= 0)
    if not met.any():
        return Polygons(pyvista.PolyData(), np.empty(0, np.int64))
    section = grid(body, met).slice(normal=normal, origin=origin)
    return Polygons(section, np.asarray(section.cell_data[ROW], np.int64))


def skin(body: Body, elements: np.ndarray) -> Polygons:
    """The outer faces of the chosen elements."""
    import pyvista

    if not elements.any():
        return Polygons(pyvista.PolyData(), np.empty(0, np.int64))
    faces = grid(body, elements).extract_surface(algorithm="geometry")
    return Polygons(faces, np.asarray(faces.cell_data[ROW], np.int64))


def behind(body: Body, normal: np.ndarray, origin=(0.0, 0.0, 0.0)) -> Any:
    """The skin of what lies behind a plane, pyvista.PolyData."""
    middles = body.points[body.corners].mean(axis=1)
    half = skin(body, (middles - np.asarray(origin)) @ normal < 0).surface
    return half.clip(normal=normal, origin=origin) if half.n_cells else half


def outline(polygons: Polygons) -> Any:
    """The rim of a section, as lines."""
    return polygons.surface.clean().extract_feature_edges(
        boundary_edges=True, feature_edges=False, manifold_edges=False, non_manifold_edges=False
    )
