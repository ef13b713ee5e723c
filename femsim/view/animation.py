"""Pages that follow one another as a GIF, made without a screen, and what its pages share."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from femsim.view.scene import Body, Scene
from femsim.view.scene import body as read_body
from femsim.view.sheet import SMALL, Scale, Sheet

DOTS_PER_INCH = 84
COLOURS = 160  # of all pages together; more are not seen on pages of few colours
MOST_FRAMES = 40
PATCH = 30  # rows of each colour that must be in the palette
LARGEST = 3_000_000  # bytes; what would be larger is told in fewer pages
STEP_MS, HOLD_MS = 100, 1800  # how long a page is seen, and the last one
VISIBLE = 6.0  # mm that the largest displacement is shown as at least; assumed: what one sees on a page


def write_gif(path: Path, page: Callable[[float], np.ndarray], n_frames: int, colours: Sequence[Any] = ()) -> None:
    """Write a GIF of at most MOST_FRAMES pages and LARGEST bytes.

    Parameters
    ----------
    page : callable
        (h, w, 3) uint8 at a share 0 … 1 of the course.
    n_frames : pages that differ.
    colours : (3,) each, 0 … 1, of what is small on the pages and must not change its colour.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    from PIL import Image

    n = min(MOST_FRAMES, max(2, n_frames))
    pages = [Image.fromarray(page(share)) for share in np.linspace(0.0, 1.0, n)]
    # One palette for all, taken from the first, the middle and the last page: colours that change would flicker.
    kept = [np.asarray(pages[k]) for k in sorted({0, n // 2, n - 1})]
    exact = [np.full((PATCH, kept[0].shape[1], 3), np.round(255 * np.asarray(one)), np.uint8) for one in colours]
    seen = Image.fromarray(np.vstack([*kept, *exact]))
    palette = seen.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    pages = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pages]
    while True:
        file = io.BytesIO()
        lasts = [STEP_MS] * (len(pages) - 1) + [HOLD_MS]
        pages[0].save(file, "GIF", save_all=True, append_images=pages[1:], duration=lasts, loop=0, optimize=False)
        if file.tell() <= LARGEST or len(pages) < 4:
            break
        pages = [*pages[:-1:2], pages[-1]]
    path.write_bytes(file.getvalue())


class Frames:
    """The bodies of one file of fields, read when they are asked for; the last one read is kept."""

    def __init__(self, scene: Scene, name: str, file: str, states: np.ndarray):
        self.name, self.states, self._path = name, states, scene.folder / file.format(name)
        self._kept: tuple[int, Body] | None = None

    def __len__(self) -> int:
        return len(self.states)

    def at(self, share: float) -> tuple[Body, int]:
        """The body at a share 0 … 1 of the frames, and its row of the table."""
        frame = round(share * (len(self) - 1))
        if self._kept is None or self._kept[0] != frame:
            self._kept = frame, read_body(self._path, self.name, frame)
        return self._kept[1], int(self.states[frame])


def magnification(bodies: list[Body]) -> float:
    """A round number by which displacements are shown so that one sees them."""
    largest = max(float(np.linalg.norm(body.displacement, axis=1).max()) for body in bodies)
    return next((times for times in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if times * largest >= VISIBLE), 100.0)


def deformed(body: Body, times: float) -> Body:
    """The body moved by its displacement, so many times."""
    return replace(body, points=body.points + times * np.asarray(body.displacement, float))


def curve(axes: Any, across: np.ndarray, up: np.ndarray, state: int, colour: str) -> None:
    """A course, faint where it is to come, with a dot where it is."""
    axes.plot(across, up, color=colour, linewidth=0.8, alpha=0.35)
    axes.plot(across[: state + 1], up[: state + 1], color=colour, linewidth=1.8)
    axes.plot(across[state], up[state], "o", color=colour, markersize=5, markeredgecolor="white")


def finish(axes: Any, across: str, up: str) -> None:
    """Names, units and plain looks of the panel of the curves."""
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(across, size=SMALL)
    axes.set_ylabel(up, size=SMALL)
    axes.tick_params(labelsize=SMALL - 1)
    axes.spines[["top", "right"]].set_visible(False)


def colours_of(scale: Scale, *inks: str) -> list[Any]:
    """What a page's scale and lines are drawn in."""
    from matplotlib.colors import to_rgb

    return [*scale.colours, *(one for one in (scale.above, scale.below) if one is not None), *map(to_rgb, inks)]


def every_other(scale: Scale) -> list[str]:
    """Ticks of a small colour bar."""
    return [f"{bound:g}" if k % 2 == 0 else "" for k, bound in enumerate(scale.bounds)]


def page_of(width: float, height: float) -> Sheet:
    """An empty page of an animation [inch]."""
    return Sheet(width, height, DOTS_PER_INCH)
