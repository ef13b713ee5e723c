"""How a measure goes along each factor: means of the cases there, and their middle half."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsim.durable import whole_file
from femsim.view.sheet import SMALL, TEXT, Sheet
from femsim.view.tornado_picture import STRONG, WEAK, worded

IN_A_ROW, WIDTH, HEIGHT, LEFT = 4, 2.4, 1.9, 0.85  # panels; inches
MOST_FACTORS = 12


@dataclass(frozen=True)
class Drawn:
    """One curve: places (numbers or names of levels), means, quartiles."""

    at: Sequence[Any]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def draw(title: str, measure: str, curves: Mapping[str, Drawn], path: Path) -> None:
    """Write the page as PNG, a panel for each factor on one scale.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    names = list(curves)[:MOST_FACTORS]
    words = worded(names)
    n_rows = -(-len(names) // IN_A_ROW)
    n_columns = min(IN_A_ROW, len(names))
    height = 0.8 + n_rows * (HEIGHT + 0.65)
    sheet = Sheet(max(LEFT + n_columns * (WIDTH + 0.3), 6.0), height)
    sheet.title(
        title, f"{measure}: mean of the cases at each place, and their middle half. All other factors vary too."
    )
    ends = [value for name in names for value in (*curves[name].low, *curves[name].high)]
    reach = (max(ends) - min(ends)) or 1.0
    for number, name in enumerate(names):
        down, right = divmod(number, IN_A_ROW)
        axes = sheet.axes(
            LEFT + right * (WIDTH + 0.3), height - 0.8 - (down + 1) * (HEIGHT + 0.65) + 0.6, WIDTH, HEIGHT
        )
        curve = curves[name]
        texts = any(isinstance(at, str) for at in curve.at)
        at = list(range(len(curve.at))) if texts else list(curve.at)
        if texts:
            axes.vlines(at, curve.low, curve.high, color=WEAK, linewidth=6)
            axes.set_xticks(at, labels=[str(one)[:14] for one in curve.at])
            axes.set_xlim(-0.6, len(at) - 0.4)
        else:
            axes.fill_between(at, curve.low, curve.high, color=WEAK, alpha=0.6, linewidth=0)
        axes.plot(at, curve.middle, "o" if texts else "o-", color=STRONG, markersize=3.5, linewidth=1.3)
        axes.set_ylim(min(ends) - 0.06 * reach, max(ends) + 0.06 * reach)
        axes.set_xlabel(words[name], size=TEXT - 1)
        axes.tick_params(labelsize=SMALL - 1.5, length=2)
        if right:
            axes.set_yticklabels([])
        axes.grid(color="#ececec", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    with whole_file(path) as target:
        sheet.save(target, f"{title}: {measure} along {', '.join(names)}.")
