"""A triangulated surface, and what can be read off it."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class Surface:
    """Triangles in space; closed and outward-facing where the holder says so.

    points : (n, 3) [mm]
    triangles : (t, 3) int, rows of points.
    labels : (t,) int, one per triangle; all 0 when not given.
    """

    points: np.ndarray
    triangles: np.ndarray
    labels: np.ndarray | None = None

    def __post_init__(self):
        points = frozen(self.points, np.float64, (None, 3))
        triangles = frozen(self.triangles, np.int64, (None, 3))
        labels = np.zeros(len(triangles), np.int64) if self.labels is None else self.labels
        freeze(self, points=points, triangles=triangles, labels=frozen(labels, np.int64, (len(triangles),)))

    @property
    def n_points(self) -> int:
        return len(self.points)

    @property
    def n_triangles(self) -> int:
        return len(self.triangles)


def area_vectors(surface: Surface) -> np.ndarray:
    """(t, 3) [mm²]: normal direction times area of each triangle."""
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    return 0.5 * np.cross(b - a, c - a)


def areas(surface: Surface) -> np.ndarray:
    """(t,) [mm²]."""
    return np.linalg.norm(area_vectors(surface), axis=1)


def centroids(surface: Surface) -> np.ndarray:
    """(t, 3) [mm], centroid of each triangle."""
    return surface.points[surface.triangles].mean(axis=1)


def enclosed_volume(surface: Surface) -> float:
    """Signed volume [mm³] inside a closed surface; positive when it faces outward."""
    return float(np.einsum("ti,ti->", centroids(surface), area_vectors(surface)) / 3.0)


def edge_counts(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Undirected edges (k, 2) of triangles (t, 3) and how many triangles use each (k,)."""
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    n = int(pairs.max(initial=0)) + 1
    keys, counts = np.unique(pairs[:, 0].astype(np.int64) * n + pairs[:, 1], return_counts=True)  # 5 × rows of pairs
    return np.column_stack([keys // n, keys % n]), counts


def is_closed(surface: Surface) -> bool:
    """Whether every edge is shared by exactly two triangles."""
    return bool(surface.n_triangles and (edge_counts(surface.triangles)[1] == 2).all())


def transformed(surface: Surface, matrix: np.ndarray) -> Surface:
    """The surface under an affine map (4, 4); a mirroring map turns the triangles so that outward stays outward."""
    points = surface.points @ matrix[:3, :3].T + matrix[:3, 3]
    mirrored = np.linalg.det(matrix[:3, :3]) < 0
    triangles = surface.triangles[:, ::-1] if mirrored else surface.triangles
    return Surface(points, triangles, surface.labels)


def compacted(surface: Surface) -> Surface:
    """The same triangles without the points that no triangle uses."""
    used, triangles = np.unique(surface.triangles, return_inverse=True)
    return Surface(surface.points[used], triangles.reshape(-1, 3), surface.labels)
