"""The worst hip force on paper: risk over directions for both femora on one scale, from plain numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.durable import whole_file
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet, stepped

PANEL = 4.3  # inches
STEPS = 12  # colours
NOMINAL, WORST, OUTLINE = "#ffffff", "#e0218a", "#111111"
DISCLAIMER = "Research and engineering use; not a medical device."
CAPTION = (
    "Largest risk factor of kept bone over the direction of the hip force, seen along the shaft: straight down at the "
    "middle, forces that push laterally to the right, anteriorly up; rings are degrees to straight down."
)


@dataclass(frozen=True)
class Chart:
    """One femur's panel; places in degrees on the chart, x to lateral, y to anterior.

    risk : (m, n) over x (n,), y (m,); NaN where nothing is known.
    nominal, worst : (2,) places. words : lines below the panel.
    """

    title: str
    x: np.ndarray
    y: np.ndarray
    risk: np.ndarray
    nominal: np.ndarray
    worst: np.ndarray
    words: Sequence[str]


@dataclass(frozen=True)
class Page:
    """What is drawn: outline (k, 2) of the set, NaN between its lines, and a chart for each femur."""

    title: str
    under: str
    outline: np.ndarray
    charts: Mapping[str, Chart]


def draw(page: Page, path: Path) -> None:
    """Write the page as PNG.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    charts = list(page.charts.values())
    sheet = Sheet(0.75 + len(charts) * (PANEL + 0.45) + 1.1, PANEL + 2.35)
    sheet.title(page.title, page.under)
    values = np.concatenate([chart.risk[np.isfinite(chart.risk)] for chart in charts])
    bounds = _bounds(float(values.min()), float(values.max()))
    scale = stepped("risk factor [-]", bounds, "viridis")
    for number, chart in enumerate(charts):
        left = 0.75 + number * (PANEL + 0.45)
        axes = sheet.axes(left, 1.3, PANEL, PANEL)
        axes.contourf(chart.x, chart.y, np.clip(chart.risk, bounds[0], bounds[-1]), bounds, colors=scale.colours)
        axes.contour(chart.x, chart.y, chart.risk, bounds[1:-1], colors="#00000055", linewidths=0.5)
        if bounds[0] < 1.0 < bounds[-1]:
            axes.contour(chart.x, chart.y, chart.risk, [1.0], colors="#ffffff", linewidths=1.8)
        axes.plot(*page.outline.T, color=OUTLINE, linewidth=1.6)
        edge = {"markeredgecolor": INK, "linestyle": "none", "clip_on": False}
        axes.plot(*chart.nominal, marker="o", markersize=8, color=NOMINAL, **edge)
        axes.plot(*chart.worst, marker="*", markersize=16, color=WORST, **edge)
        _rings(axes, chart)
        sheet.text(left, 1.3 + PANEL + 0.1, chart.title, TEXT, weight="bold")
        for row, words in enumerate(chart.words):
            sheet.text(left, 0.62 - 0.17 * row, words, SMALL)
    sheet.bar(scale, 0.75 + len(charts) * (PANEL + 0.45), 1.3, PANEL - 0.5, [f"{bound:.3g}" for bound in bounds])
    sheet.text(0.15, 0.08, _legend(bounds), SMALL, color=FAINT)
    with whole_file(path) as target:
        sheet.save(target, f"{page.title}. {CAPTION}")


def _rings(axes, chart: Chart) -> None:
    """Axes in degrees, and circles of equal angle to straight down."""
    axes.set_xlim(chart.x[0], chart.x[-1])
    axes.set_ylim(chart.y[0], chart.y[-1])
    span = chart.x[-1] - chart.x[0]
    step = next(step for step in (2, 5, 10, 30, 60) if span / step <= 8 or step == 60)
    turn = np.linspace(0.0, 2.0 * np.pi, 181)
    for ring in np.arange(step, 181, step):
        axes.plot(ring * np.cos(turn), ring * np.sin(turn), color="#00000044", linewidth=0.5, zorder=1.5)
    axes.axhline(0.0, color="#00000044", linewidth=0.5)
    axes.axvline(0.0, color="#00000044", linewidth=0.5)
    axes.set_facecolor("#eeeeee")
    axes.set_xlabel("medial ←  force pushes, degrees off straight down  → lateral", size=SMALL)
    axes.set_ylabel("posterior ←   → anterior", size=SMALL)
    axes.tick_params(labelsize=SMALL, colors=FAINT)


def _bounds(low: float, high: float) -> np.ndarray:
    """Edges of the colours, round numbers that hold all values."""
    span = max(high - low, 1e-9 + 1e-3 * high)
    power = 10.0 ** np.floor(np.log10(span / STEPS))
    step = power * next(m for m in (1, 2, 2.5, 5, 10) if span / (m * power) <= STEPS)
    return step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)


def _legend(bounds: np.ndarray) -> str:
    words = "Circle: the activity's own peak. Star: the worst force of the set. Black line: where the set ends. "
    words += "White line: risk factor 1. " if bounds[0] < 1.0 < bounds[-1] else ""
    return words + f"Grey: not computed. {DISCLAIMER}"
