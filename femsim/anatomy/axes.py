"""Neck axis and proximal shaft axis of a femur in any position, from plane sections."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.head import Head
from femsim.arrays import freeze, frozen
from femsim.errors import SurfaceError
from femsim.mesh.sections import Outline, outlines
from femsim.mesh.surface import Surface, area_vectors

# Where the shaft is straight enough to carry an axis, in head radii below the head centre: the lesser trochanter ends
# at about 3.2 (65 mm below the head in ten OrthoLoad patients, radius 24, and 10 mm long below its tip); 6.3 is 150 mm.
SHAFT_FROM, SHAFT_TO = 3.5, 6.3
SMALLEST_SECTION = 0.28  # head radii; no neck or shaft is thinner, folds and crumbs of a rough surface are
SHORTEST_SHAFT = 0.5  # head radii of shaft below SHAFT_FROM without which no axis is fitted
LONG = 1.8  # RMS length over RMS width from which on the shaft's longest direction is its axis; a square tube has 1
REMEDY = "give the surface of one femur, at least from its head to 100 mm below it, in mm"


@dataclass(frozen=True)
class Neck:
    """axis : (3,) unit, to the head; centre (3,), radius : centroid, equal-area circle of the narrowest section.

    spread_deg : RMS angle by which the centroids of the narrow sections, seen from the head centre, lie off the axis.
    """

    axis: np.ndarray
    centre: np.ndarray
    radius: float
    spread_deg: float = float("nan")

    def __post_init__(self):
        for name in ("axis", "centre"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


@dataclass(frozen=True)
class Shaft:
    """axis : unit (3,), proximal; point (3,) on it; available : length of whole shaft below the head centre [mm].

    residual : RMS distance of the section centroids from the axis [mm]; fitted : length of shaft they span [mm].
    """

    axis: np.ndarray
    point: np.ndarray
    available: float
    residual: float = float("nan")
    fitted: float = float("nan")

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
    seen = np.array([found[k].centroid for k in narrow]) - head.centre
    off = np.arccos(np.clip(seen @ down / np.linalg.norm(seen, axis=1), -1.0, 1.0))
    return Neck(-down, found[narrowest].centroid, neck_radius, float(np.degrees(np.sqrt((off**2).mean()))))


def given_neck(surface: Surface, head: Head, centre) -> Neck:
    """The neck whose axis runs from the head centre through a point that is known.

    Raises
    ------
    SurfaceError
        Where the point is no place inside a neck.
    """
    centre = np.asarray(centre, float)
    depth = float(np.linalg.norm(centre - head.centre))
    if not 0.3 * head.radius < depth < 3.0 * head.radius:
        raise SurfaceError(
            f"The given neck centre lies {depth:.0f} mm from the head centre; a neck with a head of "
            f"{head.radius:.0f} mm radius has its middle at {0.3 * head.radius:.0f} to {3 * head.radius:.0f} mm.",
            where="femur.neck_centre_mm",
            remedy="give a point inside the neck, in the file's frame, in mm",
        )
    down = (centre - head.centre) / depth
    near = _around(surface, head.centre, 4.0 * head.radius)
    piece = _nearest(outlines(near, head.centre, down, [depth])[0], centre, head.radius)
    if piece is None or np.linalg.norm(piece.centroid - centre) > head.radius:
        raise SurfaceError(
            "The given neck centre does not lie inside the bone.",
            where="femur.neck_centre_mm",
            remedy="give a point inside the neck, in the file's frame, in mm",
        )
    return Neck(-down, centre, float(np.sqrt(piece.area / np.pi)), 0.0)


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
    _, spread, directions = np.linalg.svd(band - band.mean(axis=0), full_matrices=False)
    # A stub is no longer than wide: there the wall's normals, all across the axis, say where it points.
    axis = directions[0] if spread[0] > LONG * spread[1] else _across_normals(surface, distance, head.radius)
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
    beside = middle - point
    residual = float(np.sqrt((np.linalg.norm(beside - np.outer(beside @ axis, axis), axis=1) ** 2).mean()))
    return Shaft(axis, point, min(available, _reach(surface, head, axis)), residual, float(np.ptp(beside @ axis)))


def given_shaft(surface: Surface, head: Head, ends) -> Shaft:
    """The shaft whose axis runs through two points (2, 3) that are known.

    Raises
    ------
    SurfaceError
        Where the points are too near to each other, or the surface has no shaft along them.
    """
    one, other = np.asarray(ends, float)
    length = np.linalg.norm(other - one)
    if length < head.radius:
        raise SurfaceError(
            f"The two given shaft points lie {length:.0f} mm apart; an axis needs {head.radius:.0f} mm.",
            where="femur.shaft_points_mm",
            remedy="give two points on the shaft's axis, one below the lesser trochanter, one further down",
        )
    axis, point = (one - other) / length, (one + other) / 2
    axis = axis * np.sign(axis @ (head.centre - point))
    near = _around(surface, head.centre, (SHAFT_TO + 2.5) * head.radius)
    pieces, available = _shaft_sections(near, head, axis, point)
    middle = np.array([piece.centroid for piece in pieces]) - point
    residual = float(np.sqrt((np.linalg.norm(middle - np.outer(middle @ axis, axis), axis=1) ** 2).mean()))
    fitted = float(np.ptp(middle @ axis))
    return Shaft(axis, point, min(available, _reach(surface, head, axis)), residual, fitted)


def _reach(surface: Surface, head: Head, axis: np.ndarray) -> float:
    return float(((head.centre - surface.points) @ axis).max())


def _across_normals(surface: Surface, distance: np.ndarray, radius: float) -> np.ndarray:
    """(3,) the direction that the surface between SHAFT_FROM and SHAFT_TO faces least."""
    of_triangle = distance[surface.triangles].min(axis=1)
    here = (of_triangle > SHAFT_FROM * radius) & (of_triangle < (SHAFT_TO + 0.5) * radius)
    vectors = area_vectors(Surface(surface.points, surface.triangles[here]))
    size = np.maximum(np.linalg.norm(vectors, axis=1), 1e-30)
    return np.linalg.eigh((vectors / size[:, None]).T @ vectors)[1][:, 0]


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
