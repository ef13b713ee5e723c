"""Two bodies side by side, cut through neck and shaft, with one field on one scale."""

import numpy as np

from femsim.view.canvas import Canvas
from femsim.view.figures.section import (
    BODY_TITLES,
    cut_of_field,
    front,
    materials_shown,
    side_note,
)
from femsim.view.scene import Scene
from femsim.view.sheet import DOTS_PER_INCH, TEXT, Scale, Sheet

HEIGHT = 6.2  # inches of a panel
MARROW = "marrow, not judged"


def two_bodies(scene: Scene, canvas: Canvas, title: str, field: str, scale: Scale, note: str) -> Sheet:
    """Operated beside intact, cut, a field of the bone on both, one colour bar."""
    bodies = (scene.operated, scene.intact) if scene.has_implant else (scene.intact,)
    eye = front(scene, bodies)
    height = HEIGHT
    width = height * eye.half_width / eye.half_height
    sheet = Sheet(0.3 + len(bodies) * (width + 0.25) + 1.7, height + 1.15)
    sheet.title(title, f"{scene.told['name']}. {note} {side_note(scene)}")
    for column, body in enumerate(bodies):
        left = 0.2 + column * (width + 0.25)
        things = cut_of_field(scene, body, field, scale, body.bone)
        sheet.picture(canvas.draw(things, eye, round(height * DOTS_PER_INCH)), eye, left, 0.15, height)
        sheet.text(left + 0.1, height + 0.2, BODY_TITLES[body.name], TEXT, weight="bold")
    left = 0.3 + len(bodies) * (width + 0.25)
    sheet.bar(scale, left, 2.2, 3.4)
    known = all(np.isfinite(body.fields[field][body.bone]).all() for body in bodies)
    sheet.swatches(
        materials_shown(scene)
        + ([] if known else [(MARROW if field.startswith("risk_factor") else "not defined", scale.undefined)]),
        left,
        0.9,
    )
    return sheet
