"""Any direction of the hip force is a mixture of three poles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.loads.poles import USUAL, icosphere, usual_poles

component = st.floats(-1e4, 1e4, allow_nan=False)


@given(st.tuples(component, component, component).filter(lambda f: np.linalg.norm(f) > 1e-6))
def test_three_poles_add_up_to_any_force_and_none_of_them_pulls(force):
    poles = usual_poles()
    corners, parts = poles.shares(np.array([force]))
    assert (parts >= 0).all()
    assert parts[0] @ poles.directions[corners[0]] == pytest.approx(force, abs=1e-10 * np.linalg.norm(force))


def test_a_pole_is_its_own_mixture():
    poles = usual_poles()
    corners, parts = poles.shares(poles.directions)
    assert np.array_equal(corners[np.arange(len(corners)), parts.argmax(axis=1)], np.arange(len(poles.directions)))
    assert (parts > 0).sum(axis=1).tolist() == [1] * len(parts)


def test_the_first_pole_is_the_force_of_walking():
    assert usual_poles().directions[0] == pytest.approx(np.array(USUAL) / np.linalg.norm(USUAL), abs=1e-14)


@pytest.mark.parametrize("subdivisions, n_points, n_triangles", [(0, 12, 20), (1, 42, 80), (2, 162, 320)])
def test_triangles_tile_the_sphere_once(subdivisions, n_points, n_triangles):
    points, triangles = icosphere(subdivisions)
    assert (len(points), len(triangles)) == (n_points, n_triangles)
    a, b, c = points[triangles].transpose(1, 0, 2)
    # Solid angle of a triangle: Van Oosterom and Strackee, IEEE Trans Biomed Eng 30 (1983) 125.
    volume = np.einsum("ti,ti->t", a, np.cross(b, c))
    plain = 1 + np.einsum("ti,ti->t", a, b) + np.einsum("ti,ti->t", b, c) + np.einsum("ti,ti->t", c, a)
    assert (volume > 0).all() and 2 * np.arctan2(volume, plain).sum() == pytest.approx(4 * np.pi, rel=1e-12)


def test_parts_move_continuously_from_triangle_to_triangle():
    poles = usual_poles()
    angles = np.linspace(0, 2 * np.pi, 2000)
    forces = np.stack([np.cos(angles), 0.3 * np.sin(angles), np.sin(angles)], axis=1)
    corners, parts = poles.shares(forces)
    dense = np.zeros((len(forces), len(poles.directions)))
    np.put_along_axis(dense, corners, parts, axis=1)
    step = np.linalg.norm(np.diff(forces, axis=0), axis=1).max()
    # A unit of force changes a part by at most about 1/sin of the poles' distance.
    assert np.abs(np.diff(dense, axis=0)).max() < 6 * step


def test_turned_poles_mix_turned_forces_alike():
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    force = np.array([[120.0, -60.0, -1500.0]])
    before, after = usual_poles().shares(force), usual_poles().turned(turn).shares(force @ turn.T)
    assert np.array_equal(before[0], after[0]) and after[1] == pytest.approx(before[1], rel=1e-12)
