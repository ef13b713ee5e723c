"""The viewer in a window of the desktop: the same stage, moved by keys and a slider."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from femsim.results import summary
from femsim.view.probe import require_display
from femsim.view.sheet import Sheet
from femsim.view.viewer import telling
from femsim.view.viewer.opened import ACTIVITY, DIFFERENCE, OpenedRun, opened_runs
from femsim.view.viewer.reading import reading_at
from femsim.view.viewer.shown import MOST_PANELS, WHOLE
from femsim.view.viewer.stage import Stage

HELP = (
    "f F: field    m: panels    c: cut    , .: move the cut    x: other side    e: edges    a: forces    d: deformed"
    "    r: all of it    p: read what lies under the pointer    q: close"
)
PLANES = (WHOLE, "frontal", "sagittal", "transverse", "neck")
PANELS = 0.86  # of the width; the legend has the rest
STEP_MM = 2.0  # that a key moves the cut by
DEFORMED = (0.0, 20.0, 100.0)
LEGEND_WIDE, LEGEND_TALL, DOTS = 1.9, 4.2, 100  # inches, dots per inch
LEGEND_UP = 240  # pixels from below


def show(folders: Sequence[Path]) -> None:
    """Open the window and return when it is closed.

    Raises
    ------
    MissingPieceError
        Where there is no display or VTK cannot draw on it.
    StoreError
        Where a folder is no run, or nothing of it can be read.
    """
    require_display()
    Window(opened_runs(folders)).plotter.show()


class Window:
    """The window and what it shows now.

    Parameters
    ----------
    runs : at least one.
    off_screen : bool
        For tests: everything but the opening.
    """

    def __init__(self, runs: Sequence[OpenedRun], *, off_screen: bool = False):
        import pyvista

        title = f"femsim: {', '.join(dict.fromkeys(run.name for run in runs))}"
        self.plotter = pyvista.Plotter(
            title=title, off_screen=off_screen, shape=(1, MOST_PANELS), border=False, lighting="none",
            window_size=(1400, 900),
        )  # fmt: skip
        self.stage = Stage(runs, self.plotter, PANELS)
        self.view = self.stage.first_view()
        self._sets = _sets(self.stage)
        self._legend = _overlay(self.plotter)
        self._furnish()
        self.draw()
        self.stage.look("frontal")

    def draw(self) -> None:
        """Show the present view."""
        self.stage.show(self.view)
        view = self.view
        words = f"{view.field.replace('_', ' ')}: {telling.sentence(self.stage, view, '')}"
        said = "      ".join(telling.titles(self.stage, view))
        self._say(f"{said}\n{words}", "upper_left", "what", 11)
        self._legend(_legend_pixels(self.stage, view))
        self.plotter.render()

    def next_field(self, by: int = 1) -> None:
        """Another field that was saved."""
        fields = self.stage.able(self.view.course)["fields"]
        self._change(field=fields[(fields.index(self.view.field) + by) % len(fields)])

    def next_panels(self) -> None:
        """Both femora, each alone, with their difference, and again."""
        at = self._sets.index(self.view.panels) if self.view.panels in self._sets else -1
        self._change(panels=self._sets[(at + 1) % len(self._sets)])

    def next_plane(self) -> None:
        """The next plane to cut along, and whole again."""
        self._change(plane=PLANES[(PLANES.index(self.view.plane) + 1) % len(PLANES)], offset=0.0)

    def move_plane(self, by: float) -> None:
        """The cut moved along its normal [mm]."""
        self._change(offset=self.view.offset + by)

    def go_to(self, step: float) -> None:
        """Show another step."""
        last = self.stage.able(self.view.course)["steps"] - 1
        step = int(np.clip(round(step), 0, last))
        if step != self.view.step:
            self._change(step=step)

    def next_size(self) -> None:
        """Displacements as they are, larger, much larger."""
        at = DEFORMED.index(self.view.times) if self.view.times in DEFORMED else 0
        self._change(times=DEFORMED[(at + 1) % len(DEFORMED)])

    def read(self, x: float, y: float) -> str:
        """What lies under a place of the window, from its lower left corner in pixels."""
        spot = self.stage.spot(x, y)
        if spot is None:
            words = "Nothing there."
        else:
            run, model = self.stage.of(spot.panel)
            value = float(self.stage.values(spot.panel, self.view)[spot.row])
            told = reading_at(run, model, self.view, spot.row, spot.point, value)
            words = "\n".join([told.title, *(f"{name}: {number} {unit}" for name, number, unit in told.rows)])
        self._say(words, "lower_right", "read", 9)
        self.plotter.render()
        return words

    def _change(self, **more: Any) -> None:
        self.view = dataclasses.replace(self.view, **more)
        self.draw()

    def _furnish(self) -> None:
        plotter = self.plotter
        self._say(f"{HELP}\n{summary.DISCLAIMER}", "lower_left", "help", 8)
        for key, change in {
            "f": self.next_field,
            "F": lambda: self.next_field(-1),
            "m": self.next_panels,
            "c": self.next_plane,
            "comma": lambda: self.move_plane(-STEP_MM),
            "period": lambda: self.move_plane(STEP_MM),
            "x": lambda: self._change(flipped=not self.view.flipped),
            "e": lambda: self._change(edges=not self.view.edges),
            "a": lambda: self._change(arrows=not self.view.arrows),
            "d": self.next_size,
            "r": lambda: (self.stage.look("frontal"), plotter.render()),
            "p": lambda: self.read(*plotter.iren.get_event_position()),
        }.items():
            plotter.add_key_event(key, change)
        n = self.stage.able(ACTIVITY)["steps"]
        if n > 1:
            plotter.subplot(0, 0)
            plotter.add_slider_widget(
                self.go_to, (0, n - 1), value=self.view.step, title="step", color="black", fmt="%.0f",
                pointa=(0.05, 0.1), pointb=(0.45, 0.1), style="modern", title_height=0.015, slider_width=0.015,
                tube_width=0.008,
            )  # fmt: skip

    def _say(self, words: str, where: str, name: str, size: int) -> None:
        self.plotter.subplot(0, 0)
        self.plotter.add_text(words, position=where, font_size=size, color="black", name=name, render=False)


def _sets(stage: Stage) -> list[tuple[str, ...]]:
    """Panels that belong together."""
    every = stage.all_panels(ACTIVITY)
    femora = tuple(name for name in every if not name.endswith(DIFFERENCE))[:MOST_PANELS]
    found = [stage.first_view().panels, femora, every[:MOST_PANELS], *((name,) for name in every)]
    return list(dict.fromkeys(found))


def _legend_pixels(stage: Stage, view: Any) -> np.ndarray:
    """(h, w, 3) uint8 legend of the first panel's scale, as in the pictures."""
    difference = all(name.endswith(DIFFERENCE) for name in view.panels)
    found = stage.scale(view, difference)
    sheet = Sheet(LEGEND_WIDE, LEGEND_TALL, DOTS)
    sheet.bar(found.scale, 0.15, 0.6, 2.8, found.ticks)
    sheet.swatches([("not defined", found.scale.undefined)], 0.15, 0.2)
    return sheet.pixels()


def _overlay(plotter: Any):
    """A place for a picture at the right side of the window; a function that changes it."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkRenderingCore import vtkActor2D, vtkImageMapper, vtkRenderer

    beside = vtkRenderer()
    beside.SetViewport(PANELS, 0.0, 1.0, 1.0)
    beside.SetBackground(1.0, 1.0, 1.0)
    beside.InteractiveOff()
    plotter.render_window.AddRenderer(beside)
    mapper, actor, image = vtkImageMapper(), vtkActor2D(), vtkImageData()
    mapper.SetColorWindow(255)
    mapper.SetColorLevel(127.5)
    mapper.SetInputData(image)
    actor.SetMapper(mapper)
    actor.SetPosition(4, LEGEND_UP)
    beside.AddViewProp(actor)

    def changed(pixels: np.ndarray) -> None:
        tall, wide, _ = pixels.shape
        image.SetDimensions(wide, tall, 1)
        held = numpy_to_vtk(np.ascontiguousarray(pixels[::-1]).reshape(-1, 3), deep=True)
        image.GetPointData().SetScalars(held)
        image.Modified()

    return changed
