"""Plane sections of closed surfaces."""

import numpy as np
import pytest

from femsim.mesh.isosurface import isosurface
from femsim.mesh.sections import outlines, perpendicular_pair


@pytest.fixture(scope="module")
def two_balls():
    """Balls of radius 10 at the origin and 5 at x = 30."""

    def function(p):
        return np.minimum(np.linalg.norm(p, axis=1) - 10.0, np.linalg.norm(p - [30.0, 0, 0], axis=1) - 5.0)

    return isosurface(function, (-13, -13, -13), (38, 13, 13), 1.0)


@pytest.mark.parametrize("height", [-6.0, 0.0, 3.3])
def test_a_section_of_a_ball_has_the_area_and_middle_of_its_circle(two_balls, height):
    normal = np.array([0.0, 0.6, 0.8])
    (pieces,) = outlines(two_balls, np.zeros(3), normal, [height])
    largest = max(pieces, key=lambda piece: piece.area)
    # Chords of 1 mm on a circle of 8 to 10 mm leave out less than 0.5 % of its area.
    assert largest.area == pytest.approx(np.pi * (100 - height**2), rel=5e-3)
    assert largest.centroid == pytest.approx(height * normal, abs=0.02)


def test_separate_pieces_are_told_apart(two_balls):
    (pieces,) = outlines(two_balls, np.zeros(3), (0.0, 0.0, 1.0), [0.5])
    assert sorted(round(piece.centroid[0]) for piece in pieces) == [0, 30]


def test_a_plane_through_corners_gives_a_whole_outline(two_balls):
    height = float(two_balls.points[17] @ [0, 0, 1])
    (pieces,) = outlines(two_balls, np.zeros(3), (0.0, 0.0, 1.0), [height])
    assert all(piece.area > 0 for piece in pieces)


def test_a_plane_beside_the_surface_gives_nothing(two_balls):
    assert outlines(two_balls, np.zeros(3), (0.0, 0.0, 1.0), [50.0]) == [()]


def test_a_hole_has_negative_area(two_balls):
    from femsim.mesh.surface import Surface

    inner = two_balls.points * 0.5
    shell = Surface(
        np.concatenate([two_balls.points, inner]),
        np.concatenate([two_balls.triangles, two_balls.triangles[:, ::-1] + two_balls.n_points]),
    )
    (pieces,) = outlines(shell, np.zeros(3), (0.0, 0.0, 1.0), [0.1])
    assert min(piece.area for piece in pieces) == pytest.approx(-np.pi * 25, rel=0.02)


@pytest.mark.parametrize("normal", [(0, 0, 1), (1, 0, 0), (0.6, 0, -0.8)])
def test_the_pair_is_right_handed(normal):
    u, v = perpendicular_pair(normal)
    assert np.cross(u, v) == pytest.approx(np.array(normal, float), abs=1e-15)
