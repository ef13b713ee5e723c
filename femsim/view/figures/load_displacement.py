"""How much load the femur bears until it breaks: force over travel, operated against intact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from femsim.view.canvas import Canvas
from femsim.view.figures.activity import load_name
from femsim.view.figures.risk_course import COLOURS, DASHES
from femsim.view.fracture_curves import MARKS, Curve, curves_of, finish, fracture_words, plot
from femsim.view.scene import Scene
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet

WIDTH, HEIGHT = 5.4, 3.9  # inches of the panel
BESIDE = 2.75  # inches beside it for words


@dataclass(frozen=True)
class LoadDisplacement:
    """Hip force over the travel of the load, first crack and peak marked, the linear estimate as a line."""

    title = "Load until the femur breaks"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.told.get("failure") else "the run has no failure analysis"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            f"Size of the hip force over the travel of the load, all forces growing in the proportions of the peak of "
            f"{load_name(scene) or 'the activity'}. {MARKS}Thin line: fracture load by the linear criterion, where a "
            "sphere of 2 mm of kept bone first reaches its limit of strain."
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        curves = curves_of(scene.folder)
        sheet = Sheet(0.8 + WIDTH + 0.3 + BESIDE, HEIGHT + 1.6)
        load = load_name(scene) or "the load"
        sheet.title(self.title, f"{scene.told['name']}. Forces in the proportions of the peak of {load}.")
        axes = sheet.axes(0.75, 0.75, WIDTH, HEIGHT)
        for curve in curves:
            plot(axes, curve, COLOURS[curve.model], DASHES[curve.model])
            if curve.told["linear_estimate_n"]:
                looks = {"color": COLOURS[curve.model], "linestyle": DASHES[curve.model], "linewidth": 0.8}
                axes.axhline(curve.told["linear_estimate_n"] / 1000.0, alpha=0.7, **looks)
        finish(axes, curves, [curve.told["linear_estimate_n"] or 0.0 for curve in curves])
        top = 0.75 + HEIGHT - 0.1
        for curve in curves:
            top = self._words(sheet, 0.75 + WIDTH + 0.3, top, curve) - 0.2
        sheet.text(0.15, 0.12, f"{MARKS}Thin lines: linear estimate.", SMALL, color=FAINT)
        return sheet

    def _words(self, sheet: Sheet, left: float, top: float, curve: Curve) -> float:
        """Numbers of one model; returns the height below them."""
        sheet.stroke(left, top + 0.05, 0.35, COLOURS[curve.model], DASHES[curve.model], 1.8)
        sheet.text(left + 0.45, top, curve.model.capitalize(), TEXT, weight="bold")
        for line in _lines(curve.told):
            top -= 0.21
            sheet.text(left, top, line, SMALL)
        return top - 0.21


def _lines(told: Mapping[str, Any]) -> list[str]:
    lines = [f"fracture {fracture_words(told)}, {told['fracture_factor']:.2f} × the load"]
    if told["first_crack_load_n"] is not None:
        lines.append(f"first crack {told['first_crack_load_n']:.0f} N, {told['first_crack_zone'].replace('_', ' ')}")
    lines.append(f"pattern: {told['pattern']}")
    if told["side"]:
        lines.append(f"most on the {told['side']} side")
    lines.append(f"work until the peak {told['energy_to_peak_j']:.3g} J")
    if told["linear_estimate_n"]:
        over = told["linear_over_fracture_percent"]
        beside = "" if over is None else f" ({over:+.0f} %)"
        lines.append(f"linear estimate {told['linear_estimate_n']:.0f} N{beside}")
    return lines
