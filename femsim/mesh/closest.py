"""The nearest point of a triangulated surface, for many points at once."""

from dataclasses import dataclass

import numpy as np

from femsim.mesh.surface import Surface

# Triangles tried per point: they are of nearly one size, so the nearest is among those of the nearest centroids.
N_CANDIDATES = 8


@dataclass(frozen=True)
class Closest:
    """Where points project on a surface.

    foot : (k, 3) nearest point of the surface [mm]; distance : (k,) unsigned [mm]; triangle : (k,) row of the
    triangle it lies on. A point beyond the search distance has a foot of NaN, an infinite distance and triangle -1.
    """

    foot: np.ndarray
    distance: np.ndarray
    triangle: np.ndarray


def closest_points(surface: Surface, points: np.ndarray, *, within: float | np.ndarray = np.inf) -> Closest:
    """Nearest points of a surface, by the exact distance to the triangles whose centroids are nearest.

    On an evenly meshed surface this is the nearest point; among needles another one may be micrometres nearer.

    Parameters
    ----------
    surface : Surface
        Need not be closed.
    points : (k, 3) array [mm]
    within : float or (k,) array [mm]
        How far to search; a short search is a fast one.

    Raises
    ------
    ValueError
        Where the surface has no triangle.
    """
    from scipy.spatial import cKDTree

    if surface.n_triangles == 0:
        raise ValueError("a surface without triangles has no nearest point")
    corners, parent = _nearly_equal_triangles(surface.points[surface.triangles])
    tree, size = cKDTree(corners.mean(axis=1)), _radius(corners).max()
    points = np.asarray(points, float)
    within = np.broadcast_to(np.asarray(within, float), len(points))
    square, foot, triangle = np.full(len(points), np.inf), np.full(points.shape, np.nan), np.full(len(points), -1)
    for rows in _alike(within):
        _, candidates = tree.query(
            points[rows],
            k=range(1, min(N_CANDIDATES, len(corners)) + 1),
            distance_upper_bound=within[rows].max() + size,  # a triangle is met as soon as its centroid may be
            workers=-1,
        )
        for column in candidates.T:
            found = column < len(corners)
            here, row = rows[found], column[found]
            projected = _nearest_on_triangle(points[here], corners[row])
            distance = _dot(points[here] - projected, points[here] - projected)
            better = (distance < square[here]) & (distance <= within[here] ** 2)
            square[here[better]], foot[here[better]] = distance[better], projected[better]
            triangle[here[better]] = parent[row[better]]
    return Closest(foot, np.sqrt(square), triangle)


def _alike(within: np.ndarray) -> list[np.ndarray]:
    """Rows of similar search distance: the tree takes one bound for all points of a query."""
    low, high = (within.min(), within.max()) if len(within) else (0.0, 0.0)
    if not high > 1.2 * low:
        return [np.arange(len(within))]
    # Four groups already bring most of the gain.
    group = np.minimum((4 * (within - low) / (high - low)).astype(int), 3) if np.isfinite(high) else np.isinf(within)
    return [rows for k in range(4) if len(rows := np.flatnonzero(group == k))]


def _nearly_equal_triangles(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Triangles (m, 3, 3) split in four until none is much larger than the median, and the row each came from."""
    parent = np.arange(len(corners))
    limit = 1.5 * np.median(_radius(corners))
    while (large := _radius(corners) > limit).any() and len(corners) < 4_000_000:
        a, b, c = np.moveaxis(corners[large], 1, 0)
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        parts = [np.stack(part, axis=1) for part in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
        corners = np.concatenate([corners[~large], *parts])
        parent = np.concatenate([parent[~large], np.tile(parent[large], 4)])
    return corners, parent


def _radius(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(corners - corners.mean(axis=1, keepdims=True), axis=2).max(axis=1)


def _nearest_on_triangle(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """(k, 3) nearest point of one triangle per point: its projection where that falls inside, else on an edge."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = _dot(ab, ab), _dot(ab, ac), _dot(ac, ac)
    d20, d21 = _dot(ap, ab), _dot(ap, ac)
    determinant = d00 * d11 - d01 * d01
    with np.errstate(divide="ignore", invalid="ignore"):
        v = (d11 * d20 - d01 * d21) / determinant
        w = (d00 * d21 - d01 * d20) / determinant
        # A degenerate triangle has v, w of NaN or inf: it is not inside and its edges decide.
        inside = (v >= 0) & (w >= 0) & (v + w <= 1)
    nearest = a + np.where(inside, v, 0.0)[:, None] * ab + np.where(inside, w, 0.0)[:, None] * ac
    outside = np.flatnonzero(~inside)
    if outside.size:
        p, best = points[outside], np.full(len(outside), np.inf)
        for start, end in ((a, b), (b, c), (c, a)):
            q = _nearest_on_edge(p, start[outside], end[outside])
            square = _dot(p - q, p - q)
            better = square < best
            best[better] = square[better]
            nearest[outside[better]] = q[better]
    return nearest


def _nearest_on_edge(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    along = end - start
    length = np.maximum(_dot(along, along), np.finfo(float).tiny)
    return start + np.clip(_dot(points - start, along) / length, 0.0, 1.0)[:, None] * along


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("ki,ki->k", a, b)
