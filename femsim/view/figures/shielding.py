"""How the implant changes what the bone feels: strain energy against the intact twin, inside and on the surface."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas, Looks
from femsim.view.figures.section import (
    colour_of,
    cut_of_field,
    front,
    instant_note,
    materials_shown,
    side_note,
)
from femsim.view.scene import Scene
from femsim.view.shapes import skin
from femsim.view.sheet import DOTS_PER_INCH, TEXT, Sheet, stepped

STEPS = (-100, -75, -50, -30, -10, 10, 30, 50, 75, 100)
ABOVE = (0.35, 0.0, 0.10)
HEIGHT = 6.2  # inches


@dataclass(frozen=True)
class Shielding:
    """Change of strain energy density of the kept bone, on the cut and on the surface."""

    title = "Change of load carried by the bone (stress shielding)"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        if not scene.has_implant:
            return "nothing was put in, so nothing changes"
        return "" if scene.operated.has("shielding_change") else "the run has no shielding"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Strain energy density of the kept bone after the operation, against the same bone of the intact femur "
            f"under the same loads. Blue: unloaded (shielded); red: loaded more. {instant_note(scene)} "
            f"Left: cut through neck and shaft axis; right: surface. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        scale = stepped("change of strain\nenergy density [%]", STEPS, "RdBu_r", within=(0.04, 0.92), above=ABOVE)
        body = scene.operated
        eye = front(scene, (body,))
        width = HEIGHT * eye.half_width / eye.half_height
        sheet = Sheet(0.3 + 2 * (width + 0.25) + 1.7, HEIGHT + 1.15)
        sheet.title(self.title, f"{scene.told['name']}. {instant_note(scene)} {side_note(scene)}")
        on_cut = cut_of_field(scene, body, "shielding_change", scale, body.in_region("bone_kept"), 100.0)
        for column, (words, things) in enumerate((("Cut", on_cut), ("Surface", self._surface(scene, scale)))):
            left = 0.2 + column * (width + 0.25)
            pixels = canvas.draw(things, eye, round(HEIGHT * DOTS_PER_INCH))
            sheet.picture(pixels, eye, left, 0.15, HEIGHT)
            sheet.text(left + 0.1, HEIGHT + 0.2, words, TEXT, weight="bold")
        left = 0.3 + 2 * (width + 0.25)
        ticks = [f"{step:+d}" for step in STEPS]
        sheet.bar(scale, left, 2.2, 3.2, ticks)
        sheet.swatches(materials_shown(scene), left, 0.9)
        return sheet

    def _surface(self, scene: Scene, scale) -> list[Looks]:
        body = scene.operated
        things = []
        for region in body.regions:
            faces = skin(body, body.in_region(region))
            colour = colour_of(region)
            if region == "bone_kept":
                colour = scale.colour(100.0 * body.fields["shielding_change"][faces.element_of].astype(float))
            things.append(Looks(faces.surface, colour))
        return things
