"""Cutting a closed surface flat."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.errors import SurfaceError
from femsim.mesh.clip import _lid, cut_flat
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import areas, enclosed_volume, is_closed

LID = 7


@pytest.fixture(scope="module")
def ball():
    return isosurface(lambda p: np.linalg.norm(p, axis=1) - 10.0, (-13, -13, -13), (13, 13, 13), 1.0)


@given(height=st.floats(-8, 8), tilt=st.floats(0, np.pi), turn=st.floats(0, 2 * np.pi))
def test_the_rest_of_a_ball_is_closed_and_has_the_volume_of_its_cap(ball, height, tilt, turn):
    normal = np.array([np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)])
    rest = cut_flat(ball, height * normal, normal, label=LID, lid_size=1.0)
    assert is_closed(rest)
    assert np.ptp(rest.points[rest.triangles[rest.labels == LID]] @ normal) < 1e-12
    assert areas(rest)[rest.labels == LID].sum() == pytest.approx(np.pi * (100 - height**2), rel=0.015)
    cap = np.pi * (10 - height) ** 2 * (20 + height) / 3
    # The faceted ball lacks 0.6 % of its volume.
    assert enclosed_volume(rest) == pytest.approx(cap, rel=0.02)
    assert areas(rest).min() > 1e-4  # without snapping corners to the plane slivers of 1e-9 mm² come about


def test_a_plane_through_corners_is_no_special_case(ball):
    height = float(ball.points[100, 2])
    assert is_closed(cut_flat(ball, (0, 0, height), (0.0, 0.0, 1.0), label=LID, lid_size=1.0))


def test_a_plane_beside_the_surface_is_refused(ball):
    with pytest.raises(SurfaceError, match="misses"):
        cut_flat(ball, (0, 0, -50), (0.0, 0.0, 1.0), label=LID, lid_size=1.0)


def test_a_plane_that_leaves_two_outlines_is_refused():
    def function(p):
        return np.minimum(np.linalg.norm(p, axis=1) - 10.0, np.linalg.norm(p - [30.0, 0, 0], axis=1) - 5.0)

    balls = isosurface(function, (-13, -13, -13), (38, 13, 13), 1.0)
    with pytest.raises(SurfaceError, match="outline"):
        cut_flat(balls, (0, 0, 0), (0.0, 0.0, 1.0), label=LID, lid_size=1.0)


def test_a_star_shaped_outline_is_covered():
    def star(p):
        angle = np.arctan2(p[:, 1], p[:, 0])
        return np.maximum(np.hypot(p[:, 0], p[:, 1]) - 10 - 4 * np.cos(5 * angle), np.abs(p[:, 2]) - 10)

    body = isosurface(star, (-18, -18, -13), (18, 18, 13), 1.0, sweeps=0)
    rest = cut_flat(body, (0, 0, 0), (0.0, 0.0, 1.0), label=LID, lid_size=3.0)
    assert is_closed(rest)
    # Area of r = 10 + 4 cos 5φ: π (10² + 4²/2).
    assert areas(rest)[rest.labels == LID].sum() == pytest.approx(108 * np.pi, rel=0.02)


@pytest.mark.parametrize("turned", [False, True])
def test_an_outline_with_a_slot_narrower_than_its_edges_is_covered_without_crossing_it(turned):
    # The slot's long edges are not those of a Delaunay triangulation.
    outline = np.array([(0, 0), (10, 0), (10, 6), (5.1, 6), (5.3, 1), (4.9, 2.2), (4.8, 6), (0, 6.0)])
    outline = outline[::-1] if turned else outline
    inside, triangles = _lid(outline, 2.0)
    points = np.concatenate([outline, inside])
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = 0.5 * ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    x, y = outline.T
    assert (area < 0).all() if turned else (area > 0).all()
    assert area.sum() == pytest.approx(0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def test_two_outlines_get_a_lid_each_where_two_are_expected():
    def function(p):
        return np.minimum(np.linalg.norm(p, axis=1) - 10.0, np.linalg.norm(p - [30.0, 0, 0], axis=1) - 5.0)

    balls = isosurface(function, (-13, -13, -13), (38, 13, 13), 1.0)
    halves = cut_flat(balls, (0, 0, 0), (0.0, 0.0, 1.0), label=LID, lid_size=1.0, pieces=2)
    assert is_closed(halves)
    assert areas(halves)[halves.labels == LID].sum() == pytest.approx(np.pi * (100 + 25), rel=0.015)
    assert enclosed_volume(halves) == pytest.approx(2 / 3 * np.pi * (1000 + 125), rel=0.02)
