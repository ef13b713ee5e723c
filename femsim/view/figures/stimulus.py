"""How the implant changes what bone adapts to: strain energy averaged over the time of all that the person does."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.activity import MOST_NAMED, counted_note
from femsim.view.figures.change import NOTHING_PUT_IN, cut_and_surface
from femsim.view.figures.section import side_note
from femsim.view.scene import Scene
from femsim.view.sheet import Sheet


@dataclass(frozen=True)
class Stimulus:
    """Change of the time average of strain energy density of the kept bone, on the cut and on the surface."""

    title = "Change of the stimulus that bone adapts to"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        if not scene.has_implant:
            return NOTHING_PUT_IN
        return "" if scene.operated.has("stimulus_change") else "the activity has a single instant"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Strain energy density of the kept bone averaged over time, after the operation against the same bone of "
            f"the intact femur. {counted_note(scene)} Blue: unloaded, where bone may be lost; red: loaded more. Bone "
            "does not adapt here: all is as on the day after the operation. Left: cut through neck and shaft axis; "
            f"right: surface. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        bar = "change of mean strain\nenergy density [%]"
        return cut_and_surface(scene, canvas, self.title, "stimulus_change", bar, counted_note(scene, MOST_NAMED))
