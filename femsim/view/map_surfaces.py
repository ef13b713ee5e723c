"""The surfaces of femora on a map, and how many of them a page has room for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from femsim.view.figures.section import levelled
from femsim.view.map_panels import Panel
from femsim.view.shapes import behind, cut, skin

OUTSIDE, CUT = "outside", "cut"
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


def fitting(
    panels: tuple[Panel, ...], surfaces: list[Surfaces], n_fields: int, room: int
) -> tuple[tuple[Panel, ...], list[Surfaces]]:
    """As many panels as there is room for with one field at least; where not all fields fit, a shell behind the cut."""
    if bytes_of_surfaces(surfaces) + n_fields * bytes_of_values(surfaces) > room:
        surfaces = [{**of, CUT: [of[CUT][0], (_shell(panel), True)]} for panel, of in zip(panels, surfaces)]
    n = len(panels)
    while n > 1 and bytes_of_surfaces(surfaces[:n]) + bytes_of_values(surfaces[:n]) > room:
        n -= 1
    return panels[:n], surfaces[:n]


def _shell(panel: Panel) -> Any:
    """The outside behind the cut alone: a third of the triangles; the section hides that there is nothing in it."""
    level, normal = levelled(panel.scene, panel.body), panel.scene.cut_normal
    outside = skin(level, np.ones(len(level.corners), bool)).surface
    return outside.clip(normal=normal, origin=(0.0, 0.0, 0.0)) if outside.n_cells else outside


def bytes_of_surfaces(surfaces: Sequence[Surfaces]) -> float:
    """Of their points and triangles on a page."""
    found = 0
    for parts in (parts for of in surfaces for parts in of.values()):
        n_points = sum(surface.n_points for surface, _ in parts)
        n_triangles = sum(_n_triangles(surface) for surface, _ in parts)
        found += 12 * n_points + (3 * row_kind(n_points).itemsize + 4) * n_triangles
    return BASE64 * found


def row_kind(n_points: int) -> np.dtype:
    """The smallest kind of number that counts the points of a surface."""
    return np.dtype("<u2" if n_points < 2**16 else "<u4")


def bytes_of_values(surfaces: Sequence[Surfaces]) -> float:
    """Of one field on a page; only the first part of a surface has values."""
    return BASE64 * sum(4 * _n_triangles(parts[0][0]) for of in surfaces for parts in of.values())


def _n_triangles(surface: Any) -> int:
    """That its polygons are cut into."""
    return len(surface.faces) - 3 * surface.n_cells if surface.n_cells else 0
