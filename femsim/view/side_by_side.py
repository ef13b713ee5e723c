"""The intact femora of several runs side by side, cut through neck and shaft: how dense each is, how its grain runs."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from femsim.durable import whole_file
from femsim.view.canvas import Canvas, Eye
from femsim.view.figures.density import STEPS
from femsim.view.figures.section import cut_of_field, front, levelled
from femsim.view.scene import Scene, load
from femsim.view.sheet import DOTS_PER_INCH, SMALL, TEXT, Sheet, stepped

HEIGHT = 3.9  # inches of a panel
STROKE = 1.5  # mm, half the length of the stroke that shows a direction
SPACING = 2.4  # mm on paper; a square of this side has one stroke, of the element nearest the cut


def draw(runs: Mapping[str, Path], path: Path, title: str = "Density of the bone") -> None:
    """Write the page as PNG; strokes show the direction in which orthotropic bone is stiffest.

    Parameters
    ----------
    runs : words above a panel → run folder. All on the view of the first.

    Raises
    ------
    StoreError
        Where a folder is no complete run.
    OSError
        Where the picture cannot be written.
    """
    scenes = {words: load(folder) for words, folder in runs.items()}
    first = next(iter(scenes.values()))
    eye = front(first, (first.intact,))
    scale = stepped("apparent density\n[g/cm³]", STEPS, "cividis")
    width = HEIGHT * eye.half_width / eye.half_height
    sheet = Sheet(0.3 + len(scenes) * (width + 0.1) + 1.3, HEIGHT + 1.2)
    strokes = " Strokes: stiffest direction." if any(scene.intact.has("grain") for scene in scenes.values()) else ""
    sheet.title(title, f"Intact, cut through neck and shaft axis, from the front.{strokes}")
    with Canvas() as canvas:
        for column, (words, scene) in enumerate(scenes.items()):
            left = 0.15 + column * (width + 0.1)
            things = cut_of_field(scene, scene.intact, "density", scale, scene.intact.bone)
            pixels = canvas.draw(things, eye, round(HEIGHT * DOTS_PER_INCH))
            axes = sheet.picture(pixels, eye, left, 0.1, HEIGHT)
            if scene.intact.has("grain"):
                _stroke(axes, eye, scene)
            sheet.text(left + 0.05, HEIGHT + 0.35, words, TEXT, weight="bold")
            mass = scene.told.get("bone", {}).get("mass_g")
            if mass is not None:
                sheet.text(left + 0.05, HEIGHT + 0.15, f"{mass:.0f} g", SMALL)
    sheet.bar(scale, 0.3 + len(scenes) * (width + 0.1), 0.6, 2.7)
    with whole_file(path) as target:
        sheet.save(target, title)


def _stroke(axes, eye: Eye, scene: Scene) -> None:
    """Directions near the cut, as they look on paper: one that runs to the front is a dot."""
    from matplotlib.collections import LineCollection

    body = levelled(scene, scene.intact)
    places = body.points[body.corners].mean(axis=1)
    rows = np.flatnonzero(body.bone)
    rows = rows[np.argsort(np.abs(places[rows] @ scene.cut_normal), kind="stable")]
    rows = rows[np.abs(places[rows] @ scene.cut_normal) < SPACING]
    squares = np.floor(eye.on_paper(places[rows]) / SPACING)
    rows = rows[np.unique(squares, axis=0, return_index=True)[1]]
    middle = eye.on_paper(places[rows])
    half = STROKE * np.stack([body.fields["grain"][rows] @ way for way in (eye.right, eye.up)], axis=1)
    axes.add_collection(
        LineCollection(np.stack([middle - half, middle + half], axis=1), colors="white", linewidths=0.9)
    )
