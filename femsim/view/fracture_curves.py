"""How force grows with travel until a femur breaks: one curve with its marks, and several runs in one picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.durable import whole_file
from femsim.errors import UsageError
from femsim.results import failure, summary
from femsim.results.failure import Written
from femsim.view.sheet import FAINT, SMALL, Sheet

COLOURS = ("#c72121", "#0d5aa6", "#2f8f46", "#b8860b", "#7a3fa0", "#4d4d4d")
DASHES = {"operated": "-", "intact": (0, (4, 2))}
MARKS = "Hollow: first crack. Filled: fracture load. Arrow: the load had not passed its peak. "
CAPTION = (
    "Size of the hip force over the travel of the load, all forces growing in the proportions of the activity's peak. "
    f"{MARKS}Solid: operated; dashed: intact."
)


@dataclass(frozen=True)
class Curve:
    """One model of one run.

    told : its entry in summary["failure"]["models"].
    """

    label: str
    model: str
    written: Written
    told: Mapping[str, Any]


def plot(axes: Any, curve: Curve, colour: str, dashes: Any) -> None:
    """The curve with its first crack and its peak, hip force in kN."""
    written, told = curve.written, curve.told
    force, peak = written.hip_force / 1000.0, written.peak
    axes.plot(written.travel, force, color=colour, linestyle=dashes, linewidth=1.8)
    point = {"color": colour, "markersize": 6.5, "linestyle": "none", "zorder": 5}
    if told["first_crack_factor"] is not None:
        rising = np.maximum.accumulate(written.factor[: peak + 1])
        at = float(np.interp(told["first_crack_factor"], rising, written.travel[: peak + 1]))
        axes.plot(at, told["first_crack_load_n"] / 1000.0, "o", markerfacecolor="white", markeredgewidth=1.4, **point)
    axes.plot(written.travel[peak], force[peak], "o" if told["past_peak"] else "^", markeredgecolor="white", **point)


def finish(axes: Any, curves: Sequence[Curve], levels: Sequence[float] = ()) -> None:
    """Axes from zero, with units; levels [N] that must lie inside."""
    axes.set_xlim(0, 1.06 * max(float(curve.written.travel.max()) for curve in curves))
    highest = max([*(float(curve.written.hip_force.max()) for curve in curves), *levels])
    axes.set_ylim(0, 1.12 * highest / 1000.0)
    axes.set_xlabel("travel of the load along itself [mm]", size=SMALL)
    axes.set_ylabel("hip force [kN]", size=SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.grid(color="#e9e9e9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def curves_of(run_folder: Path, label: str = "") -> list[Curve]:
    """The curves of a run, operated first.

    Raises
    ------
    StoreError
        Where the folder is no complete run, or its table is damaged.
    UsageError
        Where the run has no failure analysis.
    """
    told = summary.read(run_folder)
    if not told.get("failure"):
        raise UsageError(
            "This run has no failure analysis.", where=str(run_folder), remedy='run it with analysis = "failure"'
        )
    written, models = failure.read_csv(run_folder), told["failure"]["models"]
    return [Curve(label or told["name"], name, written[name], one) for name, one in models.items()]


def fracture_words(told: Mapping[str, Any]) -> str:
    """The fracture load, with what it is worth."""
    return f"{'' if told['past_peak'] else 'at least '}{told['fracture_load_n']:.0f} N"


def draw(curves: Sequence[Curve], path: Path) -> None:
    """Write several curves as one PNG: a colour for each label, dashes for intact femora.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    sheet = Sheet(9.8, max(5.2, 1.4 + 0.46 * len(curves)))
    sheet.title("Load and travel until the femur breaks", "All forces grow in the proportions of the activity's peak.")
    axes = sheet.axes(0.75, 0.85, 5.5, sheet.height - 1.6)
    labels = list(dict.fromkeys(curve.label for curve in curves))
    for row, curve in enumerate(curves):
        colour = COLOURS[labels.index(curve.label) % len(COLOURS)]
        plot(axes, curve, colour, DASHES[curve.model])
        high = sheet.height - 0.95 - 0.46 * row
        sheet.stroke(6.55, high + 0.05, 0.4, colour, DASHES[curve.model], 1.8)
        sheet.text(7.05, high, f"{curve.label.replace('_', ' ')}, {curve.model}", SMALL, weight="bold")
        sheet.text(7.05, high - 0.17, f"{fracture_words(curve.told)}, {curve.told['pattern']}", SMALL)
    finish(axes, curves)
    sheet.text(0.15, 0.15, f"{MARKS}{summary.DISCLAIMER}", SMALL, color=FAINT)
    with whole_file(path) as target:
        sheet.save(target, CAPTION)
