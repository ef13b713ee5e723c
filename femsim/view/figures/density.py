"""How dense the bone is: what its stiffness and strength, hence everything else, rest on."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.pair import two_bodies
from femsim.view.figures.section import side_note
from femsim.view.scene import Scene
from femsim.view.sheet import Sheet, stepped

# Spongy bone lies below 1 g/cm³ and gets the finer steps; compact bone ends near 2.
STEPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0)


@dataclass(frozen=True)
class Density:
    """Apparent density on the cut through neck and shaft."""

    title = "Density of the bone"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.intact.has("density") else "the run has no density"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "Apparent density of the bone, from which its stiffness follows; mean of each element. Cut through "
            f"neck and shaft axis. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        scale = stepped("apparent density\n[g/cm³]", STEPS, "cividis")
        return two_bodies(scene, canvas, self.title, "density", scale, "Mean of each element.")
