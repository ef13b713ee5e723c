"""How near bone ever comes to its yield strain, whatever the person does: operated beside intact, on one scale."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.activity import MOST_NAMED, all_note, several_instants
from femsim.view.figures.pair import two_bodies
from femsim.view.figures.risk import scale_of_risk
from femsim.view.figures.section import side_note
from femsim.view.scene import Scene
from femsim.view.sheet import Sheet


@dataclass(frozen=True)
class Envelope:
    """Largest risk factor of every element over all instants of all activities, on the cut through neck and shaft."""

    title = "Risk factor of the bone: worst of all instants of all activities"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        if not scene.operated.has("risk_factor_envelope"):
            return "the run has no envelope of the risk factor"
        several = len(scene.told.get("activities", ())) > 1 or several_instants(scene)
        return "" if several else "the activity has a single instant"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            "The largest risk factor that each place reaches at any instant of any activity "
            f"({all_note(scene)}); neighbours may reach theirs at different instants. On the scale of the risk factor "
            f"at one instant; marrow is not judged. Cut through neck and shaft axis. {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        note = f"Worst of {all_note(scene, MOST_NAMED)}."
        return two_bodies(scene, canvas, self.title, "risk_factor_envelope", scale_of_risk(), note)
