"""A bone beside the parametric femur fitted to it, the bone coloured by how far it lies from the fit."""

from pathlib import Path

import numpy as np

from femsim.mesh.surface import Surface
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.sheet import FAINT, SMALL, Sheet, stepped

BONE = (0.91, 0.87, 0.77)
STEPS = (-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0)  # mm
# Name of a view; which way is right on paper, in the femur frame: x lateral, y anterior; up is proximal.
VIEWS = {
    "from the front": (-1.0, 0.0, 0.0),
    "from behind": (1.0, 0.0, 0.0),
    "from lateral": (0.0, 1.0, 0.0),
    "from medial": (0.0, -1.0, 0.0),
}
TALL = 3.1  # inches of a picture; a whole femur gets twice that
HEAD, GAP, BAR = 0.8, 0.15, 1.7  # inches: above the pictures, between them, for the colour bar
PIXELS = 520


def draw(path: Path, bone: Surface, away: np.ndarray, shape: Surface, *, title: str, under: str) -> None:
    """Write a PNG: the bone from four sides above, the fitted femur below.

    Parameters
    ----------
    bone, shape : Surface in the femur frame [mm]
    away : (t,) [mm] of each triangle of the bone from the shape; + outside it.
    """
    scale = stepped("bone away from fit,\nmm, + outside", STEPS, "RdBu_r", above=(0.4, 0.0, 0.1), below=(0.0, 0.2, 0.4))
    scale.colours[len(STEPS) // 2 - 1] = BONE
    both = np.concatenate([bone.points, shape.points])
    tall = np.ptp(both[:, 2]) > 250.0
    height = TALL * (1.7 if tall else 1.0)
    eyes = {name: eye_on(both, np.array(right), np.array([0.0, 0.0, 1.0])) for name, right in VIEWS.items()}
    eyes = {name: _as_wide(eye, max(e.half_width for e in eyes.values())) for name, eye in eyes.items()}
    width = height * next(iter(eyes.values())).half_width / next(iter(eyes.values())).half_height
    columns = len(VIEWS) * 2 if tall else len(VIEWS)
    rows = 1 if tall else 2
    sheet = Sheet(0.2 + columns * (width + GAP) + BAR, HEAD + rows * (height + 0.3))
    sheet.title(title, under)
    things = {
        "bone": Looks(_polygons(bone), scale.colour(np.array(away, float))),
        "fit": Looks(_polygons(shape), np.array(BONE)),
    }
    with Canvas() as canvas:
        for n, (what, looks) in enumerate(things.items()):
            for k, (name, eye) in enumerate(eyes.items()):
                left = 0.2 + (k + (n * len(VIEWS) if tall else 0)) * (width + GAP)
                bottom = sheet.height - HEAD - (1 if tall else n + 1) * (height + 0.3) + 0.3
                pixels = canvas.draw([looks], eye, round(PIXELS * (1.4 if tall else 1.0)))
                sheet.picture(pixels, eye, left, bottom, height)
                sheet.text(left + width / 2, bottom - 0.16, f"{what}, {name}", SMALL, color=FAINT, ha="center")
    sheet.bar(scale, sheet.width - BAR + 0.2, 0.6, min(2.4, sheet.height - 2.0))
    sheet.save(path, f"{title}. {under}")


def _as_wide(eye: Eye, half_width: float) -> Eye:
    return Eye(eye.right, eye.up, eye.centre, half_width, eye.half_height)


def _polygons(surface: Surface):
    import pyvista

    faces = np.column_stack([np.full(surface.n_triangles, 3), surface.triangles])
    return pyvista.PolyData(surface.points, faces.ravel())
