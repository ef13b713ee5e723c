"""Which points of a lattice lie inside a closed surface."""

import numpy as np

from femsim.mesh.surface import Surface

# Lattice points are moved aside by a millionth of a spacing, in an irrational proportion: none then lies on an edge.
_ASIDE = np.array([1.0e-6 * 2**0.5, 1.0e-6 * 3**0.5])


def filled(surface: Surface, shape: tuple[int, int, int]) -> np.ndarray:
    """(i, j, k) whether a lattice point is inside a closed surface, whose points are given in indices of the lattice.

    Along each line of the lattice in its third direction, the surface is crossed in and out.
    """
    corners = surface.points[surface.triangles]
    low = np.maximum(np.ceil(corners[:, :, :2].min(axis=1) - 1e-5), 0).astype(int)
    high = np.minimum(np.floor(corners[:, :, :2].max(axis=1) + 1e-5), np.array(shape[:2]) - 1).astype(int)
    counts = np.maximum(high - low + 1, 0)
    n_tried = counts.prod(axis=1)
    triangle = np.repeat(np.arange(len(corners)), n_tried)
    nth = np.arange(len(triangle)) - np.repeat(np.cumsum(n_tried) - n_tried, n_tried)
    i = low[triangle, 0] + nth // np.maximum(counts[triangle, 1], 1)
    j = low[triangle, 1] + nth % np.maximum(counts[triangle, 1], 1)
    height, met = _crossing(corners[triangle], np.stack([i, j], axis=1) + _ASIDE)
    first = np.clip(np.ceil(height[met]), 0, shape[2]).astype(int)  # the lowest lattice point above the crossing
    turns = np.zeros((shape[0], shape[1], shape[2] + 1), np.uint8)
    np.add.at(turns, (i[met], j[met], first), 1)
    return (np.cumsum(turns[:, :, :-1], axis=2, dtype=np.uint8) % 2).astype(bool)


def points_inside(surface: Surface, spacing: float) -> np.ndarray:
    """(k, 3) [mm] points of a cubic lattice of a spacing [mm] that lie inside a closed surface."""
    low = surface.points.min(axis=0) - 0.5 * spacing
    shape = tuple(np.ceil((surface.points.max(axis=0) - low) / spacing).astype(int) + 1)
    inside = filled(Surface((surface.points - low) / spacing, surface.triangles), shape)
    return low + spacing * np.argwhere(inside)


def _crossing(corners: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height (n,) at which lines along the third axis through (n, 2) meet their triangles' planes; whether inside."""
    a, b, c = (corners[:, k, :2] - at for k in range(3))
    areas = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=1)
    total = areas.sum(axis=1)
    met = ((areas > 0).all(axis=1) | (areas < 0).all(axis=1)) & (total != 0)
    height = (areas * corners[:, :, 2]).sum(axis=1) / np.where(met, total, 1.0)
    return height, met


def _cross(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
