"""An impact as GIF: each femur in motion above the floor, coloured by its risk factor, and the force over time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femsim.results.impact import FIELDS, read_csv
from femsim.view import animation
from femsim.view.animation import Frames, curve, deformed, every_other, finish, magnification, page_of
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.figures.damage import outside
from femsim.view.figures.risk import scale_of_risk
from femsim.view.figures.risk_course import COLOURS
from femsim.view.figures.section import BODY_TITLES
from femsim.view.scene import Body, Scene
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

HEIGHT = 3.2  # inches of a picture of a femur
WIDEST = 3.6
CURVE = (2.5, 2.0)
FLOOR = (0.62, 0.58, 0.52)
DEPTH = 8.0  # mm of floor that is shown


def animate(scene: Scene, canvas: Canvas, path: Path) -> None:
    """Write the GIF.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    tables, scale, told = read_csv(scene.folder), scale_of_risk(), scene.told["impact"]
    leading = next(iter(told["models"].values()))["leading_force"]
    floor = told["setting"].get("floor")
    frames = {name: Frames(scene, name, FIELDS, table.frames) for name, table in tables.items()}
    seen = [one.at(share)[0] for one in frames.values() for share in (0.0, 0.33, 0.67, 1.0)]
    times = 1.0 if floor else magnification(seen)
    eye = _eye(scene, [deformed(body, times) for body in seen], floor)
    height = min(HEIGHT, WIDEST * eye.half_height / eye.half_width)
    width, dots = height * eye.half_width / eye.half_height, round(height * animation.DOTS_PER_INCH)
    left = 0.8 + len(frames) * (width + 0.75)
    words_below = f"Bars: force of the {leading} over the largest."
    if told["setting"].get("tissue_mm"):
        words_below += f" Soft tissue, {told['setting']['tissue_mm']:g} mm at first, is not drawn."
    highest = max(float(table.forces[leading].max()) for table in tables.values())

    def page(share: float) -> np.ndarray:
        sheet = page_of(left + CURVE[0] + 2.1, max(height, CURVE[1] + 0.5) + 0.9)
        sheet.text(0.15, sheet.height - 0.28, scene.told["name"], TEXT, weight="bold")
        axes = sheet.axes(left, 0.65, *CURVE)
        for column, (name, table) in enumerate(tables.items()):
            body, state = frames[name].at(share)
            at, force = 0.15 + column * (width + 0.75), table.forces[leading]
            things = [*outside(deformed(body, times), scale, "risk_factor"), *_floor(eye, floor)]
            sheet.picture(canvas.draw(things, eye, dots), eye, at, 0.35, height)
            _bar(sheet, at + width + 0.1, height, float(force[state] / highest), COLOURS[name])
            words = f"{BODY_TITLES[name]}: {leading} {force[state]:.0f} N"
            sheet.text(at, 0.35 + height + 0.1, words, SMALL, weight="bold", color=COLOURS[name])
            curve(axes, 1e3 * table.times, force / 1e3, state, COLOURS[name])
            now = 1e3 * float(table.times[state])
        finish(axes, "time [ms]", f"force of the {leading} [kN]")
        sheet.text(left, 0.65 + CURVE[1] + 0.15, f"{now:.1f} ms", TEXT, weight="bold")
        sheet.bar(scale, left + CURVE[0] + 0.35, 0.65, CURVE[1] - 0.25, every_other(scale))
        sheet.text(0.15, 0.08, f"Displacements × {times:g}. Colours: risk factor. {words_below}", SMALL, color=FAINT)
        return sheet.pixels()

    exact = animation.colours_of(scale, *COLOURS.values())
    animation.write_gif(path, page, max(map(len, frames.values())), exact)


def _eye(scene: Scene, bodies: list[Body], floor: Mapping[str, Any] | None) -> Eye:
    """From the front of the femur; where there is a floor, it lies below and one sees along it."""
    points = np.concatenate([body.points for body in bodies])
    if floor is None:
        return eye_on(points, np.cross([0.0, 0.0, 1.0], scene.cut_normal), np.array([0.0, 0.0, 1.0]))
    up = np.asarray(floor["normal"], float)
    front = scene.cut_normal - (scene.cut_normal @ up) * up
    if np.linalg.norm(front) < 0.2:  # a fall on the front or the back: one looks along the neck's plane instead
        front = np.cross(up, [0.0, 0.0, 1.0])
    right = np.cross(up, front)
    level = np.asarray(floor["point"]) @ up
    below = points - (points @ up - level + DEPTH)[:, None] * up
    return eye_on(np.concatenate([points, below]), right, up)


def _floor(eye: Eye, floor: Mapping[str, Any] | None) -> list[Looks]:
    """The floor as a slab across the picture."""
    if floor is None:
        return []
    import pyvista

    level = (np.asarray(floor["point"]) - eye.centre) @ eye.up
    # Behind the femur it could hide, in front it could not be seen through: it ends where the femur may go.
    corners = [(-1, level), (1, level), (1, level - 4 * DEPTH), (-1, level - 4 * DEPTH)]
    points = [eye.centre + x * eye.half_width * eye.right + y * eye.up - 200.0 * eye.towards for x, y in corners]
    return [Looks(pyvista.PolyData(np.array(points), [4, 0, 1, 2, 3]), FLOOR, lit=False)]


def _bar(sheet: Sheet, left: float, height: float, share: float, colour: str) -> None:
    """The force as a bar, full at the largest of all."""
    axes = sheet.axes(left, 0.35, 0.16, height)
    axes.bar([0], [max(share, 0.0)], width=1.0, color=colour)
    axes.set_xlim(-0.5, 0.5)
    axes.set_ylim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.6)
