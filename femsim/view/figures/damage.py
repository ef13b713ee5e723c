"""Where the bone breaks: damage at the peak of the load and at the end, cut and from outside."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.results.failure import FIELDS, read_csv
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.figures.section import BODY_TITLES, colour_of, cut_of_field, levelled, materials_shown, side_note
from femsim.view.scene import Body, Scene
from femsim.view.scene import body as read_body
from femsim.view.shapes import skin
from femsim.view.sheet import DOTS_PER_INCH, SMALL, TEXT, Scale, Sheet, stepped

STEPS = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SOUND = (0.93, 0.91, 0.86)
HEIGHT = 3.3  # inches of a panel
GAP, ABOVE = 0.15, 0.75
NARROWEST = 1.15  # inches of a panel, so that the words above it have room
# Around the damage and the upper femur this much more is shown [mm].
AROUND = 25.0
COLUMNS = ("at the peak\nof the load", "at the end", "at the end,\nfrom the front", "at the end,\nfrom behind")


def scale_of_damage() -> Scale:
    """The one scale of every map of damage."""
    return stepped("damage [-]\n(1: broken)", STEPS, "inferno_r", within=(0.12, 0.95), below=SOUND)


def outside(body: Body, scale: Scale, field: str = "damage") -> list[Looks]:
    """The skin of a body in the colours of a field of its bone; what was put in in its own, unless it is damaged."""
    faces = skin(body, np.ones(len(body.corners), bool))
    rows = faces.element_of
    plain = np.array([colour_of(region) for region in body.regions])[body.region_of[rows]]
    values = np.asarray(body.fields[field], float)[rows]
    return [Looks(faces.surface, np.where(seen(body)[rows, None], scale.colour(values), plain))]


def eye_near(scene: Scene, bodies: list[Body], normal: np.ndarray) -> Eye:
    """Looking against `normal` on the upper femur, and as far down as there is damage."""
    points = np.concatenate([body.points for body in bodies])
    broken = np.concatenate([body.points[body.corners[np.asarray(body.fields["damage"]) >= STEPS[0]]].reshape(-1, 3)
                             for body in bodies])  # fmt: skip
    lowest = min([scene.told["landmarks"]["lesser_trochanter"][2], *broken[:, 2]]) - AROUND
    near = points[points[:, 2] >= lowest]
    return eye_on(near if len(near) else points, np.cross([0.0, 0.0, 1.0], normal), np.array([0.0, 0.0, 1.0]))


@dataclass(frozen=True)
class Damage:
    """Damage of the bone: a row for each femur, at the peak and at the end, on the cut and on the outside."""

    title = "Where the bone breaks"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.told.get("failure") else "the run has no failure analysis"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Damage of the bone, 0 sound to 1 broken, when the load is at its peak and at the end of the analysis; cut "
            f"through neck and shaft axis, and from outside. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        told, scale = scene.told["failure"]["models"], scale_of_damage()
        bodies = {name: (at_peak(scene, name), at_end(scene, name)) for name in told}
        normal = scene.cut_normal
        ends = [levelled(scene, end) for _, end in bodies.values()]
        eyes = [eye_near(scene, ends, normal), eye_near(scene, ends, -normal)]
        width = max(NARROWEST, HEIGHT * max(eye.half_width / eye.half_height for eye in eyes))
        row = HEIGHT + ABOVE
        sheet = Sheet(0.3 + len(COLUMNS) * (width + GAP) + 1.6, 0.75 + len(bodies) * row + 0.15)
        sheet.title(self.title, f"{scene.told['name']}. {side_note(scene)}")
        for number, (name, (peak, end)) in enumerate(bodies.items()):
            low = sheet.height - 0.7 - (number + 1) * row + 0.1
            words = f"{BODY_TITLES[name]}: {told[name]['pattern']}"
            sheet.text(0.2, low + HEIGHT + 0.42, words, TEXT, weight="bold")
            shown = (
                (cut_of_field(scene, peak, "damage", scale, seen(peak)), eyes[0]),
                (cut_of_field(scene, end, "damage", scale, seen(end)), eyes[0]),
                (outside(levelled(scene, end), scale), eyes[0]),
                (outside(levelled(scene, end), scale), eyes[1]),
            )
            for column, (things, eye) in enumerate(shown):
                left = 0.2 + column * (width + GAP)
                _panel(sheet, canvas, things, eye, left, low, COLUMNS[column])
        left = 0.3 + len(COLUMNS) * (width + GAP)
        sheet.bar(scale, left, sheet.height - 4.0, 2.4)
        sheet.swatches([*materials_shown(scene), ("sound bone", SOUND)], left, 0.3)
        return sheet


def _panel(sheet: Sheet, canvas: Canvas, things: Any, eye: Eye, left: float, low: float, words: str) -> None:
    sheet.picture(canvas.draw(things, eye, round(HEIGHT * DOTS_PER_INCH)), eye, left, low, HEIGHT)
    sheet.text(left, low + HEIGHT + 0.06, words, SMALL, va="bottom", linespacing=1.1)


def seen(body: Body) -> np.ndarray:
    """(e,) bool: bone, and what else is damaged."""
    return body.bone | (np.asarray(body.fields["damage"]) >= STEPS[0])


def at_peak(scene: Scene, model: str) -> Body:
    """The body of a model when its load is at its peak."""
    written = read_csv(scene.folder)[model]
    return _named(scene, model, int(np.abs(written.frames - written.peak).argmin()))


def at_end(scene: Scene, model: str) -> Body:
    """The body of a model at the last state."""
    return _named(scene, model, -1)


def _named(scene: Scene, model: str, step: int) -> Body:
    return read_body(scene.folder / FIELDS.format(model), model, step)
