"""What the femur is made of: the elements behind the cut, coloured by region."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas, Looks
from femsim.view.figures.section import BODY_TITLES, colour_of, front, legend_of, levelled, side_note
from femsim.view.scene import Body, Scene
from femsim.view.shapes import skin
from femsim.view.sheet import DOTS_PER_INCH, SMALL, TEXT, Sheet

HEIGHT = 6.2  # inches


@dataclass(frozen=True)
class MeshCut:
    """Whole elements behind the cut through neck and shaft, by region."""

    title = "Mesh and materials"

    def needs(self, scene: Scene) -> str:
        """Empty: every run has a mesh."""
        return ""

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Elements behind the plane through neck and shaft axis, by region. The kept bone has the same elements "
            f"in both models. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        bodies = (scene.operated, scene.intact) if scene.has_implant else (scene.intact,)
        eye = front(scene, bodies)
        width = HEIGHT * eye.half_width / eye.half_height
        sheet = Sheet(0.3 + len(bodies) * (width + 0.25) + 1.9, HEIGHT + 1.3)
        sheet.title(self.title, f"{scene.told['name']}. {side_note(scene)}")
        for column, body in enumerate(bodies):
            left = 0.2 + column * (width + 0.25)
            pixels = canvas.draw(self._things(scene, body), eye, round(HEIGHT * DOTS_PER_INCH))
            sheet.picture(pixels, eye, left, 0.15, HEIGHT)
            sheet.text(left + 0.1, HEIGHT + 0.35, BODY_TITLES[body.name], TEXT, weight="bold")
            size = scene.told["models"][body.name]["mesh"]
            words = f"{size['n_elements']:_} elements, {size['n_nodes']:_} nodes".replace("_", " ")
            sheet.text(left + 0.1, HEIGHT + 0.17, words, SMALL)
        regions = list(dict.fromkeys(region for body in bodies for region in body.regions))
        left = 0.3 + len(bodies) * (width + 0.25)
        sheet.swatches(legend_of(regions), left, HEIGHT / 2)
        return sheet

    def _things(self, scene: Scene, body: Body) -> list[Looks]:
        body = levelled(scene, body)
        behind = body.points[body.corners].mean(axis=1) @ scene.cut_normal < 0
        things = []
        for region in body.regions:
            faces = skin(body, behind & body.in_region(region))
            things.append(Looks(faces.surface, colour_of(region), edges=True, line_width=0.45))
        return things
