"""Change of a field of the kept bone against the intact twin: on the cut beside the surface, on one scale."""

from femsim.view.canvas import Canvas, Looks
from femsim.view.figures.section import colour_of, cut_of_field, front, materials_shown, side_note
from femsim.view.scene import Scene
from femsim.view.shapes import skin
from femsim.view.sheet import DOTS_PER_INCH, TEXT, Scale, Sheet, stepped

CHANGE_STEPS = (-100, -75, -50, -30, -10, 10, 30, 50, 75, 100)  # %
ABOVE = (0.35, 0.0, 0.10)
HEIGHT = 6.2  # inches
NOTHING_PUT_IN = "nothing was put in, so nothing changes"


def scale_of_change(title: str) -> Scale:
    """The one scale of every change in %: white where nothing changes."""
    return stepped(title, CHANGE_STEPS, "RdBu_r", within=(0.04, 0.92), above=ABOVE)


def cut_and_surface(scene: Scene, canvas: Canvas, title: str, field: str, bar: str, note: str) -> Sheet:
    """The page of a field of shares, 0.1 for 10 % more; bar : the title of its scale, in %."""
    scale = scale_of_change(bar)
    body = scene.operated
    eye = front(scene, (body,))
    width = HEIGHT * eye.half_width / eye.half_height
    sheet = Sheet(0.3 + 2 * (width + 0.25) + 1.7, HEIGHT + 1.15)
    sheet.title(title, f"{scene.told['name']}. {note} {side_note(scene)}")
    on_cut = cut_of_field(scene, body, field, scale, body.in_region("bone_kept"), 100.0)
    for column, (words, things) in enumerate((("Cut", on_cut), ("Surface", _surface(scene, field, scale)))):
        left = 0.2 + column * (width + 0.25)
        pixels = canvas.draw(things, eye, round(HEIGHT * DOTS_PER_INCH))
        sheet.picture(pixels, eye, left, 0.15, HEIGHT)
        sheet.text(left + 0.1, HEIGHT + 0.2, words, TEXT, weight="bold")
    left = 0.3 + 2 * (width + 0.25)
    sheet.bar(scale, left, 2.2, 3.2, [f"{step:+d}" for step in CHANGE_STEPS])
    sheet.swatches(materials_shown(scene), left, 0.9)
    return sheet


def _surface(scene: Scene, field: str, scale: Scale) -> list[Looks]:
    body = scene.operated
    things = []
    for region in body.regions:
        faces = skin(body, body.in_region(region))
        colour = colour_of(region)
        if region == "bone_kept":
            colour = scale.colour(100.0 * body.fields[field][faces.element_of].astype(float))
        things.append(Looks(faces.surface, colour))
    return things
