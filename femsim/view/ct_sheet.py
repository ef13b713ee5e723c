"""A page on a CT: cuts with the femur's outline, and how its HU are spread."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from femsim.view.sheet import FAINT, INK, SMALL, Sheet

WINDOW_HU = (-150.0, 1100.0)
OUTLINE = "#ff5a36"


def ct_sheet(
    title: str,
    under: str,
    cuts: Sequence[Any],
    lines: Sequence[str] = (),
    histogram: tuple[np.ndarray, np.ndarray] | None = None,
) -> Sheet:
    """Cuts beside each other; below them, where given, a histogram of HU in the bone and lines of text.

    Parameters
    ----------
    cuts : objects with title, pixels, extent [mm] and outline (n, 2, 2) [mm]
    histogram : edges (b + 1,) [HU] and counts (b,)
    """
    size, gap = 2.25, 0.12
    below = 2.35 if histogram is not None or lines else 0.35
    width = len(cuts) * (size + gap) + 0.3
    sheet = Sheet(width, size + below + 1.05)
    sheet.title(title, under)
    for k, cut in enumerate(cuts):
        left = 0.15 + k * (size + gap)
        axes = sheet.axes(left, below + 0.1, size, size)
        pixels = np.nan_to_num(np.asarray(cut.pixels), nan=WINDOW_HU[0])
        axes.imshow(pixels, extent=cut.extent, cmap="gray", vmin=WINDOW_HU[0], vmax=WINDOW_HU[1], aspect="equal")
        _outline(axes, cut.outline)
        axes.set_xlim(cut.extent[:2])
        axes.set_ylim(cut.extent[2:])
        axes.set_axis_off()
        axes.plot([cut.extent[0] + 6, cut.extent[0] + 26], [cut.extent[2] + 6] * 2, color="white", lw=1.6)
        axes.text(cut.extent[0] + 16, cut.extent[2] + 8, "20 mm", color="white", size=6.5, ha="center")
        sheet.text(left, below + size + 0.17, cut.title, SMALL)
    if histogram is not None:
        _histogram(sheet.axes(0.6, 0.5, 0.42 * width, below - 0.75), *histogram)
    at = 0.6 + 0.42 * width + 0.35 if histogram is not None else 0.15
    for n, line in enumerate(lines):
        sheet.text(at, below - 0.42 - 0.21 * n, line, SMALL)
    return sheet


def _outline(axes: Any, pieces: np.ndarray) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(pieces, colors=OUTLINE, linewidths=0.9))


def _histogram(axes: Any, edges: np.ndarray, counts: np.ndarray) -> None:
    axes.bar(edges[:-1], 100 * counts / max(counts.sum(), 1), np.diff(edges), align="edge", color="#4a7aa5", lw=0)
    axes.set_xlabel("HU in the bone", size=SMALL, color=INK)
    axes.set_ylabel("% of the bone", size=SMALL, color=INK)
    filled = np.flatnonzero(counts)
    if len(filled):
        axes.set_xlim(edges[max(filled[0] - 1, 0)], edges[min(filled[-1] + 2, len(edges) - 1)])
    axes.tick_params(labelsize=SMALL, length=2, colors=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
