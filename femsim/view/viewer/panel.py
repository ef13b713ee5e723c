"""One femur in one part of the window: its skin, its section, outlines and arrows, changed in place."""

from typing import Any

import numpy as np

from femsim.view.figures.loads import Arrow
from femsim.view.figures.section import RIM
from femsim.view.viewer.arrows import arrow_surface
from femsim.view.viewer.surfaces import Section, Skin, border

EDGE, OUTLINED = (0.25, 0.25, 0.25), (0.85, 0.0, 0.55)
# As in `femsim.view.canvas`: a lit skin, a section in the exact colours of the legend.
LIT = {"ambient": 0.4, "diffuse": 0.65}


class Panel:
    """The actors of one renderer.

    renderer : of pyvista. Camera and plane are shared with the other panels.
    """

    def __init__(self, renderer: Any, plane: Any):
        self.renderer, self._plane = renderer, plane
        self.skin_data, self._skin = _data(), None
        self.skin_actor = _actor(self.skin_data, lit=True)
        self.cap_data = _data()
        self.cap_actor = _actor(self.cap_data, lit=False)
        # A section lies in the plane that the skin is cut by: which of the two is drawn must not be left to rounding.
        self.cap_actor.GetMapper().SetResolveCoincidentTopologyToPolygonOffset()
        self.rim_data, self.zone_data = _data(), _data()
        self._lines = [_line_actor(self.rim_data, RIM, 1.4), _line_actor(self.zone_data, OUTLINED, 3.0)]
        self.cap_rows = np.empty(0, np.int64)
        self.arrow_data = _data()
        arrows = _actor(self.arrow_data, lit=True)
        arrows.PickableOff()
        for actor in (self.skin_actor, self.cap_actor, *self._lines, arrows):
            renderer.AddActor(actor)
        self._cut = False

    @property
    def skin_rows(self) -> np.ndarray:
        """(t,) element of each face of the skin."""
        return self._skin.element_of if self._skin is not None else np.empty(0, np.int64)

    def set_skin(self, skin: Skin, points: np.ndarray) -> None:
        """Draw another skin; points (n, 3) of the whole body."""
        self._skin = skin
        self.skin_data.SetPolys(_cells(skin.triangles))
        self.move_skin(points)

    def move_skin(self, points: np.ndarray) -> None:
        """Draw the same skin elsewhere; points (n, 3) of the whole body."""
        _set_points(self.skin_data, points[self._skin.points])

    def set_section(self, section: Section | None, points: np.ndarray, part_of: np.ndarray) -> None:
        """Draw a section, or none, with a line around each part.

        points : (n, 3) of the whole body; part_of : (e,) number of the part that each element belongs to.
        """
        self.cap_rows = np.empty(0, np.int64)
        self.cap_data.Initialize()
        self.rim_data.Initialize()
        if section is None or not len(section.triangles):
            return
        self.cap_rows = section.element_of
        part = part_of[section.element_of]
        at = section.points(points)
        _set_points(self.cap_data, at)
        self.cap_data.SetPolys(_cells(section.triangles))
        _set_points(self.rim_data, at)
        self.rim_data.SetLines(_cells(np.concatenate([border(section.triangles[part == n]) for n in np.unique(part)])))

    def set_cut(self, cut: bool) -> None:
        """Whether the plane takes away what lies before it."""
        if cut == self._cut:
            return
        self._cut = cut
        for actor in (self.skin_actor, self._lines[1]):
            mapper = actor.GetMapper()
            mapper.RemoveAllClippingPlanes()
            if cut:
                mapper.AddClippingPlane(self._plane)

    def colour(self, skin: np.ndarray, cap: np.ndarray) -> None:
        """Colours (t, 3) and (c, 3) uint8 of the faces."""
        _set_colours(self.skin_data, skin)
        _set_colours(self.cap_data, cap)

    def set_outlined(self, chosen: np.ndarray, points: np.ndarray) -> None:
        """Draw the border of faces of the skin, chosen (t,) bool; points (n, 3) of the whole body."""
        self.zone_data.Initialize()
        if self._skin is None or not chosen.any():
            return
        _set_points(self.zone_data, points[self._skin.points])
        self.zone_data.SetLines(_cells(border(self._skin.triangles[chosen])))

    def set_edges(self, edges: bool) -> None:
        """Whether the sides of the faces are drawn."""
        for actor in (self.skin_actor, self.cap_actor):
            actor.GetProperty().SetEdgeVisibility(edges)

    def set_arrows(self, arrows: list[Arrow]) -> None:
        """Draw forces."""
        points, triangles, colours = arrow_surface(arrows)
        _set_points(self.arrow_data, points)
        self.arrow_data.SetPolys(_cells(triangles))
        _set_colours(self.arrow_data, colours)

    def rows_of(self, actor: Any) -> np.ndarray | None:
        """Element of each cell of what was picked; None where it is no bone or implant."""
        return {id(self.skin_actor): self.skin_rows, id(self.cap_actor): self.cap_rows}.get(id(actor))


def _data() -> Any:
    import pyvista

    return pyvista.PolyData()


def _actor(data: Any, *, lit: bool) -> Any:
    import pyvista
    from vtkmodules.vtkRenderingCore import vtkPolyDataMapper

    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetScalarModeToUseCellData()
    mapper.SetColorModeToDirectScalars()
    actor = pyvista.Actor()
    actor.SetMapper(mapper)
    looks = actor.GetProperty()
    looks.SetInterpolationToFlat()
    looks.SetLighting(lit)
    looks.SetEdgeColor(*EDGE)
    looks.SetAmbient(LIT["ambient"] if lit else 0.0)
    looks.SetDiffuse(LIT["diffuse"] if lit else 1.0)
    return actor


def _line_actor(data: Any, colour: tuple[float, float, float], width: float) -> Any:
    actor = _actor(data, lit=False)
    actor.GetMapper().ScalarVisibilityOff()
    actor.GetMapper().SetResolveCoincidentTopologyToPolygonOffset()
    actor.GetMapper().SetRelativeCoincidentTopologyLineOffsetParameters(0.0, -4.0)
    actor.GetProperty().SetColor(*colour)
    actor.GetProperty().SetLineWidth(width)
    actor.PickableOff()
    return actor


def _cells(rows: np.ndarray) -> Any:
    """Polygons or lines (t, k) as VTK has them."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkCellArray

    cells, wide = vtkCellArray(), rows.shape[1]
    ends = np.arange(0, wide * len(rows) + 1, wide, dtype=np.int32)
    cells.SetData(numpy_to_vtk(ends, deep=True), numpy_to_vtk(np.ascontiguousarray(rows, np.int32).ravel(), deep=True))
    return cells


def _set_points(data: Any, points: np.ndarray) -> None:
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkPoints

    held = vtkPoints()
    held.SetData(numpy_to_vtk(np.ascontiguousarray(points, np.float32), deep=True))
    data.SetPoints(held)
    data.Modified()


def _set_colours(data: Any, colours: np.ndarray) -> None:
    from vtkmodules.util.numpy_support import numpy_to_vtk

    held = numpy_to_vtk(np.ascontiguousarray(colours), deep=True)
    held.SetName("colour")
    data.GetCellData().SetScalars(held)
    data.Modified()
