"""Muscle sites."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.attachments import attachments
from femsim.errors import GeometryError
from femsim.mesh.closest import closest_points


def test_sites_lie_on_the_surface(toy_femur):
    points = np.array(list(attachments(toy_femur).values()))
    assert closest_points(toy_femur.surface, points).distance.max() < 1e-9


def test_abductors_pull_above_the_vastus_and_both_laterally(toy_femur):
    sites, marks = attachments(toy_femur), toy_femur.landmarks
    trochanter, vastus = sites["greater_trochanter"], sites["vastus_lateralis"]
    assert marks.greater_trochanter_tip[2] > trochanter[2] > vastus[2] > marks.lesser_trochanter[2]
    assert trochanter[0] > marks.shaft_point[0] + 5
    assert vastus[0] > marks.shaft_point[0] + 5


def test_sites_lie_at_the_heights_of_the_muscles(toy_femur):
    sites, marks = attachments(toy_femur), toy_femur.landmarks
    tip, lesser = marks.greater_trochanter_tip[2], marks.lesser_trochanter[2]
    # Snapping moves a site by the slope of the surface, a few millimetres.
    assert sites["greater_trochanter"][2] == pytest.approx(tip - 0.45 * marks.head_radius, abs=2.0)
    assert sites["vastus_lateralis"][2] == pytest.approx(tip + 0.85 * (lesser - tip), abs=2.0)
    assert all(0.0 < site[1] < 0.4 * marks.head_radius for site in sites.values())


def test_landmarks_of_another_bone_are_refused(toy_femur):
    marks = dataclasses.replace(toy_femur.landmarks, greater_trochanter_tip=np.array([49.0, 0, 80.0]))
    with pytest.raises(GeometryError, match="greater_trochanter"):
        attachments(dataclasses.replace(toy_femur, landmarks=marks))


def test_bone_may_be_missing_where_no_muscle_is_wanted(toy_femur):
    marks = dataclasses.replace(toy_femur.landmarks, lesser_trochanter=np.array([20.0, 0.0, -900.0]))
    femur = dataclasses.replace(toy_femur, landmarks=marks)
    assert list(attachments(femur, ["head", "greater_trochanter"])) == ["greater_trochanter"]
    assert attachments(femur, ["head"]) == {}
    with pytest.raises(GeometryError, match="vastus_lateralis"):
        attachments(femur)
