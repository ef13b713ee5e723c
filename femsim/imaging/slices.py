"""Flat cuts through an image, with the outline of a surface in them."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.imaging.image import Image, holds, sampled
from femsim.mesh.surface import Surface

PIXEL_MM = 0.6


@dataclass(frozen=True)
class Slice:
    """One cut, seen as a radiologist does: the patient's right on the left of paper, front or head on top.

    pixels : (rows, columns), the first row on top; NaN beyond the image.
    extent : left, right, bottom, top on paper [mm] from the middle of the cut.
    outline : (n, 2, 2) pieces of the surface's outline, on paper [mm].
    """

    title: str
    pixels: np.ndarray
    extent: tuple[float, float, float, float]
    outline: np.ndarray

    def __post_init__(self):
        freeze(self, outline=frozen(self.outline, np.float64, (None, 2, 2)))


def cuts(image: Image, surface: Surface, centre: np.ndarray, *, half_mm: float = 66.0) -> tuple[Slice, ...]:
    """Two coronal and two axial cuts through and near a place, of an image and a surface in LPS."""
    left, back, up = np.eye(3)
    middle = 0.5 * (surface.points[:, 0].min() + surface.points[:, 0].max())
    centre = np.array([middle, *centre[1:]])
    return (
        _cut("coronal, through the head centre", image, surface, centre, left, up, half_mm),
        _cut("coronal, 12 mm behind it", image, surface, centre + 12 * back, left, up, half_mm),
        _cut("axial, through the head centre", image, surface, centre, left, -back, half_mm),
        _cut("axial, 20 mm below it", image, surface, centre - 20 * up, left, -back, half_mm),
    )


def _cut(title, image, surface, centre, right_on_paper, up_on_paper, half) -> Slice:
    ticks = np.arange(-half + PIXEL_MM / 2, half, PIXEL_MM)
    across, along = np.meshgrid(ticks, ticks[::-1])
    places = centre + across.ravel()[:, None] * right_on_paper + along.ravel()[:, None] * up_on_paper
    pixels = np.where(holds(image, places), sampled(image, places), np.nan).reshape(across.shape)
    normal = np.cross(right_on_paper, up_on_paper)
    flat = np.stack([right_on_paper, up_on_paper], axis=1)
    return Slice(title, pixels, (-half, half, -half, half), (_crossed(surface, centre, normal) - centre) @ flat)


def _crossed(surface: Surface, centre: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """(n, 2, 3) where triangles cross a plane."""
    height = (surface.points - centre) @ normal + 1e-9
    corners, height = surface.points[surface.triangles], height[surface.triangles]
    met = (height > 0).any(axis=1) & (height < 0).any(axis=1)
    corners, height = corners[met], height[met]
    alone = np.where((height > 0).sum(axis=1) == 1, (height > 0).argmax(axis=1), (height < 0).argmax(axis=1))
    rows = np.arange(len(alone))
    ends = []
    for step in (1, 2):
        other = (alone + step) % 3
        share = height[rows, alone] / (height[rows, alone] - height[rows, other])
        ends.append(corners[rows, alone] + share[:, None] * (corners[rows, other] - corners[rows, alone]))
    return np.stack(ends, axis=1)
