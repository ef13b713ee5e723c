"""Landmarks given in the scenario: taken, told with their distance from what is found, refused where impossible."""

import numpy as np
import pytest

from femsim.anatomy.frame import on_points
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.surface_file import SurfaceFemur
from femsim.errors import SurfaceError
from femsim.mesh.clip import cut_flat
from femsim.mesh.files import write_stl
from femsim.mesh.surface import Surface, transformed


@pytest.fixture(scope="module")
def made():
    return ParametricFemur().shape()


@pytest.fixture(scope="module")
def shift():
    matrix = np.eye(4)
    matrix[:3, :3] = np.linalg.qr(np.random.default_rng(8).normal(size=(3, 3)))[0]
    matrix[:3, :3] *= np.sign(np.linalg.det(matrix[:3, :3]))
    matrix[:3, 3] = (50, 60, -700)
    return matrix


@pytest.fixture(scope="module")
def file(made, shift, tmp_path_factory):
    path = tmp_path_factory.mktemp("given") / "femur.stl"
    write_stl(path, transformed(made.surface, shift))
    return path


def place(shift, point) -> tuple[float, ...]:
    return tuple(float(x) for x in on_points(shift, np.asarray(point, float)))


def test_a_given_head_moves_the_origin_and_is_told(file, shift):
    centre = place(shift, (1.0, 0.0, 2.0))
    femur = SurfaceFemur(file=file, head_centre_mm=centre, head_radius_mm=23.0).shape()
    assert femur.to_source[:3, 3] == pytest.approx(centre)
    assert femur.landmarks.head_radius == 23.0
    note = next(note for note in femur.notes if "Head centre given" in note)
    assert "2.2" in note and "23.00 mm given, 24.0" in note


def test_a_given_neck_centre_gives_the_neck_axis(file, made, shift):
    point = -30.0 * made.landmarks.neck_axis + [0, 0, 3.0]
    femur = SurfaceFemur(file=file, neck_centre_mm=place(shift, point)).shape()
    angle = 180 - np.degrees(np.arccos(-point[2] / np.linalg.norm(point)))
    assert femur.landmarks.neck_shaft_angle_deg == pytest.approx(angle, abs=0.7)
    assert any("Neck centre given" in note for note in femur.notes)


def test_given_shaft_points_give_the_shaft_axis(file, made, shift):
    point = made.landmarks.shaft_point
    ends = tuple(place(shift, (point[0] + dx, point[1], z)) for dx, z in ((0.0, -90.0), (4.0, -140.0)))
    femur = SurfaceFemur(file=file, shaft_points_mm=ends).shape()
    note = next(note for note in femur.notes if "Shaft axis given" in note)
    tilt = np.degrees(np.arctan2(4.0, 50.0))
    assert float(note.split()[3].rstrip("°")) == pytest.approx(tilt, abs=1.5)  # the found axis is not quite z
    along = np.subtract(*ends) / np.linalg.norm(np.subtract(*ends))
    assert femur.to_source[:3, 2] == pytest.approx(along)


def test_given_trochanters_are_taken_as_they_are(file, made, shift):
    tip = made.landmarks.greater_trochanter_tip + np.array([1.0, 0.0, 2.0])
    lesser = made.landmarks.lesser_trochanter + np.array([0.0, -3.0, 0.0])
    opened = SurfaceFemur(
        file=file, greater_trochanter_mm=place(shift, tip), lesser_trochanter_mm=place(shift, lesser)
    ).opened()
    back = np.linalg.inv(opened.found.to_femur)
    assert on_points(back, opened.found.landmarks.greater_trochanter_tip) == pytest.approx(place(shift, tip))
    assert on_points(back, opened.found.landmarks.lesser_trochanter) == pytest.approx(place(shift, lesser))
    assert opened.found.confidence["greater_trochanter"].basis == "given, not found"


@pytest.mark.parametrize(
    "key, point, says",
    [
        ("head_centre_mm", (0.0, 0.0, 900.0), "outside the surface"),
        ("neck_centre_mm", (0.0, 0.0, 200.0), "from the head centre"),
        ("greater_trochanter_mm", (20.0, -30.0, -120.0), "from the one found"),
    ],
)
def test_a_landmark_that_cannot_be_is_refused_by_its_key(file, shift, key, point, says):
    with pytest.raises(SurfaceError, match=says) as caught:
        SurfaceFemur(file=file, **{key: place(shift, point)}).shape()
    assert key in caught.value.where and caught.value.remedy


def test_shaft_points_too_near_are_refused(file, shift):
    ends = (place(shift, (45.0, 0, -100.0)), place(shift, (45.0, 0, -105.0)))
    with pytest.raises(SurfaceError, match="apart"):
        SurfaceFemur(file=file, shaft_points_mm=ends).shape()


def test_low_confidence_is_told_with_the_key_that_helps(made, tmp_path):
    path = tmp_path / "stub.stl"
    write_stl(path, cut_flat(made.surface, (0.0, 0.0, -104.0), (0.0, 0.0, 1.0), label=1, lid_size=2.0))
    opened = SurfaceFemur(file=path).opened()
    assert opened.found.confidence["shaft_axis"].value < 0.5
    assert any("Low confidence in the shaft axis" in note and "shaft_points_mm" in note for note in opened.notes)


@pytest.mark.parametrize("unit, factor", [("m", 1000.0), ("cm", 10.0)])
def test_a_given_unit_scales_the_file(made, unit, factor, tmp_path):
    path = tmp_path / "scaled.stl"
    write_stl(path, Surface(made.surface.points / factor, made.surface.triangles))
    femur = SurfaceFemur(file=path, unit=unit).shape()
    assert femur.landmarks.head_radius == pytest.approx(24.0, abs=0.1)
    assert any(f"scaled by {factor:g}" in note for note in femur.notes)


def test_a_given_unit_that_makes_no_femur_is_refused(file):
    with pytest.raises(SurfaceError, match="With femur") as caught:
        SurfaceFemur(file=file, unit="m").shape()
    assert '"mm"' in caught.value.remedy


@pytest.mark.parametrize("frame, right", [("LPS", True), ("RAS", False)])
def test_the_patients_axes_are_handed_on_or_contradict_the_side(made, frame, right, tmp_path):
    path = tmp_path / "patient.stl"
    # In LPS the head of a right femur points to +x, the patient's left; z up, y back.
    write_stl(path, Surface(made.surface.points * [-1, -1, 1], made.surface.triangles))
    if right:
        assert SurfaceFemur(file=path, frame=frame).shape().frame == frame
    else:
        with pytest.raises(SurfaceError, match="points to the patient's right"):
            SurfaceFemur(file=path, frame=frame).shape()
    assert SurfaceFemur(file=path).shape().frame == ""
