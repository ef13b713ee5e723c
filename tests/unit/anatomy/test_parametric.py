"""The parametric femur: exact where it claims to be, quick, and refusing what cannot be."""

import re

import numpy as np
import pytest

from femsim.anatomy.femur import DISTAL_CUT
from femsim.anatomy.femur_shape import femur_shape, lowest_point
from femsim.anatomy.frame import neck_direction
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.proportions import refuse_impossible
from femsim.errors import GeometryError
from femsim.mesh.sections import outlines
from femsim.mesh.surface import areas, enclosed_volume


@pytest.fixture(scope="module")
def default():
    return ParametricFemur().shape()


def test_the_bearing_part_of_the_head_is_an_exact_sphere(default):
    points = default.surface.points
    bearing = points[points @ default.landmarks.neck_axis > 0]
    on_head = bearing[np.linalg.norm(bearing, axis=1) < 30]
    # The half of the head that faces away from the neck is untouched by the fillet.
    assert np.abs(np.linalg.norm(on_head, axis=1) - 24.0).max() < 1e-3


def test_neck_and_shaft_have_the_sections_asked_for(default):
    marks = default.landmarks
    down = -marks.neck_axis
    front = np.cross(down, (0, 0, 1.0))
    front /= np.linalg.norm(front)
    (pieces,) = outlines(default.surface, np.zeros(3), down, [marks.neck_centre @ down])
    neck = min(pieces, key=lambda piece: np.linalg.norm(piece.centroid - marks.neck_centre))
    # Read off an outline of 1.6 mm chords.
    assert np.ptp(neck.points @ np.cross(front, down)) == pytest.approx(33.0, abs=0.6)
    assert np.ptp(neck.points @ front) == pytest.approx(29.5, abs=0.6)
    (pieces,) = outlines(default.surface, np.zeros(3), (0.0, 0.0, 1.0), [-110.0])
    assert len(pieces) == 1
    turn = np.radians(12.5)
    across = pieces[0].points[:, :2] @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    assert np.ptp(across, axis=0) == pytest.approx([30.0, 27.5], abs=0.6)


def test_the_trochanters_lie_where_trochanters_lie(default):
    greater, lesser = default.landmarks.greater_trochanter_tip, default.landmarks.lesser_trochanter
    # Ten OrthoLoad patients: tip (47 ± 5, -22 ± 7, 1 ± 3) under implants; three segmented femora 9 to 22 mm high.
    assert greater == pytest.approx([47, -22, 10], abs=14)
    assert lesser[0] < default.landmarks.shaft_point[0] - 15 and lesser[1] < -20 and -70 < lesser[2] < -40


def test_anteversion_turns_the_whole_bone_about_the_shaft():
    one, other = (ParametricFemur(anteversion_deg=angle).shape() for angle in (0.0, 30.0))
    turn = np.radians(30.0)
    matrix = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    assert other.landmarks.neck_axis == pytest.approx(matrix @ one.landmarks.neck_axis, abs=1e-12)
    assert other.landmarks.shaft_point == pytest.approx(matrix @ one.landmarks.shaft_point, abs=1e-3)
    assert enclosed_volume(other.surface) == pytest.approx(enclosed_volume(one.surface), rel=2e-3)


def test_landmarks_state_the_parameters(default):
    marks = default.landmarks
    assert marks.neck_axis == pytest.approx(neck_direction(127.0, 12.5))
    assert np.hypot(*marks.shaft_point[:2]) == pytest.approx(45.0, abs=0.05)  # as near as the shape is corrected
    assert not marks.anteversion_is_assumed
    assert any("by construction" in note for note in default.notes)


def test_the_distal_end_is_a_whole_flat_lid(default):
    surface = default.surface
    lid = surface.triangles[surface.labels == DISTAL_CUT]
    assert np.abs(surface.points[lid][:, :, 2] + 150.0).max() < 1e-12
    # An ellipse of 29.5 × 27.1 mm, give or take the ridge.
    assert areas(surface)[surface.labels == DISTAL_CUT].sum() == pytest.approx(np.pi / 4 * 29.5 * 27.1, rel=0.06)


@pytest.mark.parametrize(
    "measures, says",
    [
        ({"head_diameter_mm": 38.0, "neck_height_mm": 38.0}, "too thick for a head"),
        ({"neck_height_mm": 20.0, "neck_depth_mm": 19.0}, "too thin for a head"),
        ({"neck_height_mm": 42.0, "neck_depth_mm": 22.0}, "too flat"),
        ({"offset_mm": 28.0}, "leaves no neck"),
        ({"shaft_width_mm": 42.0}, "does not go with a head|too flat"),
        ({"shaft_length_mm": 110.0, "head_diameter_mm": 52.0}, "ends near the lesser trochanter"),
        ({"neck_shaft_angle_deg": 148.0}, "too long for a head"),
        ({"offset_mm": 45.0, "neck_length_mm": 60.0, "neck_shaft_angle_deg": 140.0}, "contradict each other"),
        ({"offset_mm": 45.0, "neck_length_mm": 44.0}, "contradict each other"),
        ({"femur_length_mm": 420.0}, "belongs to a whole femur"),
        ({"extent": "whole", "shaft_length_mm": 150.0}, "belongs to a proximal femur"),
        ({"extent": "whole", "femur_length_mm": 330.0}, "too short for a head"),
        ({"trochanter_height_mm": -30.0}, "the trochanter height came out as"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_impossible_measures_are_refused(measures, says):
    with pytest.raises(GeometryError, match=says) as caught:
        ParametricFemur(**measures).shape()
    assert caught.value.exit_code == 3 and caught.value.remedy


@pytest.mark.parametrize(
    "key, limit, others",
    [
        ("shaft_length_mm", "at least", {"shaft_length_mm": 110.0}),
        ("neck_height_mm", "at most", {"neck_height_mm": 43.0, "neck_depth_mm": 36.0}),
    ],
)
def test_the_bound_that_a_refusal_names_is_one_that_holds(key, limit, others):
    with pytest.raises(GeometryError) as caught:
        ParametricFemur(**others).shape()
    named = float(re.search(rf"{limit} ([\d.]+)", caught.value.what)[1])
    refuse_impossible(ParametricFemur(**others | {key: named}).measures().value)
    assert named != others[key]


def test_any_two_of_offset_neck_length_and_angle_give_the_third():
    of = {"offset_mm": 45.0, "neck_length_mm": 60.0, "neck_shaft_angle_deg": 180.0 - np.degrees(np.arcsin(0.75))}
    for left_out in of:
        found = ParametricFemur(**{key: value for key, value in of.items() if key != left_out}).measures()
        assert found.value["offset_mm"] == pytest.approx(45.0)
        assert found.value["neck_shaft_angle_deg"] == pytest.approx(of["neck_shaft_angle_deg"])
    assert ParametricFemur(**of).measures().origin["offset_mm"] == "given"


def test_a_man_of_usual_height_has_the_measures_that_the_default_femur_has():
    value = ParametricFemur().measures().value
    assert dict(value) == dict(ParametricFemur(height_cm=175.0).measures().value)
    names = ("head_diameter_mm", "neck_shaft_angle_deg", "anteversion_deg", "offset_mm", "neck_height_mm")
    assert [value[name] for name in names] == [48.0, 127.0, 12.5, 45.0, 33.0]


def test_lengths_go_with_sex_and_height_and_angles_do_not():
    woman, tall = ParametricFemur(sex="female").measures(), ParametricFemur(height_cm=192.5).measures()
    assert woman.value["head_diameter_mm"] == pytest.approx(43.0)
    assert woman.value["offset_mm"] == pytest.approx(45.0 * 43 / 48)
    assert tall.value["head_diameter_mm"] == pytest.approx(52.8) and tall.value["neck_height_mm"] == pytest.approx(36.3)
    assert woman.value["neck_shaft_angle_deg"] == tall.value["neck_shaft_angle_deg"] == 127.0
    assert tall.origin["offset_mm"] == "usual for a man of 192.5 cm"


def test_a_femur_length_is_that_of_a_body_of_the_given_height():
    value = ParametricFemur(extent="whole", height_cm=180.0).measures().value
    assert 2.38 * value["femur_length_mm"] / 10 + 61.41 == pytest.approx(180.0)  # Trotter and Gleser 1952


def test_the_notes_say_every_measure_and_where_it_comes_from():
    notes = ParametricFemur(offset_mm=48.0, sex="female").shape().notes
    assert "head 43 mm" in notes[0] and "usual for a woman" in notes[0] and "offset 48 mm (given)" in notes[0]
    assert "greater trochanter" in notes[1] and "mean of three" in notes[1]


def test_a_whole_femur_is_as_long_and_its_knee_as_wide_as_asked():
    femur = ParametricFemur(extent="whole", femur_length_mm=420.0, bicondylar_width_mm=80.0, distal_cut_mm=10.0)
    shape, _ = femur_shape(femur.measures())
    assert lowest_point(shape) == pytest.approx(24.0 - 420.0, abs=0.1)
    points = femur.shape().surface.points
    assert np.ptp(points[:, 2]) == pytest.approx(410.0, abs=0.2)  # 10 mm are cut off
    knee = points[points[:, 2] < points[:, 2].min() + 60.0]
    assert np.ptp(knee[:, 0]) == pytest.approx(80.0, abs=2.5)
    assert np.ptp(knee[:, 1]) == pytest.approx(66.0, abs=2.5)
