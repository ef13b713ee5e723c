"""What the viewer shows as a page for print: the same panels, with title, legend, scale bar and caption."""

from typing import Any

from femsim.results import summary
from femsim.view.canvas import pixels_of
from femsim.view.plan_axes import scale_bar
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet
from femsim.view.viewer import telling
from femsim.view.viewer.opened import DIFFERENCE
from femsim.view.viewer.shown import View
from femsim.view.viewer.stage import Stage

HEIGHT, GAP = 6.0, 0.15  # inches
NARROWEST = 7.6


def sheet_of(stage: Stage, view: View, words: str, dots: int) -> Sheet:
    """The page of what is shown now. words : a sentence; dots : per inch."""
    eye, n = stage.eye, len(view.panels)
    wide = HEIGHT * eye.half_width / eye.half_height
    pixels = _pixels(stage, n, round(wide * dots), round(HEIGHT * dots))
    kinds = [difference for difference in (False, True) if any(_apart(name) == difference for name in view.panels)]
    width = max(0.2 + n * (wide + GAP) + 1.9 * len(kinds), NARROWEST)
    sheet = Sheet(width, HEIGHT + 1.35, dots)
    sheet.title(f"{stage.runs[0].name}: {view.field.replace('_', ' ')}", words)
    for number, title in enumerate(telling.titles(stage, view)):
        left = 0.2 + number * (wide + GAP)
        part = pixels[:, number * pixels.shape[1] // n : (number + 1) * pixels.shape[1] // n]
        axes = sheet.picture(part, eye, left, 0.4, HEIGHT)
        if number == n - 1:
            scale_bar(axes, eye)
        sheet.text(left + 0.1, HEIGHT + 0.5, title, TEXT, weight="bold")
    for column, difference in enumerate(kinds):
        found = stage.scale(view, difference)
        sheet.bar(found.scale, 0.3 + n * (wide + GAP) + 1.9 * column, 2.2, 3.0, found.ticks)
    sheet.swatches([("not defined", found.scale.undefined)], 0.3 + n * (wide + GAP), 1.4)
    sheet.text(0.2, 0.12, summary.DISCLAIMER, SMALL - 1.5, color=FAINT)
    return sheet


def _apart(panel: str) -> bool:
    return panel.endswith(DIFFERENCE)


def _pixels(stage: Stage, n: int, wide: int, tall: int) -> Any:
    window = stage.plotter.render_window
    before = window.GetSize()
    try:
        window.SetSize(n * wide, tall)
        return pixels_of(window)
    finally:
        window.SetSize(*before)
