"""The window's picture: up to four femora side by side, one camera, one plane, one scale of colours."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.view.canvas import Eye, eye_on
from femsim.view.eyes import VIEWS, on_paper, place, plane_of
from femsim.view.field_scale import FieldScale, field_scale
from femsim.view.fields import less_intact
from femsim.view.figures.loads import Arrow, arrows_of
from femsim.view.figures.section import colour_of
from femsim.view.viewer.opened import ACTIVITY, DIFFERENCE, OpenedRun, Shape, unit_of
from femsim.view.viewer.panel import Panel
from femsim.view.viewer.shown import FREE, MOST_PANELS, WHOLE, Camera, View
from femsim.view.viewer.surfaces import section_of, skin_of

FAR, NEAR_CLIP, FAR_CLIP = 600.0, 1.0, 2500.0  # mm from the eye to the femur, and what it sees
MARGIN = 0.05  # of the picture, around what is seen
SAME_SHAPE = 0.02


@dataclass(frozen=True)
class Spot:
    """Where a pointer met a femur. panel : of the view; row : element; point : (3,) [mm] of the undeformed body."""

    panel: str
    row: int
    point: np.ndarray


@dataclass
class _Drawn:
    """What a panel shows now, so that only what differs is made anew."""

    shape: Shape
    shown: np.ndarray
    points: np.ndarray


class Stage:
    """Draws views of the runs that are open.

    live : model → values (e,) of the field "risk_factor" that stand for the stored ones, of the first run; or None.
    live_forces : {"channel", "site", "point", "force"} of the load that they are of.
    live_name : of its activity; a difference keeps its scale until that changes.

    Parameters
    ----------
    runs : at least one.
    plotter : of pyvista, with MOST_PANELS renderers beside one another.
    share : of the window's width that the panels take, from its left.
    """

    def __init__(self, runs: Sequence[OpenedRun], plotter: Any, share: float = 1.0):
        from vtkmodules.vtkCommonDataModel import vtkPlane

        self.plotter, self._share = plotter, share
        self._plane = vtkPlane()
        plotter.render_window.SetMultiSamples(0)  # three times as many pictures a second without a graphics card
        self.panels = [Panel(renderer, self._plane) for renderer in list(plotter.renderers)[:MOST_PANELS]]
        self.camera = self.panels[0].renderer.camera
        for panel in self.panels:
            _furnish(panel.renderer, self.camera)
        self.open(runs)
        self.look("frontal")
        plotter.render_window.AddObserver("WindowResizeEvent", lambda *_: self._resized())

    def open(self, runs: Sequence[OpenedRun]) -> None:
        """Show other runs from now on; the eye stays where it is."""
        self.runs = tuple(runs)
        self.live: Mapping[str, np.ndarray] | None = None
        self.live_forces: Sequence[Mapping[str, Any]] = ()
        self.live_name = ""
        self._scales: dict[tuple, FieldScale] = {}
        self._able: dict[str, dict[str, Any]] = {}
        self._view: View | None = None
        self._drawn: dict[int, _Drawn] = {}

    # -- what there is

    def able(self, course: str) -> dict[str, Any]:
        """What `shown.changed` may choose from, over a course."""
        if course not in self._able:
            self._able[course] = self._found(course)
        return self._able[course]

    def _found(self, course: str) -> dict[str, Any]:
        courses = dict.fromkeys(course for run in self.runs for course in run.courses)
        of = [run for run in self.runs if course in run.courses]
        bodies = [run.shape(ACTIVITY, model).body for run in self.runs for model in run.models]
        return {
            "panels": self.all_panels(course),
            "fields": tuple(dict.fromkeys(name for run in of for name in run.fields(course))),
            "courses": tuple(courses),
            "steps": max(run.n_steps(course) for run in of),
            "regions": tuple(dict.fromkeys(name for body in bodies for name in body.regions)),
            "zones": tuple(dict.fromkeys(name for body in bodies for name in body.zones)),
        }

    def all_panels(self, course: str) -> tuple[str, ...]:
        """Everything that a panel can show of a course."""
        return tuple(
            f"{row}:{model}" for row, run in enumerate(self.runs) for model in run.models if run.shows(course, model)
        )

    def first_view(self) -> View:
        """Where one begins: the femora of one run, or the operated ones of several, at the peak."""
        panels = self.all_panels(ACTIVITY)
        if len(self.runs) > 1:
            panels = tuple(f"{row}:{run.models[0]}" for row, run in enumerate(self.runs))
        else:
            panels = tuple(name for name in panels if not name.endswith(DIFFERENCE))
        return View(panels[:MOST_PANELS], self.runs[0].fields(ACTIVITY)[0], step=self.runs[0].peak)

    # -- drawing

    def show(self, view: View) -> None:
        """Draw a view."""
        before, camera = self._view, view.camera
        self._view = view = dataclasses.replace(view, camera=None)
        self._arrange(len(view.panels), None if before is None else len(before.panels))
        if camera is not None:
            self._place(camera)
        plane = self._set_plane(view)
        for number, name in enumerate(view.panels):
            self._show(number, name, view, before, plane)
        for number in range(len(view.panels), MOST_PANELS):
            self._drawn.pop(number, None)

    def _show(self, number: int, name: str, view: View, before: View | None, plane) -> None:
        run, model = self.of(name)
        panel, shape = self.panels[number], run.shape(view.course, model)
        scale, values = self.scale(view, model == DIFFERENCE), self.values(name, view)
        shown = self._chosen(shape, view, values, scale.factor)
        old = self._drawn.get(number)
        same = old is not None and old.shape is shape
        body = shape.body
        still = same and (view.times == before.times == 0 or (view.times, view.step) == (before.times, before.step))
        points = old.points if still else self._points(shape, view)
        same_shown = same and np.array_equal(old.shown, shown)
        if not same_shown:
            panel.set_skin(skin_of(body.corners, shape.across, shown), points)
        elif not still:
            panel.move_skin(points)
        cut_as_before = before is not None and _plane_words(view) == _plane_words(before) and plane is not None
        if not (same_shown and still and cut_as_before):
            section = None if plane is None else section_of(points, body.corners, shown, *plane)
            panel.set_section(section, points, body.region_of)
        panel.set_cut(plane is not None)
        self._drawn[number] = _Drawn(shape, shown, points)
        colours = (
            self._colours(shape, values, scale, panel.skin_rows),
            self._colours(shape, values, scale, panel.cap_rows),
        )
        panel.colour(*colours)
        panel.set_edges(view.edges)
        if not (same_shown and still and before.zone == view.zone):
            chosen = body.zone_of[panel.skin_rows] == _row(body.zones, view.zone)
            panel.set_outlined(chosen & body.bone[panel.skin_rows], points)
        panel.set_arrows(self._arrows(run, model, view))

    def _points(self, shape: Shape, view: View) -> np.ndarray:
        if not view.times:
            return shape.body.points
        return shape.body.points + np.float32(view.times) * shape.displacement(view.step)

    def _chosen(self, shape: Shape, view: View, values: np.ndarray, factor: float) -> np.ndarray:
        """(e,) bool: the elements that are to be seen."""
        body = shape.body
        chosen = ~body.in_region(*view.hidden_regions) if view.hidden_regions else np.ones(len(body.corners), bool)
        if view.hidden_zones:
            hidden = [row for row, zone in enumerate(body.zones) if zone in view.hidden_zones]
            chosen &= ~np.isin(body.zone_of, hidden)
        if view.only is not None:
            (low, high), shown_values = view.only, values * factor
            chosen &= ~np.isfinite(shown_values) | ((shown_values >= low) & (shown_values <= high))
        return chosen

    def _colours(self, shape: Shape, values: np.ndarray, scale: FieldScale, rows: np.ndarray) -> np.ndarray:
        """(t, 3) uint8 of the elements in rows: of their values, or of their material where they have none."""
        body, known = shape.body, values[rows]
        colours = scale.scale.colour(known.astype(np.float64) * scale.factor)
        plain = ~np.isfinite(known) & ~body.bone[rows]
        if plain.any():
            table = np.array([colour_of(region) for region in body.regions])
            colours[plain] = table[body.region_of[rows[plain]]]
        return np.round(colours * 255).astype(np.uint8)

    def values(self, panel: str, view: View) -> np.ndarray:
        """(e,) of what a panel shows, in the unit of the field."""
        run, model = self.of(panel)
        if run is self.runs[0] and self._is_live(view):
            return self._live_difference() if model == DIFFERENCE else self.live[model]
        return run.values(view.course, model, view.field, view.step)

    def _is_live(self, view: View) -> bool:
        return self.live is not None and view.field == "risk_factor" and view.course == ACTIVITY

    def _live_difference(self) -> np.ndarray:
        body = self.runs[0].shape(ACTIVITY, DIFFERENCE).body
        return less_intact(body, self.live["operated"], self.live["intact"])

    def scale(self, view: View, difference: bool) -> FieldScale:
        """One for all panels, and another one for all differences; the same at every step."""
        live = self.live_name if difference and self._is_live(view) else ""
        key = (view.course, view.field, difference, view.limits, live)
        if key not in self._scales:
            values = [self._live_difference()] if live else []
            for run in self.runs:
                if view.course in run.courses and not live:
                    step = run.peak if view.course == ACTIVITY else run.n_steps(view.course) - 1
                    models = [m for m in run.models if (m == DIFFERENCE) == difference and run.shows(view.course, m)]
                    values += [run.values(view.course, model, view.field, step) for model in models]
            unit = unit_of(self.runs[0], view.course, view.field)
            limits = None if difference else view.limits
            self._scales[key] = field_scale(view.field, unit, values, difference=difference, limits=limits)
        return self._scales[key]

    def _arrows(self, run: OpenedRun, model: str, view: View) -> list[Arrow]:
        if not view.arrows or model == DIFFERENCE or view.course != ACTIVITY:
            return []
        if self.live is not None and run is self.runs[0]:
            return arrows_of(self.live_forces, run.told["femur"]["head_radius_mm"])
        return self._forces(run, view.step)

    def _forces(self, run: OpenedRun, step: int | None) -> list[Arrow]:
        """At a step, or at the peak."""
        loads, told = run.told["loads"], run.told["loads"].get("arrows", [])
        stored = loads.get("stored_forces_n")
        if step is not None and stored is not None:
            told = [{**arrow, "force": stored[arrow["channel"]][step]} for arrow in told]
        elif step is not None and step != run.peak:
            told = []  # an older run tells the forces of its peak alone
        sizes = [size for one in self.runs for size in one.told["loads"].get("force_n", {}).values()]
        largest = max(map(max, sizes), default=None)
        return arrows_of(told, run.told["femur"]["head_radius_mm"], largest) if told else []

    def of(self, panel: str) -> tuple[OpenedRun, str]:
        """The run and the model of a panel."""
        row, _, model = panel.partition(":")
        return self.runs[int(row)], model

    # -- the plane

    def plane(self, view: View) -> tuple[np.ndarray, np.ndarray] | None:
        """Unit normal towards what is taken away, and a point [mm]; None where nothing is cut."""
        if view.plane == WHOLE:
            return None
        scene = self.runs[0].scene
        if view.plane == FREE:
            turn, tilt = np.radians((view.turn, view.tilt))
            normal = np.array([np.sin(turn) * np.cos(tilt), np.cos(turn) * np.cos(tilt), np.sin(tilt)])
            point = place(scene, "neck_centre") + view.offset * normal
        else:
            normal, point = plane_of(scene, f"{view.plane}:{view.offset}")
        return (-normal if view.flipped else normal), point

    def _set_plane(self, view: View):
        plane = self.plane(view)
        if plane is not None:
            self._plane.SetNormal(*-plane[0])
            self._plane.SetOrigin(*plane[1])
        return plane

    # -- the eye

    def look(self, name: str) -> None:
        """From a named direction, all of the femur."""
        self._fit(VIEWS[name](self.runs[0].scene), None)

    def _fit(self, towards: np.ndarray, up: np.ndarray | None) -> None:
        """All of the femora and their forces, from a direction."""
        up = on_paper(towards)[1] if up is None else up
        points = [run.shape(ACTIVITY, run.models[0]).body.points for run in self.runs]
        forces = [arrow for run in self.runs for arrow in self._forces(run, None)]
        points = np.concatenate([*points, np.array([arrow.free for arrow in forces]).reshape(-1, 3)])
        eye = eye_on(points, np.cross(up, towards), up, margin=MARGIN)
        wide, tall = self._panel_size()
        half = max(eye.half_height, eye.half_width * tall / wide)
        self._place(Camera(tuple(towards), tuple(up), tuple(eye.centre), half))
        self._fitted = half, wide / tall

    def _resized(self) -> None:
        """The window has another shape: all is to be seen again, unless somebody has come nearer since."""
        half, shape = self._fitted
        wide, tall = self._panel_size()
        # While something moves pictures are smaller, but of the same shape.
        if abs(wide / tall / shape - 1.0) > SAME_SHAPE and self.camera.GetParallelScale() == half:
            seen = self.seen_from
            self._fit(np.array(seen.towards), np.array(seen.up))

    @property
    def seen_from(self) -> Camera:
        """Where the eye is now."""
        camera, centre = self.camera, np.array(self.camera.GetFocalPoint())
        towards = np.array(camera.GetPosition()) - centre
        towards = towards / np.linalg.norm(towards)
        up = np.array(camera.GetViewUp())
        up = up - (up @ towards) * towards
        up = up / np.linalg.norm(up)
        return Camera(*(tuple(float(x) for x in one) for one in (towards, up, centre)), camera.GetParallelScale())

    @property
    def eye(self) -> Eye:
        """The same for a page; its half width is that of a panel."""
        seen, (wide, tall) = self.seen_from, self._panel_size()
        towards, up, centre = (np.array(one) for one in (seen.towards, seen.up, seen.centre))
        return Eye(np.cross(up, towards), up, centre, seen.half_height * wide / tall, seen.half_height)

    def _place(self, seen: Camera) -> None:
        towards, centre = np.array(seen.towards) / np.linalg.norm(seen.towards), np.array(seen.centre)
        self.camera.SetFocalPoint(*centre)
        self.camera.SetPosition(*(centre + FAR * towards))
        self.camera.SetViewUp(*seen.up)
        self.camera.SetParallelScale(seen.half_height)
        self.camera.SetClippingRange(NEAR_CLIP, FAR_CLIP)
        self.camera.is_set = True  # or a window that opens would look from somewhere else

    def _panel_size(self) -> tuple[float, float]:
        wide, tall = self.plotter.render_window.GetSize()
        return max(wide, 1) * self._share / max(len(self._view.panels) if self._view else 1, 1), max(tall, 1)

    def _arrange(self, n: int, before: int | None) -> None:
        if n == before:
            return
        for number, panel in enumerate(self.panels):
            panel.renderer.SetDraw(number < n)
            edges = (number * self._share / n, 0.0, (number + 1) * self._share / n, 1.0)
            edges = edges if number < n else (0.0, 0.0, 0.001, 0.001)
            panel.renderer.SetViewport(*edges)
        seen = self.seen_from
        self._fit(np.array(seen.towards), np.array(seen.up))

    # -- the pointer

    def spot(self, x: float, y: float) -> Spot | None:
        """What lies under a place of the window, from its lower left corner in pixels."""
        from vtkmodules.vtkRenderingCore import vtkCellPicker

        n = len(self._view.panels)
        wide = self.plotter.render_window.GetSize()[0]
        number = int(x / max(wide * self._share, 1) * n)
        if not 0 <= number < n:
            return None
        panel, drawn = self.panels[number], self._drawn[number]
        picker = vtkCellPicker()
        picker.SetTolerance(1e-4)
        if not picker.Pick(x, y, 0.0, panel.renderer):
            return None
        rows = panel.rows_of(picker.GetActor())
        if rows is None or not 0 <= picker.GetCellId() < len(rows):
            return None
        row, point = int(rows[picker.GetCellId()]), np.array(picker.GetPickPosition())
        # On a deformed femur, back to where the element was.
        corners = drawn.shape.body.corners[row]
        point = point + (drawn.shape.body.points[corners] - drawn.points[corners]).mean(axis=0)
        return Spot(self._view.panels[number], row, point)


def _furnish(renderer: Any, camera: Any) -> None:
    import pyvista

    renderer.SetActiveCamera(camera)
    renderer.camera.SetParallelProjection(True)
    renderer.SetBackground(1.0, 1.0, 1.0)
    for position, strength in (((-0.6, 0.7, 1.0), 0.75), ((0.0, 0.0, 1.0), 0.35)):
        light = pyvista.Light(position=position, intensity=strength, light_type="camera light")
        renderer.AddLight(light)


def _plane_words(view: View) -> tuple:
    return view.plane, view.offset, view.turn, view.tilt, view.flipped


def _row(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -2  # no element has it
