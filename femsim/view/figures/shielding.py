"""How the implant changes what the bone feels: strain energy against the intact twin, inside and on the surface."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.change import NOTHING_PUT_IN, cut_and_surface
from femsim.view.figures.section import instant_note, side_note
from femsim.view.scene import Scene
from femsim.view.sheet import Sheet


@dataclass(frozen=True)
class Shielding:
    """Change of strain energy density of the kept bone, on the cut and on the surface."""

    title = "Change of load carried by the bone (stress shielding)"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        if not scene.has_implant:
            return NOTHING_PUT_IN
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
        bar = "change of strain\nenergy density [%]"
        return cut_and_surface(scene, canvas, self.title, "shielding_change", bar, instant_note(scene))
