"""The surfaces of femora on a map, and how many of them a page has room for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from femsim.view.figures.section import levelled
from femsim.view.map_panels import Panel
from femsim.view.shapes import ROW, behind, cut, skin

OUTSIDE, CUT = "outside", "cut"
THINNED = 0.85  # share of the triangles behind a cut that are merged away where there is little room
ENOUGH = 0.7  # share of the room that surfaces and one field may take before what lies behind the cut is made coarser
BASE64 = 4 / 3
# Surface → its parts: polygons with the element of each, and whether light falls on them.
Surfaces = Mapping[str, Sequence[tuple[Any, bool]]]


def surfaces_of(panel: Panel) -> Surfaces:
    """The outside of a panel's body, and its cut through neck and shaft."""
    whole = np.ones(len(panel.body.corners), bool)
    level, normal = levelled(panel.scene, panel.body), panel.scene.cut_normal
    # The section first: what lies behind it is pale and has no values.
    parts = [(cut(level, whole, normal).surface, False), (behind(level, normal), True)]
    return {OUTSIDE: [(skin(panel.body, whole).surface, True)], CUT: parts}


def fitting(panels: tuple[Panel, ...], surfaces: list[Surfaces], room: int) -> tuple[tuple[Panel, ...], list[Surfaces]]:
    """As many panels as there is room for with one field at least."""
    if bytes_of_surfaces(surfaces) + bytes_of_values(surfaces) > ENOUGH * room:
        surfaces = [{**of, CUT: [of[CUT][0], (_thinned(of[CUT][1][0]), True)]} for of in surfaces]
    n = len(panels)
    while n > 1 and bytes_of_surfaces(surfaces[:n]) + bytes_of_values(surfaces[:n]) > room:
        n -= 1
    return panels[:n], surfaces[:n]


def _thinned(surface: Any) -> Any:
    """Fewer triangles; it has no values, so that their elements need not be known."""
    if not surface.n_cells:
        return surface
    thin = surface.triangulate().decimate(THINNED)
    thin.cell_data[ROW] = np.zeros(thin.n_cells, np.int64)
    return thin


def bytes_of_surfaces(surfaces: Sequence[Surfaces]) -> float:
    """Of their points and triangles on a page."""
    parts = [surface for of in surfaces for parts in of.values() for surface, _ in parts]
    return BASE64 * sum(12 * surface.n_points + 16 * _n_triangles(surface) for surface in parts)


def bytes_of_values(surfaces: Sequence[Surfaces]) -> float:
    """Of one field on a page; only the first part of a surface has values."""
    return BASE64 * sum(4 * _n_triangles(parts[0][0]) for of in surfaces for parts in of.values())


def _n_triangles(surface: Any) -> int:
    """That its polygons are cut into."""
    return len(surface.faces) - 3 * surface.n_cells if surface.n_cells else 0
