"""Signed distance: known on a box and a ball, right at edges and corners too."""

import numpy as np
import pytest

from femsim.mesh.isosurface import isosurface
from femsim.mesh.signed import signed_distance
from femsim.mesh.surface import Surface

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float) * 10.0
FACES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
BOX = Surface(CORNERS, np.array([t for a, b, c, d in FACES for t in ((a, b, c), (a, c, d))]))


def box_distance(points):
    beyond = np.abs(points - 5.0) - 5.0
    return np.linalg.norm(np.maximum(beyond, 0), axis=1) + np.minimum(beyond.max(axis=1), 0)


def test_it_is_exact_around_a_box_faces_edges_and_corners():
    points = np.random.default_rng(0).uniform(-8, 18, (4000, 3))
    assert signed_distance(BOX, points) == pytest.approx(box_distance(points), abs=1e-9)


def test_it_is_negative_inside_a_ball_and_infinite_beyond_the_search():
    ball = isosurface(lambda p: np.linalg.norm(p, axis=1) - 12.0, (-15,) * 3, (15,) * 3, 1.5)
    points = np.random.default_rng(1).uniform(-15, 15, (500, 3))
    distance = np.linalg.norm(points, axis=1) - 12.0
    assert signed_distance(ball, points) == pytest.approx(distance, abs=0.06)  # chords of 1.5 mm on radius 12
    assert np.isinf(signed_distance(ball, np.array([[40.0, 0, 0]]), within=3.0)).all()


def test_it_keeps_its_sign_at_edges_and_corners_sharper_than_a_right_angle():
    corners = np.array([[0, 0, 0], [30, 0, 0], [0, 30, 0], [2, 2, 3]], float)
    needle = Surface(corners, np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]))
    points = np.random.default_rng(2).uniform(-15, 45, (6000, 3))
    normals = np.cross(
        corners[needle.triangles[:, 1]] - corners[needle.triangles[:, 0]],
        corners[needle.triangles[:, 2]] - corners[needle.triangles[:, 0]],
    )
    beyond = np.einsum("kti,ti->kt", points[:, None] - corners[needle.triangles[:, 0]], normals)
    assert np.array_equal(signed_distance(needle, points) < 0, (beyond < 0).all(axis=1))
