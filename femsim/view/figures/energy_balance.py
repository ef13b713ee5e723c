"""Where the energy goes while a femur breaks or is struck: energies stacked over the course, with their error."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.results import failure, impact
from femsim.view.canvas import Canvas
from femsim.view.figures.section import BODY_TITLES
from femsim.view.scene import Scene
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet

WIDTH, HEIGHT, ERROR = 3.5, 2.4, 0.75  # inches of a panel, and of the panel of its error
LEFT, BETWEEN, BELOW = 0.75, 0.95, 0.7
LAYERS = {  # energy → words and colour, from the bottom
    "kinetic": ("of motion", "#9ecae1"),
    "strain": ("stored in the femur", "#f2c14e"),
    "stored": ("stored", "#f2c14e"),
    "damage": ("lost in breaking bone", "#c72121"),
    "dissipated": ("lost in yielding and cracking", "#c72121"),
    "surroundings": ("stored in what it touches", "#a1d99b"),
    "surroundings_lost": ("lost in what it touches", "#41864d"),
    "damping": ("lost in damping", "#8c8c8c"),
    "numerical": ("lost in the steps of time", "#d9d9d9"),
}


@dataclass(frozen=True)
class Panel:
    """One model's energies [J] over its course.

    across : (s,) of the horizontal axis. parts : name → (s,). whole : (s,) what they must sum to.
    error : (s,) [%] of the largest energy.
    """

    title: str
    axis: str
    across: np.ndarray
    parts: Mapping[str, np.ndarray]
    whole: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class EnergyBalance:
    """Energies stacked over travel or time; the line is what they must sum to."""

    title = "Where the energy goes"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.told.get("failure") or scene.told.get("impact") else "the run has no course of energies"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Energies of each femur, stacked. Black line: the energy that was there or was put in, which the stack "
            "must reach. Below: by how much it does not, over the largest energy. Straight between the states computed."
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        rows = [panels for panels in (_of_failure(scene), _of_impact(scene)) if panels]
        across = max(map(len, rows))
        step = HEIGHT + ERROR + BELOW + 0.55
        sheet = Sheet(LEFT + across * (WIDTH + BETWEEN) + 2.0, 0.8 + len(rows) * step)
        sheet.title(self.title, scene.told["name"])
        for row, panels in enumerate(rows):
            low = sheet.height - 0.75 - (row + 1) * step + BELOW
            highest = max(float(max(sum(p.parts.values()).max(), p.whole.max())) for p in panels)
            for column, panel in enumerate(panels):
                _draw(sheet, LEFT + column * (WIDTH + BETWEEN), low, panel, 1.06 * max(highest, 1e-12))
            shown = [name for name in LAYERS if name in panels[0].parts]
            left = LEFT + across * (WIDTH + BETWEEN) - 0.45
            sheet.swatches([LAYERS[name] for name in reversed(shown)], left, low + ERROR + 0.5)
        return sheet


def _draw(sheet: Sheet, left: float, low: float, panel: Panel, top: float) -> None:
    base = low + ERROR + 0.15
    axes = sheet.axes(left, base, WIDTH, HEIGHT)
    shown = [name for name in LAYERS if name in panel.parts]
    layers, colours = [panel.parts[name] for name in shown], [LAYERS[name][1] for name in shown]
    axes.stackplot(panel.across, layers, colors=colours, linewidth=0)
    axes.plot(panel.across, panel.whole, color="#1a1a1a", linewidth=1.2)
    axes.set_ylim(0, top)
    axes.set_ylabel("energy [J]", size=SMALL)
    axes.tick_params(labelsize=SMALL, labelbottom=False)
    sheet.text(left, base + HEIGHT + 0.1, panel.title, TEXT, weight="bold")
    below = sheet.axes(left, low, WIDTH, ERROR)
    below.axhline(0.0, color=FAINT, linewidth=0.6)
    below.plot(panel.across, panel.error, color="#1a1a1a", linewidth=1.0)
    widest = max(0.1, 1.2 * float(np.abs(panel.error).max()))
    below.set_ylim(-widest, widest)
    below.set_ylabel("error [%]", size=SMALL)
    below.set_xlabel(panel.axis, size=SMALL)
    below.tick_params(labelsize=SMALL)
    span = (float(panel.across.min()), max(float(panel.across.max()), 1e-12))
    for one in (axes, below):
        one.set_xlim(span)
        one.spines[["top", "right"]].set_visible(False)


def _of_failure(scene: Scene) -> list[Panel]:
    if not scene.told.get("failure"):
        return []
    return [
        Panel(
            BODY_TITLES[name], "travel of the load [mm]", one.travel,
            {"stored": one.stored, "dissipated": one.dissipated}, one.work,
            100.0 * (one.stored + one.dissipated - one.work) / max(float(np.abs(one.work).max()), 1e-12),
        )
        for name, one in failure.read_csv(scene.folder).items()
    ]  # fmt: skip


def _of_impact(scene: Scene) -> list[Panel]:
    if not scene.told.get("impact"):
        return []
    panels = []
    for name, one in impact.read_csv(scene.folder).items():
        external = one.energies.get("external", np.zeros_like(one.times))
        parts = {part: energy for part, energy in one.energies.items() if part in LAYERS}
        whole = sum(float(energy[0]) for energy in parts.values()) + external - external[0]
        panels.append(Panel(BODY_TITLES[name], "time [ms]", 1e3 * one.times, parts, whole, 100.0 * one.balance))
    return panels
