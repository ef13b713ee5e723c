"""Damage growing with the load, as GIF: cut and deformed outside of each femur beside the curve of force and travel."""

from pathlib import Path

import numpy as np

from femsim.results.failure import FIELDS, read_csv
from femsim.view import animation
from femsim.view.animation import Frames, curve, deformed, every_other, finish, magnification, page_of
from femsim.view.canvas import Canvas
from femsim.view.figures.damage import eye_near, outside, scale_of_damage, seen
from femsim.view.figures.risk_course import COLOURS
from femsim.view.figures.section import BODY_TITLES, CEMENT, cut_of_field, levelled
from femsim.view.scene import Scene
from femsim.view.sheet import FAINT, SMALL, TEXT

HEIGHT = 2.5  # inches of a picture of a femur
CURVE = (2.6, 2.1)


def animate(scene: Scene, canvas: Canvas, path: Path) -> None:
    """Write the GIF.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    tables, scale = read_csv(scene.folder), scale_of_damage()
    frames = {name: Frames(scene, name, FIELDS, table.frames) for name, table in tables.items()}
    sample = [one.at(share)[0] for one in frames.values() for share in np.linspace(0.0, 1.0, 6)]
    times = magnification(sample)
    shown = [levelled(scene, deformed(body, by)) for body in sample for by in (0.0, times)]
    eye = eye_near(scene, shown, scene.cut_normal)
    width, dots = HEIGHT * eye.half_width / eye.half_height, round(HEIGHT * animation.DOTS_PER_INCH)
    left = 0.75 + len(frames) * (width + 0.15)

    def page(share: float) -> np.ndarray:
        sheet = page_of(left + CURVE[0] + 0.3, 2 * HEIGHT + 1.25)
        sheet.text(0.15, sheet.height - 0.28, f"{scene.told['name']}: damage as the load grows", TEXT, weight="bold")
        axes = sheet.axes(left, 0.65, *CURVE)
        for column, (name, table) in enumerate(tables.items()):
            body, state = frames[name].at(share)
            at = 0.15 + column * (width + 0.15)
            cut = cut_of_field(scene, body, "damage", scale, seen(body))
            sheet.picture(canvas.draw(cut, eye, dots), eye, at, 0.3 + HEIGHT + 0.15, HEIGHT)
            skin = outside(levelled(scene, deformed(body, times)), scale)
            sheet.picture(canvas.draw(skin, eye, dots), eye, at, 0.3, HEIGHT)
            sheet.text(at, sheet.height - 0.52, BODY_TITLES[name], SMALL, weight="bold")
            curve(axes, table.travel, table.hip_force / 1e3, state, COLOURS[name])
            words = f"{name}: {table.hip_force[state]:.0f} N at {table.travel[state]:.2f} mm"
            sheet.text(left, 0.65 + CURVE[1] + 0.35 - 0.2 * column, words, SMALL, color=COLOURS[name])
        finish(axes, "travel of the load [mm]", "hip force [kN]")
        sheet.bar(scale, left, sheet.height - 2.2, 1.3, every_other(scale))
        sheet.text(0.15, 0.08, f"Above: cut. Below: outside, displacements × {times:g}.", SMALL, color=FAINT)
        return sheet.pixels()

    exact = [*animation.colours_of(scale, *COLOURS.values()), CEMENT]
    animation.write_gif(path, page, max(map(len, frames.values())), exact)
