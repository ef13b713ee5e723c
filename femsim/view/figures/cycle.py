"""How the forces rise and fall over the activity."""

from dataclasses import dataclass

from femsim.view.canvas import Canvas
from femsim.view.figures.activity import has_routine, load_name
from femsim.view.scene import Scene
from femsim.view.sheet import SMALL, TEXT, Sheet

COLOURS = ("#c72121", "#0d5aa6", "#2f8f46", "#b8860b", "#7a3fa0", "#4d4d4d", "#008b8b", "#d2691e")


@dataclass(frozen=True)
class Cycle:
    """Size of every force over the instants of the activity."""

    title = "Forces over the activity"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if len(scene.told["loads"]["instants"]) > 1 else "the activity has a single instant"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        loads = scene.told["loads"]
        whose = f" Of {load_name(scene)}, the activity under [load], alone." if has_routine(scene) else ""
        return (
            f"Size of every force over the activity.{whose} The dashed line marks the largest hip force, at "
            f"{loads['peak_instant']:.3g} {loads['instant_unit']}, where the pictures of one instant are taken."
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        loads = scene.told["loads"]
        sheet = Sheet(8.0, 3.9)
        whose = f". {load_name(scene)}, the activity under [load]" if has_routine(scene) else ""
        sheet.title(self.title, f"{scene.told['name']}{whose}")
        axes = sheet.axes(0.8, 0.6, 5.2, 2.6)
        for row, (channel, newtons) in enumerate(loads["force_n"].items()):
            colour = COLOURS[row % len(COLOURS)]
            width = 2.2 if channel == "hip" else 1.4
            axes.plot(loads["instants"], newtons, color=colour, linewidth=width, label=channel.replace("_", " "))
        axes.axvline(loads["peak_instant"], color="#666666", linewidth=1.0, linestyle="--")
        axes.set_xlim(loads["instants"][0], loads["instants"][-1])
        axes.set_ylim(bottom=0)
        axes.set_xlabel(loads["instant_unit"], size=TEXT)
        axes.set_ylabel("force [N]", size=TEXT)
        axes.tick_params(labelsize=SMALL)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(fontsize=SMALL, frameon=False, loc="center left", bbox_to_anchor=(1.02, 0.5))
        return sheet
