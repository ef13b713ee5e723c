"""The surface where a function of space is zero, as well-shaped triangles; the only importer of scikit-image."""

from collections.abc import Callable

import numpy as np

from femsim.errors import MeshError
from femsim.mesh.surface import Surface, area_vectors, edge_counts, enclosed_volume, is_closed


def isosurface(function: Callable[[np.ndarray], np.ndarray], low, high, spacing: float, *, sweeps: int = 6) -> Surface:
    """Closed, outward-facing triangles on function = 0 (negative inside).

    Parameters
    ----------
    function : (n, 3) points [mm] → (n,) values
        Close to a signed distance [mm] near its zero set.
    low, high : (3,) [mm]
        Corners of a box that holds the zero set.
    spacing : float [mm]
        Of the sampling grid; edges of the triangles come out about as long.
    sweeps : int
        Rounds of tangential smoothing, each followed by a return to the zero set: marching cubes alone leaves slivers.

    Raises
    ------
    MeshError
        Where the zero set is empty or leaves the box.
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    shape = np.ceil((high - low) / spacing).astype(int) + 1
    axes = [low[k] + spacing * np.arange(shape[k]) for k in range(3)]
    values = _sampled(function, axes, spacing)
    faces = [values[0], values[-1], values[:, 0], values[:, -1], values[:, :, 0], values[:, :, -1]]
    if values.min() >= 0 or min(face.min() for face in faces) <= 0:
        raise MeshError(
            "The zero set of the implicit shape is empty or leaves its box.", where=f"box {low} … {high} mm"
        )
    surface = marched(values, low, spacing)
    if enclosed_volume(surface) < 0:
        surface = Surface(surface.points, surface.triangles[:, ::-1])
    surface = _relaxed(surface, function, sweeps)
    if not is_closed(surface):
        raise MeshError("The surface of the implicit shape did not close.", where=f"box {low} … {high} mm")
    return surface


def marched(values: np.ndarray, low, spacing: float) -> Surface:
    """Triangles where a field on a grid from `low` [mm], negative inside, is zero, as marching cubes has them."""
    from skimage.measure import marching_cubes

    # A grid value of exactly 0 makes triangles without area; moving it by a micrometre does not show.
    values = np.where(np.abs(values) < 1e-3, np.copysign(1e-3, values), values)
    points, triangles, _, _ = marching_cubes(values, 0.0, spacing=(spacing,) * 3, gradient_direction="ascent")
    return Surface(points + low, triangles)


def _relaxed(surface: Surface, function, sweeps: int) -> Surface:
    from scipy.sparse import coo_matrix, diags

    edges, _ = edge_counts(surface.triangles)
    n = surface.n_points
    both = np.concatenate([edges, edges[:, ::-1]])
    neighbours = coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n)).tocsr()
    mean = diags(1.0 / np.asarray(neighbours.sum(axis=1)).ravel()) @ neighbours
    points = surface.points
    for _ in range(sweeps):
        points = mean @ points
        points = points - function(points)[:, None] * _normals(points, surface.triangles)
    for _ in range(2):
        points = _returned(points, function)
    return Surface(points, surface.triangles)


def _normals(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Unit normals (n, 3) at the points, outward: area-weighted means over the triangles around."""
    vectors = area_vectors(Surface(points, triangles))
    normals = np.stack(
        [sum(np.bincount(triangles[:, k], vectors[:, axis], len(points)) for k in range(3)) for axis in range(3)],
        axis=1,
    )
    return normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-30)[:, None]


def _sampled(function, axes: list[np.ndarray], spacing: float) -> np.ndarray:
    """Values on the grid of the axes: exact near the zero set, only of the right sign where it is far.

    Every fourth point in each direction is tried first; around those far from the zero set nothing can cross it.
    """
    stride = 4
    shape = tuple(len(axis) for axis in axes)
    coarse = [np.minimum(np.arange(0, n + stride - 1, stride), n - 1) for n in shape]
    blocks = np.stack(np.meshgrid(*(axis[k] for axis, k in zip(axes, coarse)), indexing="ij"), axis=-1)
    tried = function(blocks.reshape(-1, 3)).reshape(blocks.shape[:3])
    nearest = [np.minimum((np.arange(n) + stride // 2) // stride, len(k) - 1) for n, k in zip(shape, coarse)]
    values = tried[np.ix_(*nearest)]
    # The nearest tried point is at most half a stride away in each direction; a factor of 1.5 for what is only about
    # a distance.
    near = np.abs(values) < 1.5 * stride * spacing * np.sqrt(3) / 2 + spacing
    i, j, k = np.nonzero(near)
    values[near] = function(np.stack([axes[0][i], axes[1][j], axes[2][k]], axis=1))
    return values


def _returned(points: np.ndarray, function, step: float = 0.02) -> np.ndarray:
    """One Newton step along the gradient, taken by differences over `step` mm."""
    value = function(points)
    gradient = np.stack([function(points + step * e) - value for e in np.eye(3)], axis=1) / step
    return points - (value / np.maximum((gradient**2).sum(axis=1), 0.05))[:, None] * gradient
