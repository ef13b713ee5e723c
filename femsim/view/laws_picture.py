"""Bone laws on one page: modulus over apparent density, from plain numbers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from femsim.durable import whole_file
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet

COLOURS = ("#c72121", "#e07b39", "#b8860b", "#2f8f46", "#008b8b", "#0d5aa6", "#7a3fa0", "#c2569b", "#333333")
CAPTION = (
    "Young's modulus of bone over its apparent density. Thick: densities that the law was measured on. Thin: beyond "
    "them, or where the range is not known."
)


def draw(laws: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], path: Path) -> None:
    """Write the page as PNG.

    Parameters
    ----------
    laws : name → apparent density (k,) [g/cm³], Young's modulus (k,) [MPa], whether it was measured there (k,) bool.

    Raises
    ------
    OSError
        Where the picture cannot be written.
    """
    sheet = Sheet(9.2, 5.6)
    sheet.title(
        "Bone laws", "Thick: measured there. Thin: extrapolated, or the range is not known. Both axes logarithmic."
    )
    axes = sheet.axes(0.75, 0.6, 5.9, 4.3)
    for row, (name, (density, modulus, measured)) in enumerate(laws.items()):
        colour = COLOURS[row % len(COLOURS)]
        # The first lies on top and is the slimmest, so that laws which coincide are all seen.
        under = {"color": colour, "zorder": 3 - row / len(laws), "solid_capstyle": "butt"}
        axes.plot(density, modulus, linewidth=0.8 + 0.1 * row, label=name, **under)
        axes.plot(density, np.where(measured, modulus, np.nan), linewidth=2.4 + 0.3 * row, **under)
    axes.set_xscale("log")
    axes.set_yscale("log")
    low, high = (end([density for density, _, _ in laws.values()]) for end in (np.min, np.max))
    axes.set_xlim(low, high)
    axes.set_ylim(1.0, 30_000.0)
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0) if low <= tick <= high]
    axes.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axes.set_yticks([1, 10, 100, 1000, 10_000], labels=["1", "10", "100", "1 000", "10 000"])
    axes.minorticks_off()
    axes.grid(color="#e3e3e3", linewidth=0.6)
    axes.set_xlabel("apparent density [g/cm³]", size=TEXT)
    axes.set_ylabel("Young's modulus [MPa]", size=TEXT)
    axes.tick_params(labelsize=SMALL, colors=FAINT)
    axes.spines[["top", "right"]].set_visible(False)
    legend = axes.legend(fontsize=SMALL, frameon=False, loc="center left", bbox_to_anchor=(1.02, 0.5))
    for line in legend.get_lines():
        line.set_linewidth(2.0)
    with whole_file(path) as target:
        sheet.save(target, CAPTION)
