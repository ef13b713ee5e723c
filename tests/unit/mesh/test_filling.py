"""Points inside a closed surface, known for shapes with a formula."""

import numpy as np
import pytest

from femsim.mesh.filling import filled, points_inside
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import Surface, enclosed_volume


@pytest.fixture(scope="module")
def ball() -> Surface:
    return isosurface(lambda p: np.linalg.norm(p - [1, 2, 3], axis=1) - 20, (-21, -20, -19), (23, 24, 25), 2.0)


def test_points_of_a_ball_are_within_its_radius_and_fill_its_volume(ball):
    points = points_inside(ball, 1.0)
    assert np.linalg.norm(points - [1, 2, 3], axis=1).max() < 20.01
    assert len(points) == pytest.approx(enclosed_volume(ball), rel=0.005)


def test_a_box_whose_faces_lie_on_lattice_points_holds_half_of_them_or_all_but_never_stripes():
    corners = np.array(np.meshgrid([0, 4], [0, 5], [0, 6], indexing="ij")).reshape(3, -1).T.astype(float)
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [t for a, b, c, d in faces for t in ((a, b, c), (a, c, d))]
    inside = filled(Surface(corners, np.array(triangles)), (7, 8, 9))
    assert inside[1:4, 1:5, 1:6].all()
    assert not inside[5:].any() and not inside[:, 6:].any() and not inside[:, :, 7:].any()


def test_a_surface_that_leaves_the_lattice_is_filled_where_the_lattice_is(ball):
    shifted = Surface(ball.points - [1, 2, 3], ball.triangles)  # its middle is the corner of the lattice
    inside = filled(shifted, (30, 30, 10))
    i, j, k = np.meshgrid(np.arange(30), np.arange(30), np.arange(10), indexing="ij")
    distance = np.sqrt(i**2 + j**2 + k**2)
    sure = np.abs(distance - 20) > 0.3
    assert np.array_equal(inside[sure], (distance < 20)[sure])
