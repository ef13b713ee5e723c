"""A closed surface around any heap of triangles, however torn or tangled, made anew from the distance to them."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.isosurface import marched
from femsim.mesh.surface import Surface, area_vectors, edge_counts, enclosed_volume

SPACING = 1.3  # mm between grid points; coarser where the box is too large for MOST_CELLS
MOST_CELLS = 3_000_000
RADII = (1.6, 3.0, 5.5, 9.0)  # spacings by which the surface is thickened: gaps up to twice as wide are bridged
LEAKS = 0.6  # of what the thickest skin holds; a skin that holds less leaks, for a wall alone holds next to nothing
SWEEPS = 3  # of evening out: marching cubes alone leaves slivers
PROJECTED = 0.8  # spacings within which a point of the new surface returns to the old one


@dataclass(frozen=True)
class _Grid:
    low: np.ndarray
    spacing: float
    shape: tuple[int, int, int]

    def cell_of(self, points: np.ndarray) -> tuple[np.ndarray, ...]:
        """Indices of the nearest grid points."""
        cell = np.round((points - self.low) / self.spacing).astype(int)
        return tuple(np.clip(cell[:, k], 0, self.shape[k] - 1) for k in range(3))


def wrapped(heap: Surface) -> Surface:
    """The outer skin of a heap of triangles: closed, outward, without what lies inside.

    The heap is thickened until its gaps close, what can be reached from outside is taken away, and the rest is thinned
    by as much again (a morphological closing), so that away from gaps and creases the skin lies where the heap does.

    Raises
    ------
    SurfaceError
        Where no thickness closes the heap.
    """
    grid = _grid(heap)
    rough = _rough_distances(heap, grid)
    radius = _closing(rough, grid)
    distance = _exact_near(radius, rough, heap, grid)
    outside = _reached(distance > radius)
    # A free grid point that is no part of the outside lies in a hollow of the heap.
    thick = _skin(np.where(outside, distance - radius, np.minimum(distance - radius, -0.05 * grid.spacing)), grid)
    depth = np.where(outside, 0.0, _exact_near(radius, _from(outside, grid), thick, grid))
    return _returned(_smoothed(_skin(radius - depth, grid), thick, radius), heap, grid.spacing)


def _grid(heap: Surface) -> _Grid:
    low, high = heap.points.min(axis=0), heap.points.max(axis=0)
    room = 2.0 * (RADII[-1] + 3.0)
    spacing = SPACING
    while np.prod((high - low) / spacing + room) > MOST_CELLS:
        spacing *= 1.15
    low = low - 0.5 * room * spacing
    shape = tuple(int(n) for n in np.ceil((high - low) / spacing + 0.5 * room))
    return _Grid(low, spacing, shape)


def _rough_distances(heap: Surface, grid: _Grid) -> np.ndarray:
    """Distance of every grid point to the heap [mm], wrong by up to 1.4 spacings."""
    met = np.zeros(grid.shape, bool)
    met[grid.cell_of(_sown(heap, 0.75 * grid.spacing))] = True
    return _from(met, grid)


def _from(met: np.ndarray, grid: _Grid) -> np.ndarray:
    from scipy.ndimage import distance_transform_edt

    return distance_transform_edt(~met, sampling=grid.spacing)


def _sown(heap: Surface, step: float) -> np.ndarray:
    """Points on the triangles, no further apart than about a step."""
    corners = heap.points[heap.triangles]
    for _ in range(20):
        side = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
        large = side > step
        if not large.any() or len(corners) > 8_000_000:
            break
        a, b, c = np.moveaxis(corners[large], 1, 0)
        # The longest side is halved: triangles stay as round as they were.
        longest = np.linalg.norm(np.stack([a - b, b - c, c - a]), axis=2).argmax(axis=0)
        turned = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])[longest]
        p, q, r = (corners[large][np.arange(len(a)), turned[:, k]] for k in range(3))
        middle = (p + q) / 2
        corners = np.concatenate([corners[~large], np.stack([p, middle, r], 1), np.stack([middle, q, r], 1)])
    return corners.reshape(-1, 3)


def _exact_near(radius: float, rough: np.ndarray, surface: Surface, grid: _Grid) -> np.ndarray:
    """Distances to a surface, exact where they are near the radius."""
    band = np.abs(rough - radius) < 2.6 * grid.spacing  # rough to 1.4 spacings, neighbours differ by up to 1
    exact = rough.copy()
    places = grid.low + grid.spacing * np.argwhere(band)
    nearest = closest_points(surface, places, within=radius + 5.0 * grid.spacing).distance
    exact[band] = np.where(np.isfinite(nearest), nearest, rough[band])
    return exact


def _closing(rough: np.ndarray, grid: _Grid) -> float:
    """The smallest radius [mm] whose skin does not leak.

    Raises
    ------
    SurfaceError
        Where no radius makes the heap hold anything.
    """

    def held(radius: float) -> int:
        return int((_from(_reached(rough > radius), grid) > radius).sum())

    radii = [factor * grid.spacing for factor in RADII]
    most = held(radii[-1])
    if most == 0:
        raise _nothing_inside()
    return next((radius for radius in radii[:-1] if held(radius) > LEAKS * most), radii[-1])


def _nothing_inside() -> SurfaceError:
    return SurfaceError(
        "The triangles enclose nothing.",
        why="they are a sheet, a cloud, or the bone is open over a large part",
        remedy="segment the bone again, or export it as one closed surface",
    )


def _reached(free: np.ndarray) -> np.ndarray:
    """The free grid points that hang together with the corner of the grid."""
    from scipy.ndimage import label

    pieces, _ = label(free)
    return pieces == pieces[0, 0, 0]


def _skin(field: np.ndarray, grid: _Grid) -> Surface:
    """Outward triangles where a field on the grid is zero, negative inside."""
    if not field.min() < 0 < field.max():
        raise _nothing_inside()
    skin = marched(np.clip(field, -2.0 * grid.spacing, 2.0 * grid.spacing), grid.low, grid.spacing)
    return skin if enclosed_volume(skin) > 0 else Surface(skin.points, skin.triangles[:, ::-1])


def _smoothed(skin: Surface, thick: Surface, radius: float) -> Surface:
    """Points evened among their neighbours, kept a radius below the thick skin."""
    edges, _ = edge_counts(skin.triangles)
    both = np.concatenate([edges, edges[:, ::-1]])
    number = np.maximum(np.bincount(both[:, 0], minlength=skin.n_points), 1)[:, None]
    points = skin.points
    for _ in range(SWEEPS):
        sums = [np.bincount(both[:, 0], points[both[:, 1], axis], skin.n_points) for axis in range(3)]
        points = np.stack(sums, axis=1) / number
        nearest = closest_points(thick, points, within=2.0 * radius + 2.0)
        away = (points - nearest.foot) / np.maximum(nearest.distance, 1e-9)[:, None]
        points = np.where(np.isfinite(nearest.distance)[:, None], nearest.foot + radius * away, points)
    return Surface(points, skin.triangles)


def _returned(skin: Surface, heap: Surface, spacing: float) -> Surface:
    """Points of the skin brought onto the heap where it lies near and faces the same way."""
    nearest = closest_points(heap, skin.points, within=PROJECTED * spacing)
    found = nearest.triangle >= 0
    normals = _point_normals(skin)
    faces = area_vectors(heap)
    facing = np.zeros(skin.n_points, bool)
    rows = nearest.triangle[found]
    size = np.maximum(np.linalg.norm(faces[rows], axis=1), 1e-300)
    facing[found] = np.abs(np.einsum("ki,ki->k", faces[rows], normals[found])) > 0.8 * size
    points = skin.points.copy()
    points[facing] = nearest.foot[facing]
    return Surface(points, skin.triangles)


def _point_normals(surface: Surface) -> np.ndarray:
    vectors = area_vectors(surface)
    sums = np.stack(
        [
            sum(np.bincount(surface.triangles[:, k], vectors[:, axis], surface.n_points) for k in range(3))
            for axis in range(3)
        ],
        axis=1,
    )
    return sums / np.maximum(np.linalg.norm(sums, axis=1), 1e-300)[:, None]
