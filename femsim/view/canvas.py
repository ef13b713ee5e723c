"""Polygons to pixels: parallel projections drawn without a screen, each with its scale in mm."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.view.probe import require_rendering

OVERSAMPLING = 2  # each pixel is the mean of 2 x 2: smooth edges at any driver


@dataclass(frozen=True)
class Looks:
    """One thing to draw.

    surface : pyvista.PolyData.
    colour : (3,) of one colour in 0…1, or (p, 3) one per polygon.
    lit : whether light falls on it; sections are drawn in their exact colours.
    edges : whether the sides of its polygons are drawn.
    """

    surface: Any
    colour: Any
    lit: bool = True
    edges: bool = False
    opacity: float = 1.0
    line_width: float = 1.0


@dataclass(frozen=True)
class Eye:
    """Where one looks from: the unit vectors to the right and up on paper, the centre and half the size of the picture.

    right, up : (3,) unit; centre : (3,) [mm]; half_width, half_height [mm].
    """

    right: np.ndarray
    up: np.ndarray
    centre: np.ndarray
    half_width: float
    half_height: float

    @property
    def towards(self) -> np.ndarray:
        """(3,) from the picture to the eye."""
        return np.cross(self.right, self.up)

    def on_paper(self, points: np.ndarray) -> np.ndarray:
        """(k, 2) [mm] right and up of the centre, of points (k, 3)."""
        away = np.atleast_2d(points) - self.centre
        return np.stack([away @ self.right, away @ self.up], axis=1)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top [mm] on paper."""
        return -self.half_width, self.half_width, -self.half_height, self.half_height


def eye_on(points: np.ndarray, right: np.ndarray, up: np.ndarray, *, margin: float = 0.04) -> Eye:
    """The eye that just sees all points (n, 3)."""
    right, up = (np.asarray(v, float) / np.linalg.norm(v) for v in (right, up))
    flat = np.stack([points @ right, points @ up], axis=1)
    low, high = flat.min(axis=0), flat.max(axis=0)
    middle = (low + high) / 2
    half = (high - low) / 2 * (1 + margin) + 1e-6
    depth = np.cross(right, up)
    centre = middle[0] * right + middle[1] * up + (points @ depth).mean() * depth
    return Eye(right, up, centre, float(half[0]), float(half[1]))


class Canvas:
    """An off-screen window that is used again for every picture; close it at the end.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine, which without this question would end the process.
    """

    def __init__(self):
        require_rendering()
        import pyvista

        self._plotter = pyvista.Plotter(off_screen=True, lighting="none")
        self._plotter.ren_win.SetMultiSamples(0)

    def __enter__(self) -> "Canvas":
        return self

    def __exit__(self, *error) -> None:
        self._plotter.close()

    def draw(self, things: Sequence[Looks], eye: Eye, height: int) -> np.ndarray:
        """(height, width, 3) uint8 picture on white; the width follows from the eye."""
        import pyvista

        plotter = self._plotter
        plotter.clear()
        plotter.set_background("white")
        width = max(1, round(height * eye.half_width / eye.half_height))
        plotter.window_size = [width * OVERSAMPLING, height * OVERSAMPLING]
        plotter.enable_parallel_projection()
        camera = plotter.camera
        camera.focal_point = eye.centre
        camera.position = eye.centre + 500 * eye.towards
        camera.up = eye.up
        camera.parallel_scale = eye.half_height
        # From above the left shoulder of the eye; a weak light beside the eye keeps the rest from going black.
        for direction, strength in ((eye.towards + 0.7 * eye.up - 0.6 * eye.right, 0.75), (eye.towards, 0.35)):
            light = pyvista.Light(position=eye.centre + 500 * direction, focal_point=eye.centre, intensity=strength)
            light.positional = False
            plotter.add_light(light)
        for thing in things:
            if thing.surface.n_cells:
                _add(plotter, thing)
        camera.clipping_range = (1.0, 1500.0)
        return _shrunk(pixels_of(plotter.render_window))


def made_ready() -> None:
    """Load what draws, which takes seconds, while there is nothing else to do; the first picture comes sooner then."""
    with contextlib.suppress(ImportError):
        import pyvista  # noqa: F401


def _add(plotter, thing: Looks) -> None:
    colour = np.asarray(thing.colour, float)
    surface = thing.surface.copy(deep=False)
    surface.clear_data()
    options = {"color": tuple(colour)} if colour.ndim == 1 else {"scalars": "colour", "rgb": True}
    if colour.ndim == 2:
        surface.cell_data["colour"] = np.round(colour * 255).astype(np.uint8)
    plotter.add_mesh(
        surface,
        **options,
        lighting=thing.lit,
        # Without light VTK shows ambient plus diffuse: their sum must be 1, or the colours are not those of the legend.
        ambient=0.4 if thing.lit else 0.0,
        diffuse=0.65 if thing.lit else 1.0,
        specular=0.0,
        show_edges=thing.edges,
        edge_color=(0.25, 0.25, 0.25),
        line_width=thing.line_width * OVERSAMPLING,
        opacity=thing.opacity,
        copy_mesh=False,
        reset_camera=False,
        render=False,
        show_scalar_bar=False,
    )


def pixels_of(window: Any) -> np.ndarray:
    """(height, width, 3) uint8 of what the window shows; read by hand, since pyvista draws everything twice for it."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

    window.Render()
    reader = vtkWindowToImageFilter()
    reader.SetInput(window)
    reader.SetInputBufferTypeToRGB()
    reader.ReadFrontBufferOff()
    reader.ShouldRerenderOff()
    reader.Update()
    image = reader.GetOutput()
    width, height, _ = image.GetDimensions()
    return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, 3)[::-1]


def _shrunk(picture: np.ndarray) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).reduce(OVERSAMPLING))
