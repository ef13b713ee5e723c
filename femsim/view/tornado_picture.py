"""Which factors matter to a measure, the strongest at the top: bars with their intervals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from femsim.durable import whole_file
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

ROW, LEFT, WIDTH, GAP = 0.34, 2.6, 3.4, 0.55  # inches
STRONG, WEAK = "#0d5aa6", "#9cc3e6"
MOST_FACTORS = 20


@dataclass(frozen=True)
class Bar:
    """One factor of a panel.

    start, end : of the bar; low, high : its interval, None where there is none.
    inner : end of a second, darker bar from 0 within it; None where there is none.
    """

    factor: str
    start: float
    end: float
    low: float | None = None
    high: float | None = None
    inner: float | None = None


@dataclass(frozen=True)
class Panel:
    """Bars that one axis measures."""

    title: str
    bars: Sequence[Bar]
    legend: str = ""


def draw(title: str, under: str, panels: Sequence[Panel], path: Path) -> None:
    """Write the page as PNG: panels side by side, each with its own order.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    n = min(MOST_FACTORS, max(len(panel.bars) for panel in panels))
    height = ROW * max(n, 2)
    sheet = Sheet(len(panels) * (LEFT + WIDTH + GAP) + 0.2, height + 1.75)
    sheet.title(title, under)
    for number, panel in enumerate(panels):
        axes = sheet.axes(LEFT + number * (LEFT + WIDTH + GAP), 0.85, WIDTH, height)
        bars = panel.bars[:MOST_FACTORS]
        words = worded([bar.factor for bar in bars])
        for row, bar in enumerate(bars):
            axes.barh(row, bar.end - bar.start, left=bar.start, height=0.62, color=WEAK, zorder=2)
            if bar.inner is not None:
                axes.barh(row, bar.inner, height=0.3, color=STRONG, zorder=3)
            if bar.low is not None and bar.high is not None:
                axes.plot([bar.low, bar.high], [row, row], color=INK, linewidth=1.2, zorder=4)
                axes.plot([bar.low, bar.high], [row, row], "|", color=INK, markersize=6, zorder=4)
        axes.axvline(0.0, color=INK, linewidth=0.8, zorder=5)
        axes.set_ylim(max(n, 2) - 0.5, -0.5)
        axes.set_yticks(range(len(bars)), labels=[words[bar.factor] for bar in bars], fontsize=SMALL)
        axes.set_xlabel(panel.title, size=TEXT)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#e3e3e3", linewidth=0.6, zorder=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        sheet.text(LEFT + number * (LEFT + WIDTH + GAP), 0.15, panel.legend, SMALL, color=FAINT)
    caption = f"{title}. {under} " + " ".join(f"{panel.title}: {panel.legend}" for panel in panels)
    with whole_file(path) as target:
        sheet.save(target, caption)


def worded(factors: Sequence[str]) -> dict[str, str]:
    """Keys as words; the section goes where the key says enough."""
    short = {factor: _words(factor.partition(" [")[0].split(".")[-1], factor) for factor in factors}
    twice = [words for words, n in Counter(short.values()).items() if n > 1]
    return {
        factor: _words(" ".join(factor.partition(" [")[0].split(".")[-2:]), factor) if words in twice else words
        for factor, words in short.items()
    }


def _words(name: str, factor: str) -> str:
    name, _, level = name.partition(": ")
    words = name.replace("_", " ")
    if level:
        return f"{words}: {level}"
    unit = factor.partition(" [")[2].rstrip("]")
    for tail in ("mm", "deg", "kg", "cm", "g per cm3"):
        if words.endswith(f" {tail}"):
            return f"{words.removesuffix(f' {tail}')} [{unit if unit not in ('', '-') else tail}]"
    return f"{words} [{unit}]" if unit not in ("", "-") else words
