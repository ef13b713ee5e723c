"""Where bone comes near its yield strain: operated beside intact, on one scale."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.pair import two_bodies
from femsim.view.figures.section import instant_note, side_note
from femsim.view.scene import Scene
from femsim.view.sheet import Scale, Sheet, stepped

# Steps grow upwards: walking loads most bone to less than a third of its yield strain, and the rest is what matters.
STEPS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
ABOVE = (0.85, 0.0, 0.55)


def scale_of_risk() -> Scale:
    """The one scale of every map of the risk factor."""
    return stepped("risk factor\n(strain / yield strain) [-]", STEPS, "viridis", above=ABOVE)


@dataclass(frozen=True)
class Risk:
    """Risk factor on the cut through neck and shaft."""

    title = "Risk factor of the bone"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.operated.has("risk_factor") else "the run has no risk factor"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            f"Risk factor: largest principal strain over the yield strain of bone; marrow is not judged. "
            f"{instant_note(scene)} "
            f"Cut through neck and shaft axis. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        return two_bodies(scene, canvas, self.title, "risk_factor", scale_of_risk(), instant_note(scene))
