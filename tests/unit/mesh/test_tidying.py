"""Tidying takes out a point that makes needles and touches nothing else."""

import numpy as np
import pytest

from femsim.mesh.collapse import Collapsing
from femsim.mesh.surface import Surface, areas
from femsim.mesh.tidying import tidied


def fan_with_a_point_beside_its_edge(height):
    """A square whose inner point lies close above its lower edge."""
    points = np.array([[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0], [1, height, 0]], float)
    return Surface(points, [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]], np.full(4, 6))


def test_a_point_that_makes_a_needle_goes():
    surface = fan_with_a_point_beside_its_edge(0.05)
    tidy = tidied(surface, np.full(5, 2.0))
    assert tidy.n_points == 4 and (tidy.labels == 6).all()
    assert areas(tidy).sum() == pytest.approx(4)
    shapes = Collapsing(tidy, np.full(4, 2.0))
    assert min(shapes.shape(row) for row in range(tidy.n_triangles)) > 0.5


def test_good_triangles_stay():
    surface = fan_with_a_point_beside_its_edge(1.0)
    tidy = tidied(surface, np.full(5, 2.0))
    assert np.array_equal(tidy.triangles, surface.triangles)


def test_a_point_may_not_go_where_a_triangle_would_turn_over():
    """The inner point of a dart may go to the dart's notch, not to its wing."""
    points = np.array([[0, 0, 0], [4, 0, 0], [1, 1, 0], [0, 4, 0], [0.5, 0.5, 0]], float)
    dart = Collapsing(Surface(points, [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]), np.ones(5))
    assert dart.worst_after(4, 1, 0.5) is None
    assert dart.worst_after(4, 2, 0.5) is not None
