"""Which way bone is stiffest, by its anatomy."""

import numpy as np
import pytest

from femsim.anatomy.grain import frames_around, trajectories
from femsim.anatomy.neck_frame import neck_frame


@pytest.fixture(scope="module")
def places():
    return np.random.default_rng(3).uniform((-20, -14, -130), (60, 14, 20), (4000, 3))


def test_directions_are_perpendicular_unit_vectors(toy_femur, places):
    axes = trajectories(toy_femur, places)
    assert np.abs(axes @ np.swapaxes(axes, 1, 2) - np.eye(3)).max() < 1e-12


def test_in_the_shaft_the_grain_runs_along_it(toy_femur):
    around = np.array([[45 + 12 * np.cos(a), 12 * np.sin(a), -115.0] for a in np.linspace(0, 6, 7)])
    along = trajectories(toy_femur, around)[:, 0] @ toy_femur.landmarks.shaft_axis
    assert np.degrees(np.arccos(np.abs(along))).max() < 8.0


def test_in_the_head_it_runs_up_to_where_weight_is_borne(toy_femur):
    (axes,) = trajectories(toy_femur, np.array([[-2.0, 0.0, 15.0]]))
    assert np.degrees(np.arccos(abs(axes[0] @ [-0.15, 0.0, 0.95]) / np.hypot(0.15, 0.95))) < 20.0


def test_no_grain_of_the_cortex_runs_into_the_surface(toy_femur):
    """On the head, whose surface is a sphere; straight up the trabeculae below would run into it."""
    around = np.radians(np.linspace(-40, 80, 25))
    outward = np.stack([-np.sin(around), np.zeros(25), np.cos(around)], axis=1)
    thin, deep = (trajectories(toy_femur, (24.0 - depth) * outward)[:, 0] for depth in (1.0, 6.0))
    assert np.abs(np.sum(thin * outward, axis=1)).max() < 0.12  # the toy head is faceted
    assert np.abs(np.sum(deep * outward, axis=1)).max() > 0.9


def test_in_the_superior_neck_it_follows_the_tensile_arch(toy_femur):
    marks, neck = toy_femur.landmarks, neck_frame(toy_femur.landmarks)
    (axes,) = trajectories(toy_femur, (marks.neck_centre + 0.6 * marks.neck_radius * neck.superior)[None])
    assert np.degrees(np.arccos(abs(axes[0] @ neck.along))) < 35.0


def test_the_third_direction_is_as_far_to_the_front_as_it_can_be(toy_femur, places):
    axes, front = trajectories(toy_femur, places), neck_frame(toy_femur.landmarks).anterior
    assert (axes[:, 1] @ front == pytest.approx(0.0, abs=1e-12)) and (axes[:, 2] @ front > 0).all()


def test_grain_that_runs_to_the_front_has_directions_too():
    (axes,) = frames_around(np.array([[0.0, 1.0, 0.0]]), np.array([0.0, 1.0, 0.0]))
    assert np.abs(axes @ axes.T - np.eye(3)).max() < 1e-15


def test_a_place_has_the_same_grain_in_any_company(toy_femur, places):
    whole, part = trajectories(toy_femur, places), trajectories(toy_femur, places[::9])
    assert np.array_equal(whole[::9], part)


def test_front_and_back_of_a_symmetric_femur_have_mirrored_grain(toy_femur, places):
    mirror = np.array([1.0, -1.0, 1.0])
    one, other = trajectories(toy_femur, places)[:, 0], trajectories(toy_femur, places * mirror)[:, 0] * mirror
    alike = np.abs(np.sum(one * other, axis=1))
    # In the cortex the triangles of the surface count, and those are no mirror images.
    assert np.quantile(alike, 0.3) > 1 - 1e-9 and np.quantile(alike, 0.02) > 0.99
