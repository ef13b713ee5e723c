"""Signed distance to a closed surface: negative inside, also near edges and corners."""

import numpy as np

from femsim.mesh.closest import closest_points
from femsim.mesh.surface import Surface, area_vectors

ON_SIDE = 1e-6  # barycentric share below which a foot lies on the opposite side of its triangle


def signed_distance(surface: Surface, points: np.ndarray, *, within: float | np.ndarray = np.inf) -> np.ndarray:
    """(k,) distance of points (k, 3) to a closed, outward-facing surface [mm]; infinite beyond `within`.

    The sign comes from pseudonormals: the face's inside a triangle, the sum of two on an edge, the angle-weighted sum
    at a corner, which is right wherever the nearest point lies.

    Source
    ------
    Bærentzen & Aanæs, IEEE Trans Vis Comput Graph 11 (2005) 243, doi:10.1109/TVCG.2005.49
    """
    points = np.asarray(points, float)
    nearest = closest_points(surface, points, within=within)
    found = nearest.triangle >= 0
    distance = nearest.distance.copy()
    row = nearest.triangle[found]
    normals = _pseudonormals(surface, row, nearest.foot[found])
    inside = np.einsum("ki,ki->k", points[found] - nearest.foot[found], normals) < 0
    distance[found] = np.where(inside, -distance[found], distance[found])
    return distance


def _pseudonormals(surface: Surface, row: np.ndarray, foot: np.ndarray) -> np.ndarray:
    vectors = area_vectors(surface)
    face = vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-300)[:, None]
    triangles = surface.triangles
    corners = surface.points[triangles]
    at_point = np.zeros_like(surface.points)
    for k in range(3):
        one, other = corners[:, (k + 1) % 3] - corners[:, k], corners[:, (k + 2) % 3] - corners[:, k]
        length = np.maximum(np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1), 1e-300)
        angle = np.arccos(np.clip(np.einsum("ti,ti->t", one, other) / length, -1.0, 1.0))
        for axis in range(3):
            at_point[:, axis] += np.bincount(triangles[:, k], angle * face[:, axis], surface.n_points)
    share = _barycentric(corners[row], foot)
    normals = face[row].copy()
    low = share < ON_SIDE
    on_corner, on_edge = low.sum(axis=1) >= 2, low.sum(axis=1) == 1
    normals[on_corner] = at_point[triangles[row[on_corner], share[on_corner].argmax(axis=1)]]
    if on_edge.any():
        opposite = low[on_edge].argmax(axis=1)
        mates = _mates(triangles)[row[on_edge], opposite]
        normals[on_edge] += face[mates]
    return normals


def _barycentric(corners: np.ndarray, foot: np.ndarray) -> np.ndarray:
    """(k, 3) shares of the corners (k, 3, 3) in the feet (k, 3), as areas over the whole."""
    whole = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.maximum(np.einsum("ki,ki->k", whole, whole), 1e-300)
    shares = [
        np.einsum("ki,ki->k", np.cross(corners[:, (k + 1) % 3] - foot, corners[:, (k + 2) % 3] - foot), whole) / size
        for k in range(3)
    ]
    return np.stack(shares, axis=1)


def _mates(triangles: np.ndarray) -> np.ndarray:
    """(t, 3) the triangle across the side opposite each corner; itself where the surface is open."""
    n = len(triangles)
    sides = np.concatenate([triangles[:, [(k + 1) % 3, (k + 2) % 3]] for k in range(3)])
    sides.sort(axis=1)
    key = sides[:, 0] * (int(triangles.max()) + 1) + sides[:, 1]
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    mates = np.tile(np.arange(n), 3)
    one, other = order[same], order[same + 1]
    mates[one], mates[other] = other % n, one % n
    return mates.reshape(3, n).T
