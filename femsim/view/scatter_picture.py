"""Every measure over every factor, case by case: what a correlation does not show can be seen."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from femsim.durable import whole_file
from femsim.results.summary import DISCLAIMER
from femsim.view.sheet import FAINT, SMALL, Sheet
from femsim.view.tornado_picture import STRONG, worded

MOST_FACTORS, MOST_MEASURES, SIDE, LEFT = 8, 6, 1.55, 1.35  # inches of a panel and of the margin


def draw(title: str, factors: Mapping[str, np.ndarray], measures: Mapping[str, np.ndarray], path: Path) -> None:
    """Write the matrix as PNG: a row for each measure, a column for each factor, the first of either.

    Parameters
    ----------
    factors : column → (n,) numbers, or texts, whose levels stand beside each other.
    measures : column → (n,), NaN where a case failed.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    columns, rows = list(factors)[:MOST_FACTORS], list(measures)[:MOST_MEASURES]
    width, height = LEFT + SIDE * len(columns) + 0.25, 0.75 + SIDE * len(rows) + 0.75
    sheet = Sheet(max(width, 6.0), height)
    n, words = len(next(iter(factors.values()))), worded(list(factors))
    size = 3 if n > 200 else 5
    left_out = len(factors) - len(columns) + len(measures) - len(rows)
    more = f" {left_out} more columns are in the table." if left_out else ""
    sheet.title(title, f"{n} cases, a point each; failed ones are not shown.{more}")
    for down, measure in enumerate(rows):
        for right, factor in enumerate(columns):
            bottom = height - 0.75 - SIDE * (down + 1) + 0.12
            axes = sheet.axes(LEFT + SIDE * right, bottom, SIDE - 0.18, SIDE - 0.18)
            x, ticks = _placed(factors[factor])
            axes.plot(x, measures[measure], ".", color=STRONG, markersize=size, alpha=0.55, markeredgewidth=0)
            axes.tick_params(labelsize=6, length=2)
            axes.spines[["top", "right"]].set_visible(False)
            if ticks:
                axes.set_xticks(range(len(ticks)), labels=ticks if down == len(rows) - 1 else [""] * len(ticks))
            elif down < len(rows) - 1:
                axes.set_xticklabels([])
            if right:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel(_measure_words(measure), size=7)
            if down == len(rows) - 1:
                axes.set_xlabel(words[factor], size=7)
    sheet.text(0.15, 0.12, DISCLAIMER, SMALL, color=FAINT)
    with whole_file(path) as target:
        sheet.save(target, f"{title}: {', '.join(rows)} over {', '.join(columns)}.")


def _placed(column: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Numbers as they are; texts beside each other, a little scattered, with their names."""
    if column.dtype.kind == "f":
        return column, []
    levels = sorted(set(column.tolist()))
    places = np.array([levels.index(one) for one in column.tolist()], float)
    shifts = 0.25 * np.sin(np.arange(len(places)) * 2.399963)  # golden angle: even, and the same each time
    return places + shifts, [level[:12] for level in levels]


def _measure_words(measure: str) -> str:
    name, _, unit = measure.partition(" [")
    model, zone, rest = (*name.split(".", 2), "", "")[:3]
    return f"{zone.replace('_', ' ')}\n{rest.replace('_', ' ')} [{unit}\n{model}"
