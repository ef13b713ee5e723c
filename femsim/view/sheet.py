"""The paper around a picture: panels, titles with units, colour bars, labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.view.canvas import Eye

TEXT, SMALL, TITLE = 10.0, 8.5, 12.0  # points
DOTS_PER_INCH = 170
INK, FAINT = "#1a1a1a", "#666666"


@dataclass(frozen=True)
class Scale:
    """Colours of a field in steps, the same in picture and legend.

    bounds : rising edges of the steps, in `unit`.
    colours : (k, 3) one per step, k = len(bounds) - 1; below, above : beyond the edges, None where nothing can lie.
    undefined : where the field is NaN.
    """

    title: str
    bounds: np.ndarray
    colours: np.ndarray
    above: tuple[float, float, float] | None = None
    below: tuple[float, float, float] | None = None
    undefined: tuple[float, float, float] = (0.86, 0.86, 0.86)

    def colour(self, values: np.ndarray) -> np.ndarray:
        """(k, 3) of values (k,)."""
        first = self.colours[0] if self.below is None else self.below
        last = self.colours[-1] if self.above is None else self.above
        table = np.vstack([first, self.colours, last])
        colour = table[np.clip(np.searchsorted(self.bounds, values, side="right"), 0, len(table) - 1)]
        colour[values == self.bounds[-1]] = self.colours[-1]
        colour[~np.isfinite(values)] = self.undefined
        return colour


def stepped(title: str, bounds: Sequence[float], map_name: str, *, within=(0.0, 1.0), above=None, below=None) -> Scale:
    """A scale with the colours of a matplotlib map, one per step, taken evenly from part of the map."""
    import matplotlib

    places = np.linspace(*within, len(bounds) - 1)
    return Scale(title, np.asarray(bounds, float), matplotlib.colormaps[map_name](places)[:, :3], above, below)


class Sheet:
    """A page of `width` x `height` inches; places are in inches from its lower left corner."""

    def __init__(self, width: float, height: float, dots_per_inch: int = DOTS_PER_INCH):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self._figure = Figure(figsize=(width, height), dpi=dots_per_inch, facecolor="white")
        FigureCanvasAgg(self._figure)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Any:
        """matplotlib axes at a place."""
        at = [left / self.width, bottom / self.height, width / self.width, height / self.height]
        return self._figure.add_axes(at)

    def picture(self, pixels: np.ndarray, eye: Eye, left: float, bottom: float, height: float) -> Any:
        """A picture at a place, as axes in mm on paper, to which labels can be added."""
        axes = self.axes(left, bottom, height * eye.half_width / eye.half_height, height)
        axes.imshow(pixels, extent=eye.extent, interpolation="antialiased", aspect="auto")
        axes.set_axis_off()
        return axes

    def text(self, left: float, bottom: float, words: str, size: float = TEXT, **more: Any) -> None:
        """Words at a place."""
        more = {"color": INK, "va": "baseline", **more}
        self._figure.text(left / self.width, bottom / self.height, words, size=size, **more)

    def title(self, words: str, under: str = "") -> None:
        """The heading of the page and a fainter line below it."""
        self.text(0.15, self.height - 0.3, words, TITLE, weight="bold")
        self.text(0.15, self.height - 0.52, under, SMALL, color=FAINT)

    def bar(self, scale: Scale, left: float, bottom: float, height: float, ticks: Sequence[str] | None = None) -> None:
        """The colour bar of a scale, its title above it."""
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import BoundaryNorm, ListedColormap

        extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[
            scale.below is not None, scale.above is not None
        ]
        colours = ListedColormap(scale.colours)
        colours = colours.with_extremes(over=scale.above, under=scale.below)
        axes = self.axes(left, bottom, 0.2, height)
        bar = self._figure.colorbar(
            ScalarMappable(BoundaryNorm(scale.bounds, len(scale.colours)), colours),
            cax=axes,
            extend=extend,
            extendfrac=0.06,
            spacing="uniform",
            drawedges=False,
        )
        bar.set_ticks(scale.bounds, labels=ticks or [f"{bound:g}" for bound in scale.bounds])
        bar.ax.minorticks_off()
        bar.ax.tick_params(labelsize=SMALL, length=2, colors=INK)
        bar.outline.set_linewidth(0.6)
        self.text(left, bottom + height + 0.12, scale.title, SMALL, linespacing=1.25)

    def swatches(self, named: Sequence[tuple[str, Any]], left: float, bottom: float) -> None:
        """Coloured squares with names, stacked upwards from a place."""
        from matplotlib.patches import Rectangle

        for row, (name, colour) in enumerate(reversed(named)):
            low = bottom + 0.24 * row
            at = (left / self.width, low / self.height)
            size = (0.16 / self.width, 0.14 / self.height)
            square = Rectangle(at, *size, facecolor=colour, edgecolor=INK, linewidth=0.5)
            self._figure.add_artist(square)
            self.text(left + 0.24, low + 0.02, name, SMALL)

    def stroke(self, left: float, bottom: float, length: float, ink: Any, style: Any = "-", width: float = 1.2) -> None:
        """A short line at a place, for a legend of lines."""
        from matplotlib.lines import Line2D

        xs, y = (left / self.width, (left + length) / self.width), bottom / self.height
        looks = {"color": ink, "linestyle": style, "linewidth": width, "solid_capstyle": "butt"}
        self._figure.add_artist(Line2D(xs, (y, y), transform=self._figure.transFigure, **looks))

    def pixels(self) -> np.ndarray:
        """(h, w, 3) uint8 of the page."""
        self._figure.canvas.draw()
        return np.asarray(self._figure.canvas.buffer_rgba())[..., :3].copy()

    def save(self, path: Path, caption: str) -> None:
        """Write the page as PNG, its caption inside; the same page gives the same bytes."""
        self._figure.savefig(path, format="png", metadata={"Software": None, "Description": caption})
