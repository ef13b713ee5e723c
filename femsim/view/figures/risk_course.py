"""When bone is nearest to failing: the risk factor over each activity, operated against intact."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from femsim.results.activities import Written, reached, read_csv, rows_once
from femsim.view.canvas import Canvas
from femsim.view.figures.activity import name_of, several_instants
from femsim.view.scene import Scene
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet

WIDTH, HEIGHT = 3.5, 2.0  # inches of a panel
ACROSS = 2  # panels in a row
LEFT, BETWEEN, ROW = 0.75, 1.25, 3.15  # inches: to the first panel, between two, from a row to the next
COLOURS = {"operated": "#c72121", "intact": "#0d5aa6"}
DASHES = {"operated": "-", "intact": (0, (4, 2))}  # where both run together, one is seen through the other
FORCE = "#d9d9d9"


@dataclass(frozen=True)
class RiskCourse:
    """Risk factor of the femur over the instants of every activity, one panel each, on one scale."""

    title = "Risk factor over the activities"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        if not scene.told.get("activities"):
            return "the run tells nothing of its activities"
        return "" if several_instants(scene) else "the activity has a single instant"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        told = scene.told["activities"]
        single = [name_of(told[row]["activity"]) for row in rows_once(told) if told[row]["n_frames"] == 1]
        alone = f" Not drawn, a single instant: {', '.join(single)}." if single else ""
        return (
            "Risk factor of the femur over each activity, all panels on one scale. Thick: the largest of any place; "
            "thin: 99 % of the bone's volume lies below. Support and patches of force are left out. Dots: where the "
            f"largest is reached. Grey: size of the hip force, in N on the right.{alone}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        told, written = scene.told["activities"], read_csv(scene.folder)
        rows = [row for row in rows_once(told) if told[row]["n_frames"] > 1]
        models = ("operated", "intact") if scene.has_implant else ("intact",)
        highest = max(float(written[row].largest[model].max()) for row in rows for model in models)
        across, down = min(ACROSS, len(rows)), ceil(len(rows) / ACROSS)
        sheet = Sheet(LEFT + across * (WIDTH + BETWEEN) + (0.6 if across == 1 else 0.0), 1.35 + down * ROW)
        sheet.title(self.title, f"{scene.told['name']}. Femur as a whole; support and patches of force left out.")
        for place, row in enumerate(rows):
            left = LEFT + (place % ACROSS) * (WIDTH + BETWEEN)
            low = sheet.height - 0.85 - (place // ACROSS + 1) * ROW + 0.55
            self._panel(sheet, left, low, told[row], written[row], models, 1.12 * highest)
        self._key(sheet, models)
        return sheet

    def _panel(
        self, sheet: Sheet, left: float, low: float, told: Any, written: Written, models: tuple[str, ...], top: float
    ) -> None:
        sheet.text(left, low + HEIGHT + 0.22 * len(models) + 0.1, name_of(told["activity"]), TEXT, weight="bold")
        behind = sheet.axes(left, low, WIDTH, HEIGHT)
        size = np.linalg.norm(written.hip, axis=1)
        behind.fill_between(written.instants, size, color=FORCE, linewidth=0, alpha=0.6)
        behind.set_ylim(0, 1.12 * float(size.max()))
        behind.yaxis.tick_right()
        behind.yaxis.set_label_position("right")
        behind.set_ylabel("hip force [N]", size=SMALL, color=FAINT)
        behind.tick_params(labelsize=SMALL - 1, colors=FAINT, labelbottom=False, bottom=False)
        behind.spines[:].set_visible(False)
        axes = sheet.axes(left, low, WIDTH, HEIGHT)
        axes.patch.set_visible(False)
        if top > 1.0:
            axes.axhline(1.0, color="#1a1a1a", linewidth=0.8, linestyle=":")
        for line, model in enumerate(models):
            colour, values = COLOURS[model], written.largest[model]
            looks = {"color": colour, "linestyle": DASHES[model]}
            axes.plot(written.instants, values, linewidth=2.0, **looks)
            axes.plot(written.instants, written.p99[model], linewidth=1.0, **looks)
            frame = int(values.argmax())
            axes.plot(
                written.instants[frame], values[frame], "o", color=colour,
                markersize=6 - 2 * line, markeredgecolor="white", markeredgewidth=0.6, zorder=4 + line,
            )  # fmt: skip
            axes.axvline(written.instants[frame], color=colour, linewidth=0.7, linestyle=DASHES[model], alpha=0.5)
            words = f"{told['models'][model]['risk_factor_max']:.2g} {reached(told, model)}".replace("_", " ")
            high = low + HEIGHT + 0.22 * (len(models) - 1 - line) + 0.1
            sheet.text(left, high, words, SMALL, color=colour)
        axes.set_xlim(written.instants[0], written.instants[-1])
        behind.set_xlim(axes.get_xlim())
        axes.set_ylim(0, top)
        axes.set_xlabel("time [s]" if written.instant_unit == "s" else written.instant_unit, size=SMALL)
        axes.set_ylabel("risk factor [-]", size=SMALL)
        axes.tick_params(labelsize=SMALL)
        axes.spines[["top", "right"]].set_visible(False)

    def _key(self, sheet: Sheet, models: tuple[str, ...]) -> None:
        for column, model in enumerate(models):
            left = 0.2 + 1.9 * column
            for low, words, width in ((0.36, "largest", 2.0), (0.14, "99 % below", 1.0)):
                sheet.stroke(left, low + 0.05, 0.35, COLOURS[model], DASHES[model], width)
                sheet.text(left + 0.42, low, f"{model}, {words}", SMALL)
