"""Plane sections of a closed surface: outline, area and centroid of each piece of material that a plane meets."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.mesh.surface import Surface


@dataclass(frozen=True)
class Outline:
    """One connected outline of a plane section.

    area : [mm²], negative for the outline of a hole.
    centroid : (3,) [mm].
    points : (k, 3) [mm], start points of the outline's segments, in no particular order.
    """

    area: float
    centroid: np.ndarray
    points: np.ndarray

    def __post_init__(self):
        freeze(
            self, centroid=frozen(self.centroid, np.float64, (3,)), points=frozen(self.points, np.float64, (None, 3))
        )


def outlines(surface: Surface, origin, normal, heights) -> list[tuple[Outline, ...]]:
    """Outlines of the sections by the planes (x - origin)·normal = height, one tuple per height.

    Parameters
    ----------
    surface : closed, outward-facing
    origin, normal : (3,)
        `normal` is a unit vector.
    heights : (k,) [mm]
    """
    normal = np.asarray(normal, float)
    above = (surface.points - origin) @ normal
    corners = above[surface.triangles]
    lowest, highest = corners.min(axis=1), corners.max(axis=1)
    return [
        _section(surface, above - height, np.flatnonzero((lowest <= height) & (highest >= height)), normal)
        for height in heights
    ]


def radii_around(surface: Surface, origin, axis, superior, heights, *, n_around: int = 72) -> np.ndarray:
    """How far the surface is from an axis inside it, in each direction.

    Parameters
    ----------
    surface : closed, outward-facing
    origin, axis, superior : (3,)
        The axis through the origin; directions count from `superior`, across the axis, right-handed about it.
    heights : (k,) [mm]
        Positions along the axis from the origin.

    Returns
    -------
    (k, n_around) array [mm]
        Where a ray from the axis first meets the surface; NaN where it meets none.
    """
    axis, superior = np.asarray(axis, float), np.asarray(superior, float)
    flat = np.stack([superior, np.cross(axis, superior)], axis=1)
    angles = 2 * np.pi * np.arange(n_around) / n_around
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    above = (surface.points - origin) @ axis
    corners = above[surface.triangles]
    lowest, highest = corners.min(axis=1), corners.max(axis=1)
    radii = np.full((len(heights), n_around), np.nan)
    for row, height in enumerate(heights):
        candidates = np.flatnonzero((lowest <= height) & (highest >= height))
        starts, ends, _ = _segments(surface, above - height, candidates)
        if not len(starts):
            continue
        a, along = (starts - origin) @ flat, (ends - starts) @ flat
        # a + s·along = t·ray, for every ray and segment.
        determinant = rays[:, :1] * along[:, 1] - rays[:, 1:] * along[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (a[:, 0] * along[:, 1] - a[:, 1] * along[:, 0]) / determinant
            s = (a[:, 0] * rays[:, 1:] - a[:, 1] * rays[:, :1]) / determinant
        t = np.where((s >= -1e-9) & (s <= 1 + 1e-9) & (t > 0), t, np.inf).min(axis=1)
        radii[row] = np.where(np.isfinite(t), t, np.nan)
    return radii


def perpendicular_pair(normal) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors u, v that make (u, v, normal) right-handed."""
    normal = np.asarray(normal, float)
    u = np.cross(normal, np.eye(3)[np.argmin(np.abs(normal))])
    u /= np.linalg.norm(u)
    return u, np.cross(normal, u)


def _section(surface: Surface, above: np.ndarray, candidates: np.ndarray, normal: np.ndarray) -> tuple[Outline, ...]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    starts, ends, edges = _segments(surface, above, candidates)
    if not len(starts):
        return ()
    _, edge_rows = np.unique(edges, return_inverse=True)
    edge_rows = edge_rows.reshape(edges.shape)
    n = int(edge_rows.max()) + 1
    graph = coo_matrix((np.ones(len(edge_rows)), (edge_rows[:, 0], edge_rows[:, 1])), shape=(n, n))
    n_pieces, piece_of_edge = connected_components(graph, directed=False)
    piece = piece_of_edge[edge_rows[:, 0]]
    u, v = perpendicular_pair(normal)
    base = starts[0]
    a, b = ((p - base) @ np.stack([u, v], axis=1) for p in (starts, ends))
    twice = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    area = np.bincount(piece, twice, n_pieces) / 2
    moments = [np.bincount(piece, (a[:, k] + b[:, k]) * twice, n_pieces) / 6 for k in (0, 1)]
    found = []
    for k in range(n_pieces):
        if abs(area[k]) > 1e-9:
            centroid = base + moments[0][k] / area[k] * u + moments[1][k] / area[k] * v
            found.append(Outline(float(area[k]), centroid, starts[piece == k]))
    return tuple(found)


def _segments(surface: Surface, above: np.ndarray, candidates: np.ndarray):
    """Start and end points (k, 3) and edge numbers (k, 2) of the directed segments; material lies to their left."""
    triangles = surface.triangles[candidates]
    positive = (
        above[triangles] >= 0
    )  # a corner on the plane counts as above, so that no triangle is met in a point only
    crossing = positive.any(axis=1) & ~positive.all(axis=1)
    triangles, positive = triangles[crossing], positive[crossing]
    # Rotate each triangle so that its odd corner (alone on its side) comes first.
    odd = np.where(positive.sum(axis=1) == 1, positive.argmax(axis=1), positive.argmin(axis=1))
    a, b, c = (triangles[np.arange(len(odd)), (odd + k) % 3] for k in range(3))
    flip = ~positive[np.arange(len(odd)), odd]
    first, second = _cross(surface, above, a, b), _cross(surface, above, a, c)
    key = [np.minimum(a, other) * surface.n_points + np.maximum(a, other) for other in (b, c)]
    starts = np.where(flip[:, None], second, first)
    ends = np.where(flip[:, None], first, second)
    edges = np.stack([np.where(flip, key[1], key[0]), np.where(flip, key[0], key[1])], axis=1)
    return starts, ends, edges


def _cross(surface: Surface, above: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    t = (above[i] / (above[i] - above[j]))[:, None]
    return surface.points[i] + t * (surface.points[j] - surface.points[i])
