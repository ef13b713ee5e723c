"""A window to look into a run: turn it, cut it, step through the activity, change field and model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femsim.results import summary, vtkhdf
from femsim.view.fields import difference_of, fields_of
from femsim.view.figures.section import colour_of
from femsim.view.probe import require_display
from femsim.view.scene import RESULT, Body, Scene, load, peak_step
from femsim.view.scene import body as read_body
from femsim.view.shapes import ROW, cut, skin

DIFFERENCE = "operated - intact"
MODELS = ("operated", "intact", DIFFERENCE)
BACKGROUND = (0.80, 0.84, 0.88)  # not white: white is "no change"
ABOVE = "magenta"
HELP = "f: field   m: operated / intact / difference   c: cut plane   r: reset view   q: close"


def show(run_folder: Path) -> None:
    """Open the window and return when it is closed.

    Raises
    ------
    MissingPieceError
        Where there is no display or VTK cannot draw on it.
    StoreError
        Where the folder is no complete run.
    """
    require_display()
    window = Window(run_folder)
    window.plotter.show()


class Window:
    """The window and what it shows now.

    Parameters
    ----------
    run_folder : Path
    off_screen : bool
        For tests: everything but the opening.
    """

    def __init__(self, run_folder: Path, *, off_screen: bool = False):
        import pyvista

        self.path = Path(run_folder) / RESULT
        told = summary.read(run_folder)
        self.instants = vtkhdf.instants(self.path)
        self.unit = told["loads"]["instant_unit"]
        self.step = peak_step(told, self.instants)
        self.scene = load(run_folder, self.step)
        self.fields = fields_of(self.scene)
        self.field, self.model, self.normal, self.origin = self.fields[0], "operated", None, (0.0, 0.0, 0.0)
        self._skins: dict[str, Any] = {}
        self._cut_of, self._shape = None, None
        self.ranges = {name: colour_range(self.scene, name) for name in self.fields}
        self.plotter = pyvista.Plotter(title=f"femsim: {told['name']}", off_screen=off_screen, window_size=(1100, 900))
        self.plotter.set_background(BACKGROUND)
        self.plotter.render_window.SetMultiSamples(0)  # three times as many pictures a second without a graphics card
        self._furnish()
        self.draw()
        self._look_from_the_front()

    def draw(self) -> None:
        """Show the present model, field and step behind the present cut plane."""
        body, values, unit = self._shown()
        surface = self._surface(body)
        rows = np.asarray(surface.cell_data[ROW])
        coloured = np.isfinite(values[rows])
        low, high = self.ranges[self.field]
        if self.model == DIFFERENCE:
            low, high = -(high - low) / 2, (high - low) / 2
        name = f"{self.field.replace('_', ' ')} [{unit}]"
        self._clear()
        if coloured.any():
            bone = surface.extract_cells(coloured)
            bone.cell_data["shown"] = values[rows[coloured]]
            colours = "RdBu_r" if low < 0 < high else "viridis"
            bar = {**BAR, "title": name}
            self._add(
                bone, "field", scalars="shown", clim=(low, high), cmap=colours, above_color=ABOVE, scalar_bar_args=bar
            )
        for region, region_name in enumerate(body.regions):
            chosen = ~coloured & (body.region_of[rows] == region)
            if chosen.any():
                self._add(surface.extract_cells(chosen), f"region {region}", color=colour_of(region_name))
        told = f"{self.model}: {name}" if coloured.any() else f"{self.model}: {name} is not defined here"
        instant = f"{self.instants[self.step]:g} {self.unit}"
        self.plotter.add_text(
            f"{told}\n{instant}", position="upper_left", font_size=11, color="black", name="what", render=False
        )
        self.plotter.render()

    def next_field(self) -> None:
        """The next field that was saved."""
        self.field = self.fields[(self.fields.index(self.field) + 1) % len(self.fields)]
        self.draw()

    def next_model(self) -> None:
        """Operated, intact, difference, and again."""
        self.model = MODELS[(MODELS.index(self.model) + 1) % len(MODELS)]
        self.draw()

    def go_to(self, step: float) -> None:
        """Show another step."""
        step = int(np.clip(round(step), 0, len(self.instants) - 1))
        if step != self.step:
            self.step = step
            self.scene = Scene(
                self.scene.folder,
                self.scene.told,
                read_body(self.path, "operated", step),
                read_body(self.path, "intact", step),
            )
            self.draw()

    def cut(self, normal, origin) -> None:
        """Cut along a plane."""
        self.normal, self.origin = normal, origin
        self.draw()

    def toggle_cut(self) -> None:
        """Cut through neck and shaft, with a plane to drag; or whole again."""
        if self.normal is None:
            self.plotter.add_plane_widget(
                self.cut,
                normal=self.scene.cut_normal,
                origin=(0, 0, 0),
                color="grey",
                implicit=True,
                outline_translation=False,
                test_callback=False,
            )
            self.cut(self.scene.cut_normal, (0, 0, 0))
        else:
            self.plotter.clear_plane_widgets()
            self.cut(None, (0.0, 0.0, 0.0))

    def _shown(self) -> tuple[Body, np.ndarray, str]:
        body = self.scene.intact if self.model == "intact" else self.scene.operated
        unit = body.units.get(self.field, "-")
        values = body.fields.get(self.field, np.full(len(body.corners), np.nan)).astype(np.float64)
        if self.model == DIFFERENCE:
            values = difference_of(self.scene, self.field)
        return body, values, unit

    def _surface(self, body: Body) -> Any:
        """The skin of the body; cut open, its half behind the plane and the section. Steps and fields share it."""
        key = (body.name, None if self.normal is None else (*self.normal, *self.origin))
        if key != self._cut_of:
            whole = self._skins.setdefault(body.name, skin(body, np.ones(len(body.corners), bool)).surface)
            if self.normal is not None:
                section = cut(body, np.ones(len(body.corners), bool), np.asarray(self.normal), self.origin).surface
                whole = whole.clip(normal=self.normal, origin=self.origin) + section
            self._cut_of, self._shape = key, whole
        return self._shape

    def _furnish(self) -> None:
        self.plotter.add_text(HELP, position="lower_left", font_size=9, color="black", name="help")
        self.plotter.add_axes(xlabel="lateral", ylabel="anterior", zlabel="proximal", color="black")
        self.plotter.add_key_event("f", self.next_field)
        self.plotter.add_key_event("m", self.next_model)
        self.plotter.add_key_event("c", self.toggle_cut)
        if len(self.instants) > 1:
            self.plotter.add_slider_widget(
                self.go_to,
                (0, len(self.instants) - 1),
                value=self.step,
                title="step",
                color="black",
                fmt="%.0f",
                pointa=(0.62, 0.08),
                pointb=(0.95, 0.08),
                style="modern",
            )

    def _look_from_the_front(self) -> None:
        self.plotter.enable_parallel_projection()
        self.plotter.camera_position = [tuple(500 * self.scene.cut_normal), (0, 0, 0), (0, 0, 1)]
        self.plotter.reset_camera()

    def _add(self, mesh: Any, name: str, **looks: Any) -> None:
        looks = {"ambient": 0.4, "diffuse": 0.65, "copy_mesh": False, "reset_camera": False, "render": False, **looks}
        self.plotter.add_mesh(mesh, name=name, **looks)

    def _clear(self) -> None:
        for name in ("field", *(f"region {row}" for row in range(8))):
            self.plotter.remove_actor(name, render=False)
        for title in list(self.plotter.scalar_bars.keys()):
            self.plotter.remove_scalar_bar(title, render=False)


BAR: Mapping[str, Any] = {"vertical": True, "position_x": 0.84, "position_y": 0.25, "height": 0.5, "color": "black"}


def colour_range(scene: Scene, name: str) -> tuple[float, float]:
    """One range for both bodies: 0 to 1 for the risk factor, -1 to 1 for a change, else to the 99th percentile."""
    if name == "risk_factor":
        return 0.0, 1.0
    if name.endswith("_change"):
        return -1.0, 1.0
    both = (scene.operated.fields.get(name, np.empty(0)), scene.intact.fields.get(name, np.empty(0)))
    values = np.concatenate(both)
    low, high = np.percentile(values[np.isfinite(values)], (1, 99))
    return float(min(low, 0.0)), float(high) if high > min(low, 0.0) else float(low) + 1.0
