"""The intact femora of several runs side by side, cut through neck and shaft: how dense the bone of each is."""

from collections.abc import Mapping
from pathlib import Path

from femsim.durable import whole_file
from femsim.view.canvas import Canvas
from femsim.view.figures.density import STEPS
from femsim.view.figures.section import cut_of_field, front
from femsim.view.scene import load
from femsim.view.sheet import DOTS_PER_INCH, SMALL, TEXT, Sheet, stepped

HEIGHT = 3.9  # inches of a panel


def draw(runs: Mapping[str, Path], path: Path, title: str = "Density of the bone") -> None:
    """Write the page as PNG.

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
    sheet.title(title, "Intact femora cut through neck and shaft axis, seen from the front; mean of each element.")
    with Canvas() as canvas:
        for column, (words, scene) in enumerate(scenes.items()):
            left = 0.15 + column * (width + 0.1)
            things = cut_of_field(scene, scene.intact, "density", scale, scene.intact.bone)
            sheet.picture(canvas.draw(things, eye, round(HEIGHT * DOTS_PER_INCH)), eye, left, 0.1, HEIGHT)
            sheet.text(left + 0.05, HEIGHT + 0.35, words, TEXT, weight="bold")
            mass = scene.told.get("bone", {}).get("mass_g")
            if mass is not None:
                sheet.text(left + 0.05, HEIGHT + 0.15, f"{mass:.0f} g", SMALL)
    sheet.bar(scale, 0.3 + len(scenes) * (width + 0.1), 0.6, 2.7)
    with whole_file(path) as target:
        sheet.save(target, title)
