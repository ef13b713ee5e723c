"""Where forces act on a femur."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.attachments import (
    GLUTEUS_MAXIMUS,
    GREATER_TROCHANTER,
    ILIOPSOAS,
    KNEE,
    LATERAL_EPICONDYLE,
    REFERENCE_SITES,
    SITES,
    TROCHANTER_SIDE,
    VASTUS_LATERALIS,
    VASTUS_MEDIALIS,
    FemurSites,
)
from femsim.anatomy.bergmann import bergmann_rotation, tilt_deg
from femsim.anatomy.femur import outer_surface
from femsim.anatomy.knee import knee_of, neck_meets_shaft
from femsim.anatomy.parametric import ParametricFemur
from femsim.errors import GeometryError
from femsim.mesh.closest import closest_points

ON_BONE = tuple(name for name in SITES if name not in (KNEE, LATERAL_EPICONDYLE))


@pytest.fixture(scope="module")
def whole_femur():
    return ParametricFemur(extent="whole").shape()


@pytest.fixture(scope="module")
def proximal_femur():
    return ParametricFemur().shape()


@pytest.mark.parametrize("name", ON_BONE)
def test_sites_lie_on_the_surface(toy_femur, name):
    assert closest_points(toy_femur.surface, FemurSites(toy_femur)[name][None]).distance[0] < 1e-9


def test_abductors_pull_above_the_vastus_and_both_laterally(toy_femur):
    sites, marks = FemurSites(toy_femur), toy_femur.landmarks
    trochanter, vastus = sites[GREATER_TROCHANTER], sites[VASTUS_LATERALIS]
    assert marks.greater_trochanter_tip[2] > trochanter[2] > vastus[2] > marks.lesser_trochanter[2]
    assert trochanter[0] > marks.shaft_point[0] + 5
    assert vastus[0] > marks.shaft_point[0] + 5


def test_sites_lie_at_the_heights_of_the_muscles(toy_femur):
    sites, marks = FemurSites(toy_femur), toy_femur.landmarks
    tip, lesser = marks.greater_trochanter_tip[2], marks.lesser_trochanter[2]
    # Snapping moves a site by the slope of the surface, a few millimetres.
    assert sites[GREATER_TROCHANTER][2] == pytest.approx(tip - 0.45 * marks.head_radius, abs=2.0)
    assert sites[VASTUS_LATERALIS][2] == pytest.approx(tip + 0.85 * (lesser - tip), abs=2.0)
    assert all(0.0 < sites[name][1] < 0.4 * marks.head_radius for name in (GREATER_TROCHANTER, VASTUS_LATERALIS))


def test_the_sites_of_walking_stay_where_they_were(toy_femur):
    # As found before there were others: the results of walking rest on them.
    sites = FemurSites(toy_femur)
    assert sites[GREATER_TROCHANTER] == pytest.approx([60.00693606, 4.53715406, -3.85469551], abs=1e-6)
    assert sites[VASTUS_LATERALIS] == pytest.approx([59.87712735, 4.60417221, -49.81482285], abs=1e-6)


def test_sites_are_where_anatomy_has_them(proximal_femur):
    sites, shaft = FemurSites(proximal_femur), proximal_femur.landmarks.shaft_point
    assert sites[VASTUS_MEDIALIS][0] < shaft[0] < sites[GLUTEUS_MAXIMUS][0] + 8
    assert sites[GLUTEUS_MAXIMUS][1] < shaft[1] - 8
    assert sites[ILIOPSOAS] == pytest.approx(proximal_femur.landmarks.lesser_trochanter, abs=1e-9)


def test_the_side_of_the_trochanter_is_the_most_lateral_bone_above_the_shaft(proximal_femur):
    side, marks = FemurSites(proximal_femur)[TROCHANTER_SIDE], proximal_femur.landmarks
    surface = outer_surface(proximal_femur)
    points = surface.points[np.unique(surface.triangles)]
    assert side[0] == points[points[:, 2] > marks.lesser_trochanter[2], 0].max()
    assert marks.lesser_trochanter[2] < side[2] < marks.greater_trochanter_tip[2]


def test_the_knee_lies_between_the_epicondyles(whole_femur):
    sites, points = FemurSites(whole_femur), whole_femur.surface.points
    low = points[points[:, 2] < points[:, 2].min() + 40]
    assert sites[KNEE][0] == pytest.approx(0.5 * (low[:, 0].min() + low[:, 0].max()), abs=1.0)
    # The bicondylar width, 84 mm, is a measure of this femur.
    assert sites[LATERAL_EPICONDYLE][0] - sites[KNEE][0] == pytest.approx(42.0, abs=1.0)
    assert sites.notes == ()


def test_the_knee_of_a_cut_femur_is_assumed_and_said_to_be(proximal_femur, whole_femur):
    sites = FemurSites(proximal_femur)
    assert sites.notes == ()
    # Both are of the same measures; the knees of ten patients and of this femur differ by 28 mm of 430.
    assert np.linalg.norm(sites[KNEE] - FemurSites(whole_femur)[KNEE]) < 35.0
    assert "assumed" in sites.notes[0]


def test_points_in_the_bergmann_frame_are_the_same_points(whole_femur):
    sites, rotation = FemurSites(whole_femur), bergmann_rotation(whole_femur)
    turned = sites.in_bergmann()
    assert rotation @ turned[GREATER_TROCHANTER] == pytest.approx(sites[GREATER_TROCHANTER], abs=1e-12)
    assert list(turned) == list(sites) == list(REFERENCE_SITES)


def test_in_the_bergmann_frame_a_femur_has_its_sites_near_those_of_the_reference(proximal_femur):
    sites = FemurSites(proximal_femur).in_bergmann()
    muscles = [name for name in ON_BONE if name != TROCHANTER_SIDE]
    away = {name: np.linalg.norm(sites[name] - REFERENCE_SITES[name] * 24.0 / 22.7) for name in muscles}
    # P2 is lower by intention: it stands for an attachment that reaches down to 80 mm. The rest is anatomy.
    assert all(distance < 20.0 for name, distance in away.items() if name != VASTUS_LATERALIS), away


def test_the_bergmann_axis_runs_through_the_knee(whole_femur):
    rotation, knee = bergmann_rotation(whole_femur), knee_of(whole_femur)
    assert rotation @ [0, 0, 1] == pytest.approx(knee.long_axis, abs=1e-12)
    assert rotation.T @ rotation == pytest.approx(np.eye(3), abs=1e-12)
    assert (rotation @ [1, 0, 0])[1] == pytest.approx(0.0, abs=1e-3)  # parallel to the condyles seen along the shaft


def test_the_neck_meets_the_shaft_on_both_axes(toy_femur):
    # By construction: the neck of the toy leaves the shaft at this place.
    assert neck_meets_shaft(toy_femur.landmarks) == pytest.approx([45.0, 0.0, -38.0], abs=1e-9)


def test_the_shaft_bows_forward_so_that_its_upper_end_leans_back(whole_femur, proximal_femur):
    shaft = np.array([0.0, 0.0, 1.0])
    for femur in (whole_femur, proximal_femur):
        assert (bergmann_rotation(femur).T @ shaft)[1] < -0.1
    # A force down the line of knee and neck points backward in the femur frame.
    assert (bergmann_rotation(proximal_femur) @ [0, 0, -1])[1] < -0.1


def test_the_assumed_tilt_is_the_one_that_is_told(proximal_femur):
    assert tilt_deg(bergmann_rotation(proximal_femur, 7.5, 2.5)) == pytest.approx((7.5, 2.5))


def test_a_knee_outweighs_what_is_assumed(whole_femur):
    assert np.array_equal(bergmann_rotation(whole_femur, 3.0, 3.0), bergmann_rotation(whole_femur))


def test_landmarks_of_another_bone_are_refused(toy_femur):
    marks = dataclasses.replace(toy_femur.landmarks, greater_trochanter_tip=np.array([49.0, 0, 80.0]))
    with pytest.raises(GeometryError, match="greater_trochanter"):
        FemurSites(dataclasses.replace(toy_femur, landmarks=marks))[GREATER_TROCHANTER]


def test_bone_may_be_missing_where_no_force_is_wanted(toy_femur):
    marks = dataclasses.replace(toy_femur.landmarks, lesser_trochanter=np.array([20.0, 0.0, -900.0]))
    sites = FemurSites(dataclasses.replace(toy_femur, landmarks=marks))
    assert sites[GREATER_TROCHANTER] is sites[GREATER_TROCHANTER]
    with pytest.raises(GeometryError, match="vastus_lateralis"):
        sites[VASTUS_LATERALIS]


def test_a_site_nobody_knows_is_not_among_them(toy_femur):
    assert "head" not in FemurSites(toy_femur)
    with pytest.raises(KeyError):
        FemurSites(toy_femur)["elbow"]
