"""Neck axis and proximal shaft axis of a femur in any position, from plane sections."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.head import Head
from femsim.arrays import freeze, frozen
from femsim.errors import SurfaceError
from femsim.mesh.sections import Outline, outlines
from femsim.mesh.surface import Surface

# Where the shaft is straight enough to carry an axis, in head radii below the head centre: the lesser trochanter ends
# at about 3.2 (65 mm below the head in ten OrthoLoad patients, radius 24, and 10 mm long below its tip); 6.3 is 150 mm.
SHAFT_FROM, SHAFT_TO = 3.5, 6.3
SMALLEST_SECTION = 0.28  # head radii; no neck or shaft is thinner, folds and crumbs of a rough surface are
SHORTEST_SHAFT = 0.9  # head radii of shaft below SHAFT_FROM without which no axis is fitted
REMEDY = "give the surface of one femur, at least from its head to 100 mm below it, in mm"


@dataclass(frozen=True)
class Neck:
    """axis : (3,) unit, to the head; centre (3,), radius : centroid, equal-area circle of the narrowest section."""

    axis: np.ndarray
    centre: np.ndarray
    radius: float

    def __post_init__(self):
        for name in ("axis", "centre"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


@dataclass(frozen=True)
class Shaft:
    """axis : unit (3,), proximal; point (3,) on it; available : length of whole shaft below the head centre [mm]."""

    axis: np.ndarray
    point: np.ndarray
    available: float

    def __post_init__(self):
        for name in ("axis", "point"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


def find_neck(surface: Surface, head: Head) -> Neck:
    """From the head centre through the centroids of the narrowest sections across that very line.

    Raises
    ------
    SurfaceError
        Where no narrow section follows the head.
    """
    near = _around(surface, head.centre, 4.0 * head.radius)
    down = head.neck_direction
    depths = np.arange(0.55, 2.4, 0.05) * head.radius
    for _ in range(40):
        found = [
            _nearest(outline, head.centre + depth * down, head.radius)
            for depth, outline in zip(depths, outlines(near, head.centre, down, depths))
        ]
        area = np.array([piece.area if piece else np.inf for piece in found])
        if not np.isfinite(area).any():
            raise SurfaceError("No neck was found below the head.", why="the surface is not a femur", remedy=REMEDY)
        narrowest = int(np.argmin(area))
        narrow = np.flatnonzero(area < 1.08 * area[narrowest])
        narrow = narrow[np.abs(narrow - narrowest) <= 6]
        middle = np.mean([found[k].centroid for k in narrow], axis=0) - head.centre
        new = middle / np.linalg.norm(middle)
        turn, down = np.linalg.norm(new - down), new
        if turn < 1e-5:
            break
    else:
        if turn > 0.02:
            raise SurfaceError(
                f"The neck axis does not settle (it still turns by {np.degrees(turn):.1f}° after 40 rounds).",
                why="the surface is not a femur, or its neck is destroyed",
                remedy=REMEDY,
            )
    neck_radius = float(np.sqrt(area[narrowest] / np.pi))
    if not 0.35 < neck_radius / head.radius < 0.93 or narrowest in (0, len(depths) - 1):
        raise SurfaceError(
            f"What follows the head is no neck: the narrowest section lies {depths[narrowest]:.0f} mm from the head "
            f"centre with a radius of {neck_radius:.1f} mm, the head has {head.radius:.1f} mm.",
            why="the surface is not a femur, or head and neck are not both on it",
            remedy=REMEDY,
        )
    return Neck(-down, found[narrowest].centroid, neck_radius)


def narrowest_section(surface: Surface, head_centre, head_radius: float, down) -> tuple[np.ndarray, float]:
    """Centroid (3,) and radius of the circle of equal area of the narrowest section across a known neck axis.

    `down` is the unit vector from the head centre along the neck.
    """
    down = np.asarray(down, float)
    near = _around(surface, head_centre, 4.0 * head_radius)
    depths = np.arange(0.7, 2.0, 0.04) * head_radius
    pieces = [
        _nearest(found, head_centre + depth * down, head_radius)
        for depth, found in zip(depths, outlines(near, head_centre, down, depths))
    ]
    best = min((piece for piece in pieces if piece), key=lambda piece: piece.area)
    return best.centroid, float(np.sqrt(best.area / np.pi))


def find_shaft(surface: Surface, head: Head, neck: Neck) -> Shaft:
    """Straight line through the centroids of sections from below the lesser trochanter to 150 mm below the head.

    Raises
    ------
    SurfaceError
        Where there is no shaft, or too little of it.
    """
    distance = np.linalg.norm(surface.points - head.centre, axis=1)
    band = surface.points[(distance > SHAFT_FROM * head.radius) & (distance < (SHAFT_TO + 0.5) * head.radius)]
    if len(band) < 12:
        raise _no_shaft(float(distance.max()))
    axis = np.linalg.svd(band - band.mean(axis=0), full_matrices=False)[2][0]
    axis = axis * np.sign(axis @ (head.centre - band.mean(axis=0)))
    if abs(axis @ neck.axis) > 0.95:
        raise SurfaceError("Neck and shaft lie in one line.", why="the surface is not a femur", remedy=REMEDY)
    point = band.mean(axis=0)
    near = _around(surface, head.centre, (SHAFT_TO + 2.5) * head.radius)
    for _ in range(25):
        pieces, available = _shaft_sections(near, head, axis, point)
        middle = np.array([piece.centroid for piece in pieces])
        new = np.linalg.svd(middle - middle.mean(axis=0), full_matrices=False)[2][0]
        new = new * np.sign(new @ axis)
        turn, axis, point = np.linalg.norm(new - axis), new, middle.mean(axis=0)
        if turn < 1e-5:
            break
    reach = float(((head.centre - surface.points) @ axis).max())
    return Shaft(axis, point, min(available, reach))


def _shaft_sections(near: Surface, head: Head, axis: np.ndarray, point: np.ndarray):
    """Sections below the lesser trochanter, and how far below the head centre the shaft is whole [mm]."""
    depths = np.arange(SHAFT_FROM * head.radius, SHAFT_TO * head.radius + 1e-9, 1.5)
    kept, pieces = [], []
    for depth, found in zip(depths, outlines(near, head.centre, -axis, depths)):
        piece = _nearest(found, point + ((head.centre - depth * axis - point) @ axis) * axis, head.radius)
        # Above its end the shaft's area changes by a few % per mm at most; a cut takes it to nothing within a few mm.
        if piece is None or (pieces and piece.area < 0.7 * np.median([p.area for p in pieces[-6:]])):
            break
        kept.append(depth)
        pieces.append(piece)
    ended = len(kept) < len(depths)
    while ended and len(kept) > 4 and pieces[-1].area < 0.97 * pieces[-2].area:
        del kept[-1], pieces[-1]
    if ended:
        kept, pieces = kept[:-1], pieces[:-1]
    if len(kept) < 4 or kept[-1] - kept[0] < SHORTEST_SHAFT * head.radius:
        raise _no_shaft(float(kept[-1]) if kept else 0.0)
    return pieces, float(kept[-1]) if ended else np.inf


def _no_shaft(reach: float) -> SurfaceError:
    return SurfaceError(
        f"The shaft is too short for an axis: the surface reaches {reach:.0f} mm below the head centre.",
        why="the femur is cut off near its lesser trochanter, or the surface is not a femur",
        remedy=REMEDY,
    )


def _around(surface: Surface, centre: np.ndarray, radius: float) -> Surface:
    """The triangles with all corners within a radius (enough for sections near the centre, and faster)."""
    inside = (np.linalg.norm(surface.points - centre, axis=1) < radius)[surface.triangles].any(axis=1)
    return Surface(surface.points, surface.triangles[inside], surface.labels[inside])


def _nearest(pieces: tuple[Outline, ...], point: np.ndarray, head_radius: float) -> Outline | None:
    """The outline whose middle is nearest to a point; holes and crumbs too small for a neck or shaft do not count."""
    solid = [piece for piece in pieces if piece.area > np.pi * (SMALLEST_SECTION * head_radius) ** 2]
    return min(solid, key=lambda piece: np.linalg.norm(piece.centroid - point), default=None)
