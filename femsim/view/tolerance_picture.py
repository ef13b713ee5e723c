"""What constructs tolerate of every activity: times its load until bone yields, one line per activity."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from femsim.durable import whole_file
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

COLOURS = ("#4d4d4d", "#c72121", "#0d5aa6", "#2f8f46", "#b8860b", "#7a3fa0")
MARKS = ("o", "s", "D", "^", "v", "P")
CAPTION = (
    "How many times the load of each activity a construct bears until a sphere of 2 mm of bone first reaches its yield "
    "strain. Filled: bone above the shaft. Hollow: the shaft. Left of 1, the activity itself makes bone yield. Linear; "
    "first yielding is not fracture."
)


@dataclass(frozen=True)
class Drawn:
    """What is drawn.

    activities, percent : names, and the peak of the hip force of each [% body weight].
    constructs : name → for every activity (above the shaft, shaft), times its load; None where nothing is known.
    """

    name: str
    body_mass_kg: float
    activities: tuple[str, ...]
    percent: tuple[float, ...]
    constructs: Mapping[str, tuple[tuple[float | None, float | None], ...]]


def draw(what: Drawn, path: Path) -> None:
    """Write the page as PNG.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    n, each = len(what.activities), 0.17 * max(2, len(what.constructs)) + 0.1
    height = each * n
    sheet = Sheet(9.6, height + 1.9)
    sheet.title(
        "What the construct tolerates",
        f"{what.name}, {what.body_mass_kg:g} kg. Times each activity's load until bone first yields (spheres of 2 mm).",
    )
    axes = sheet.axes(2.7, 0.75, 5.0, height)
    values = [value for rows in what.constructs.values() for pair in rows for value in pair if value]
    low, high = min([0.8, *values]) * 0.85, max([2.0, *values]) * 1.15
    axes.axvspan(low, 1.0, color="#c72121", alpha=0.07, linewidth=0)
    axes.axvline(1.0, color="#c72121", linewidth=1.2)
    for row in range(n):
        if row % 2:
            axes.axhspan(row - 0.5, row + 0.5, color="#000000", alpha=0.025, linewidth=0)
    step = 0.8 / max(2, len(what.constructs))
    for number, (name, rows) in enumerate(what.constructs.items()):
        looks = {"color": COLOURS[number % len(COLOURS)], "marker": MARKS[number % len(MARKS)]}
        at = [row + (number - 0.5 * (len(what.constructs) - 1)) * step for row in range(n)]
        for hollow in (True, False):
            points = [(pair[hollow], y) for pair, y in zip(rows, at) if pair[hollow]]
            if points:
                face = {"markerfacecolor": "white", "markersize": 3.6} if hollow else {"markersize": 6}
                label = None if hollow else name.replace("_", " ")
                axes.plot(*zip(*points), linestyle="none", label=label, **looks, **face)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = [tick for tick in (0.2, 0.5, 1, 2, 3, 5, 10, 20, 50) if low <= tick <= high]
    axes.set_xticks(ticks, labels=[f"{tick:g}×" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(n - 0.5, -0.5)
    words = [f"{name.replace('_', ' ')}  {percent:.0f} %" for name, percent in zip(what.activities, what.percent)]
    axes.set_yticks(range(n), labels=words, fontsize=SMALL)
    axes.set_xlabel("times the activity's load", size=TEXT)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e3e3e3", linewidth=0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.legend(fontsize=SMALL, frameon=False, loc="upper left", bbox_to_anchor=(1.02, 1.0))
    sheet.text(7.85, 1.05, "filled: above the shaft", SMALL, color=INK)
    sheet.text(7.85, 0.85, "hollow: the shaft", SMALL, color=INK)
    sheet.text(0.15, 0.15, "% : peak hip force, body weight. First yielding is not fracture.", SMALL, color=FAINT)
    with whole_file(path) as target:
        sheet.save(target, CAPTION)
