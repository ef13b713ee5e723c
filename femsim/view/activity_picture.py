"""One activity on a page: the hip force over it, how much people differ, and the muscles beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap

import numpy as np

from femsim.durable import whole_file
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

COMPONENTS = (("lateral", "#0d5aa6"), ("anterior", "#2f8f46"), ("proximal", "#b8860b"))
RESULTANT, MEASURED = "#c72121", "#1a1a1a"
MUSCLE_COLOURS = ("#7a3fa0", "#008b8b", "#d2691e", "#4d4d4d", "#c2569b", "#5a7d2a", "#8c564b", "#17607a")
WIDE = 175  # letters of a line of the sources
SAME = 0.005  # share of the largest peak below which two tables of people are the same, but for rounding


@dataclass(frozen=True)
class Drawn:
    """What is drawn of an activity; forces in `unit`.

    hip : (t, 3) lateral, anterior, proximal. muscles : name → (t,) size.
    mean, sd : of the peak's resultant between people; None where not known. mean_vector, sd_vector : of its components.
    people : (p, 3) peak of each person. vivo : name → (v, 3) further peaks measured in bodies.
    """

    name: str
    text: str
    unit: str
    instants: np.ndarray
    instant_unit: str
    frame: str
    hip: np.ndarray
    peak: int
    muscles: Mapping[str, np.ndarray]
    sources: tuple[str, ...]
    mean: float | None = None
    sd: float | None = None
    spread_source: str = ""
    mean_vector: tuple[float, float, float] | None = None
    sd_vector: tuple[float, float, float] | None = None
    people: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    vivo: Mapping[str, np.ndarray] = field(default_factory=dict)


def draw(activity: Drawn, path: Path) -> None:
    """Write the page as PNG.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    words = [line for sentence in activity.sources for line in wrap(f"· {sentence}", WIDE, subsequent_indent="  ")]
    foot = 0.17 * len(words) + 0.35
    sheet = Sheet(10.6, 5.3 + foot)
    sheet.title(activity.name.replace("_", " "), activity.text)
    axes = sheet.axes(0.8, foot + 0.6, 6.0, 3.4)
    _hip(axes, activity)
    sheet.text(0.8, foot + 4.12, f"force on the head [{activity.unit}]", SMALL, color=FAINT)
    right = sheet.axes(7.5, foot + 0.6, 2.9, 3.4)
    _muscles(right, activity)
    sheet.text(7.5, foot + 4.12, f"other forces, size [{activity.unit}]", SMALL, color=FAINT)
    for row, line in enumerate(words):
        sheet.text(0.2, foot - 0.2 - 0.17 * row, line, SMALL - 1, color=FAINT)
    with whole_file(path) as target:
        sheet.save(target, caption(activity))


def caption(activity: Drawn) -> str:
    """What one sees."""
    size = float(np.linalg.norm(activity.hip[activity.peak]))
    return (
        f"{activity.name}: {activity.text} Hip force on the femur by components and in size, peak {size:.0f} "
        f"{activity.unit}. Bars: mean and one standard deviation of the peak between people; dots: single people."
    )


def _hip(axes, activity: Drawn) -> None:
    at = activity.instants
    marks = {"marker": "o", "markersize": 4} if len(at) == 1 else {}
    size = np.linalg.norm(activity.hip, axis=1)
    axes.axhline(0, color="#999999", linewidth=0.8)
    for column, (name, colour) in enumerate(COMPONENTS):
        axes.plot(at, activity.hip[:, column], color=colour, linewidth=1.4, label=name, **marks)
    axes.plot(at, size, color=RESULTANT, linewidth=2.4, label="size", **marks)
    reach = float(np.ptp(at)) or 1.0
    here = at[activity.peak]
    if activity.mean is not None and activity.sd:
        band = activity.sd / activity.mean
        if len(at) > 1:
            axes.fill_between(
                at, size * (1 - band), size * (1 + band), color=RESULTANT, alpha=0.13, linewidth=0,
                label="± 1 sd of the peak, in proportion",
            )  # fmt: skip
        _bar(axes, here, activity.mean, activity.sd, RESULTANT)
    if activity.mean_vector is not None and activity.sd_vector is not None:
        for (_, colour), mean, sd in zip(COMPONENTS, activity.mean_vector, activity.sd_vector):
            _bar(axes, here, mean, sd, colour)
    for number, (name, people) in enumerate(_groups(activity).items()):
        place = np.full(len(people), here + (0.02 + 0.025 * number) * reach)
        dots = {"s": 13, "edgecolor": "white", "linewidth": 0.4, "zorder": 4}
        for column, (_, colour) in enumerate(COMPONENTS):
            axes.scatter(place, people[:, column], color=colour, **dots)
        axes.scatter(place, np.linalg.norm(people, axis=1), color=RESULTANT, label=name, **dots)
    axes.set_xlabel(activity.instant_unit, size=TEXT)
    axes.set_xlim(*_span(at))
    _plain(axes)
    axes.legend(fontsize=SMALL - 1, frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(-0.02, 1.07))


def _groups(activity: Drawn) -> dict[str, np.ndarray]:
    """Single people by where they are known from; a table of the same people is not drawn beside them."""
    groups = {"single people": activity.people, **activity.vivo}
    for name, people in activity.vivo.items():
        if people.shape == activity.people.shape and _are_same(people, activity.people):
            groups.pop(name)
    return {name: people for name, people in groups.items() if len(people)}


def _are_same(some: np.ndarray, others: np.ndarray) -> bool:
    """Whether each of some (v, 3) lies beside one of the others, in any order."""
    apart = np.linalg.norm(some[:, None] - others[None], axis=2)
    near = SAME * np.linalg.norm(others, axis=1).max(initial=1e-300)
    return bool((apart.min(axis=0, initial=np.inf) <= near).all() and (apart.min(axis=1, initial=np.inf) <= near).all())


def _span(instants: np.ndarray) -> tuple[float, float]:
    """Limits of the axis of time: half a step beyond the first and the last instant."""
    if len(instants) == 1:
        return instants[0] - 1.0, instants[0] + 1.0
    return 1.5 * instants[0] - 0.5 * instants[1], 1.5 * instants[-1] - 0.5 * instants[-2]


def _bar(axes, at: float, mean: float, sd: float, colour: str) -> None:
    axes.errorbar([at], [mean], yerr=[sd], color=colour, capsize=4, marker="D", markersize=4, elinewidth=1.4, zorder=5)


def _muscles(axes, activity: Drawn) -> None:
    if not activity.muscles:
        axes.set_axis_off()
        axes.text(0.0, 0.9, "no force but the hip's", size=SMALL, color=INK, transform=axes.transAxes)
        return
    marks = {"marker": "o", "markersize": 4} if len(activity.instants) == 1 else {}
    most, drawn = max(float(size.max()) for size in activity.muscles.values()), []
    for row, (name, size) in enumerate(activity.muscles.items()):
        colour = MUSCLE_COLOURS[row % len(MUSCLE_COLOURS)]
        # The two parts of a muscle round a pulley are as large as each other: dashes let the line below be seen.
        hides = any(np.abs(size - other).max() < 0.01 * most for other in drawn)
        dashes = {"linestyle": (0, (3, 3))} if hides else {}
        axes.plot(activity.instants, size, color=colour, linewidth=1.4, label=name.replace("_", " "), **dashes, **marks)
        drawn.append(size)
    axes.set_ylim(bottom=0, top=1.45 * most)
    axes.set_xlim(*_span(activity.instants))
    axes.set_xlabel(activity.instant_unit, size=TEXT)
    _plain(axes)
    axes.legend(fontsize=SMALL - 1, frameon=False, loc="upper right", ncols=2, columnspacing=1.0)


def _plain(axes) -> None:
    axes.tick_params(labelsize=SMALL)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#ececec", linewidth=0.6)
