"""Nearest points of a surface."""

import numpy as np
import pytest

from femsim.mesh.closest import _nearest_on_triangle, closest_points
from femsim.mesh.surface import Surface


def _ball(radius=10.0, n=40):
    """A triangulated sphere with very unequal triangles (poles)."""
    theta, phi = np.meshgrid(
        np.linspace(0, np.pi, n // 2 + 1), np.linspace(0, 2 * np.pi, n, endpoint=False), indexing="ij"
    )
    points = radius * np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], -1).reshape(
        -1, 3
    )
    row, column = np.meshgrid(np.arange(n // 2), np.arange(n), indexing="ij")
    a, b = row * n + column, row * n + (column + 1) % n
    triangles = np.concatenate(
        [np.stack([a, a + n, b], -1).reshape(-1, 3), np.stack([b, a + n, b + n], -1).reshape(-1, 3)]
    )
    return Surface(points, triangles)


# Even triangles: rounding. Needles at the poles: micrometres, as the docstring says.
@pytest.mark.parametrize("surface, error", [("even", 1e-12), ("needles", 1e-3)])
def test_it_finds_what_trying_every_triangle_finds(surface, error):
    surface = _ball(n=80) if surface == "needles" else _even_ball()
    points = np.random.default_rng(1).uniform(-14, 14, (400, 3))
    corners = surface.points[surface.triangles]
    tried = np.array(
        [np.linalg.norm(p - _nearest_on_triangle(np.tile(p, (len(corners), 1)), corners), axis=1).min() for p in points]
    )
    assert closest_points(surface, points).distance == pytest.approx(tried, abs=error)


def _even_ball(radius=10.0):
    """An octahedron's faces split three times, blown up to a sphere."""
    tip = np.concatenate([np.eye(3), -np.eye(3)])
    corners = tip[[(0, 1, 2), (1, 3, 2), (3, 4, 2), (4, 0, 2), (1, 0, 5), (3, 1, 5), (4, 3, 5), (0, 4, 5)]]
    for _ in range(3):
        a, b, c = np.moveaxis(corners, 1, 0)
        ab, bc, ca = a + b, b + c, c + a
        corners = np.concatenate([np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        corners = corners / np.linalg.norm(corners, axis=2, keepdims=True)
    return Surface(radius * corners.reshape(-1, 3), np.arange(3 * len(corners)).reshape(-1, 3))


@pytest.mark.parametrize(
    "point, foot",
    [
        ((0.2, 0.3, 5.0), (0.2, 0.3, 0.0)),  # above the inside
        ((-1.0, -2.0, 0.0), (0.0, 0.0, 0.0)),  # beyond a corner
        ((0.5, -1.0, 1.0), (0.5, 0.0, 0.0)),  # beyond an edge
        ((1.0, 1.0, 0.0), (0.5, 0.5, 0.0)),  # beyond the long edge
    ],
)
def test_foot_on_one_triangle(point, foot):
    surface = Surface(np.array([(0.0, 0, 0), (1, 0, 0), (0, 1, 0)]), np.array([(0, 1, 2)]))
    nearest = closest_points(surface, np.array([point]))
    assert nearest.foot[0] == pytest.approx(foot, abs=1e-12)
    assert nearest.distance[0] == pytest.approx(np.linalg.norm(np.subtract(point, foot)), abs=1e-12)


def test_a_long_triangle_is_found_from_its_far_end():
    small = np.array([(0.0, 0, 6), (1, 0, 6), (0, 1, 6)])
    long = np.array([(0.0, 0, 0), (400, 0, 0), (0, 1, 0)])
    row = [small + np.array([k, 0, 0]) for k in range(370, 400)]
    surface = Surface(np.concatenate([long, *row]), np.arange(93).reshape(-1, 3))
    nearest = closest_points(surface, np.array([(399.0, 0.0, 2.0)]))
    assert nearest.distance[0] == pytest.approx(2.0, abs=1e-9)
    assert nearest.triangle[0] == 0


def test_beyond_the_search_nothing_is_found():
    nearest = closest_points(_ball(), np.array([(0.0, 0, 0), (9.5, 0, 0)]), within=1.0)
    assert np.isinf(nearest.distance[0]) and nearest.triangle[0] == -1 and np.isnan(nearest.foot[0]).all()
    assert nearest.distance[1] < 1.0


def test_each_point_may_have_a_search_distance_of_its_own():
    surface, points = _even_ball(), np.random.default_rng(3).uniform(-9, 9, (300, 3))
    within = np.random.default_rng(4).uniform(0.5, 8.0, 300)
    far, near = closest_points(surface, points), closest_points(surface, points, within=within)
    assert near.distance == pytest.approx(np.where(far.distance <= within, far.distance, np.inf), abs=1e-12)


def test_a_surface_without_triangles_is_refused():
    with pytest.raises(ValueError, match="without triangles"):
        closest_points(Surface(np.zeros((1, 3)), np.zeros((0, 3), int)), np.zeros((1, 3)))
