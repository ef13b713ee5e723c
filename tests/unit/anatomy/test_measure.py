"""Measures of a femur: known on a toy of spheres and cylinders, on the parametric femur, the same in any position."""

import numpy as np
import pytest

from femsim.anatomy.landmarks import recognise
from femsim.anatomy.measure import UNITS, measured
from femsim.anatomy.parametric import ParametricFemur
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import transformed

RADIUS, NECK, SHAFT_X, DEPTH = 24.0, 14.0, 45.0, 150.0
WIDE, DEEP = 16.0, 13.0  # half axes of the toy's elliptic shaft
NECK_ENDS = np.array([SHAFT_X, 0.0, -34.0])  # where neck axis and shaft axis meet


def _capsule(p, start, end, radius):
    start, along = np.array(start, float), np.subtract(end, start).astype(float)
    t = np.clip((p - start) @ along / (along @ along), 0, 1)
    return np.linalg.norm(p - start - t[:, None] * along, axis=1) - radius


def toy(p):
    """A right femur: head ball, cylindrical neck, elliptic shaft, ball-ended trochanters."""
    across = np.hypot((p[:, 0] - SHAFT_X) / WIDE, p[:, 1] / DEEP)
    slope = np.hypot((p[:, 0] - SHAFT_X) / WIDE**2, p[:, 1] / DEEP**2) / np.maximum(across, 1e-9)
    shaft = np.maximum((across - 1.0) / np.maximum(slope, 1e-3), p[:, 2] + 34.0)
    bone = np.minimum(np.linalg.norm(p, axis=1) - RADIUS, shaft)
    for part in (
        _capsule(p, (0, 0, 0), NECK_ENDS, NECK),
        _capsule(p, (SHAFT_X + 4, 0, -34), (SHAFT_X + 5, -12, -2), 10),
        _capsule(p, (SHAFT_X - 8, -4, -62), (SHAFT_X - 14, -13, -60), 7),
    ):
        bone = np.minimum(bone, part)
    return np.maximum(bone, -DEPTH - p[:, 2])


@pytest.fixture(scope="module")
def toy_measures():
    surface = isosurface(toy, (-28, -34, -158), (72, 28, 28), 1.6)
    return measured(surface, recognise(surface, anteversion_deg=0.0))


@pytest.mark.parametrize(
    "key, value, within",
    [
        ("head_radius_mm", RADIUS, 0.1),
        ("neck_shaft_angle_deg", 180.0 - np.degrees(np.arctan2(SHAFT_X, 34.0)), 0.7),
        ("offset_mm", SHAFT_X, 0.4),
        ("neck_length_mm", np.hypot(SHAFT_X, 34.0), 0.7),
        ("neck_height_mm", 2 * NECK, 0.3),
        ("neck_depth_mm", 2 * NECK, 0.3),
        ("neck_area_mm2", np.pi * NECK**2, 10.0),
        ("shaft_width_mm", 2 * WIDE, 0.3),
        ("shaft_depth_mm", 2 * DEEP, 0.3),
        ("trochanter_height_mm", 8.0, 0.6),
        ("trochanter_overhang_mm", 16.0, 0.6),
        ("shaft_kept_mm", DEPTH, 3.0),
    ],
)
def test_a_toy_femur_measures_what_it_was_made_of(toy_measures, key, value, within):
    assert getattr(toy_measures, key) == pytest.approx(value, abs=within)


def test_the_head_of_the_toy_lies_where_it_was_put(toy_measures):
    assert toy_measures.side == "right"
    assert np.linalg.norm(toy_measures.head_centre_mm) < 0.15


@pytest.fixture(scope="module")
def long_femur():
    return ParametricFemur(
        head_diameter_mm=46.0, neck_shaft_angle_deg=131.0, anteversion_deg=18.0, shaft_length_mm=240.0
    )


@pytest.fixture(scope="module")
def askew(long_femur):
    """The same femur in another frame, mirrored: a left one."""
    turn = np.eye(4)
    turn[:3, :3] = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    turn[:3, :3] *= -np.sign(np.linalg.det(turn[:3, :3]))
    turn[:3, 3] = (-300, 40, 900)
    surface = transformed(long_femur.shape().surface, turn)
    return turn, measured(surface, recognise(surface, anteversion_deg=18.0))


def test_the_parametric_femur_measures_as_it_was_made_wherever_it_lies(long_femur, askew):
    (turn, found), made = askew, long_femur.measures().value
    assert found.side == "left" and found.side_confidence > 0.9
    assert np.linalg.norm(found.head_centre_mm - turn[:3, 3]) < 0.3
    assert found.head_radius_mm == pytest.approx(made["head_diameter_mm"] / 2, abs=0.2)
    assert found.neck_shaft_angle_deg == pytest.approx(made["neck_shaft_angle_deg"], abs=1.0)
    # The bow bends the line through the shaft's middle a little off the axis it was made with.
    assert found.offset_mm == pytest.approx(made["offset_mm"], abs=1.3)
    for key in ("neck_height_mm", "neck_depth_mm", "shaft_width_mm", "shaft_depth_mm"):
        assert getattr(found, key) == pytest.approx(made[key], abs=1.0), key


def test_the_bow_is_the_one_it_was_given(askew):
    # 1.1 mm per (50 mm)² on a head of 48 mm: a radius of 2500 / 2.2 mm, in proportion to the head.
    assert askew[1].bow_radius_mm == pytest.approx(2500.0 / 2.2 * 46.0 / 48.0, rel=0.08)


def test_frame_and_landmarks_are_those_of_the_file(askew):
    turn, found = askew
    assert np.linalg.det(found.frame[:3, :3]) == pytest.approx(-1.0)
    assert found.frame[:3, 3] == pytest.approx(found.head_centre_mm)
    assert np.abs(found.frame - turn).max() < 0.5
    tip = np.linalg.inv(turn)[:3] @ [*found.landmarks["greater_trochanter"], 1.0]
    assert tip[2] == pytest.approx(found.trochanter_height_mm, abs=1.0)


def test_what_is_not_defined_is_none_with_a_reason():
    surface = ParametricFemur(shaft_length_mm=112.0).shape().surface
    found = measured(surface, recognise(surface))
    for key in ("anteversion_deg", "bow_radius_mm", "femur_length_mm", "bicondylar_width_mm"):
        assert getattr(found, key) is None and found.reasons[key]
    assert found.record()["anteversion_deg"] is None
    assert set(UNITS) <= set(found.record())


@pytest.mark.parametrize("length, confident", [(112.0, False), (150.0, True)])
def test_a_stub_of_a_shaft_has_a_less_sure_axis(length, confident):
    found = recognise(ParametricFemur(shaft_length_mm=length).shape().surface)
    assert (found.confidence["shaft_axis"].value > 0.9) == confident
    assert found.confidence["head"].value > 0.95


def test_a_whole_femur_has_its_length_and_condyles(shared_data):
    from femsim.mesh.files import read_surface

    surface = read_surface(shared_data / "femur_gfxmorph" / "femur.stl")
    found = measured(surface, recognise(surface))
    assert found.side == "left"
    assert found.femur_length_mm == pytest.approx(414, abs=2.0)
    assert 65 < found.bicondylar_width_mm < 90  # adults 70–90 mm, women less
    assert 600 < found.bow_radius_mm < 1400
    assert found.anteversion_deg == pytest.approx(11.8, abs=0.5)
