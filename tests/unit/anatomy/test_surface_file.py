"""A femur from a surface file."""

import numpy as np
import pytest

from femsim.anatomy.femur import DISTAL_CUT
from femsim.anatomy.frame import on_points
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.surface_file import SurfaceFemur
from femsim.errors import SurfaceError, UsageError
from femsim.mesh.closest import closest_points
from femsim.mesh.files import read_surface, write_stl
from femsim.mesh.repair import repaired
from femsim.mesh.sections import outlines
from femsim.mesh.surface import Surface, compacted, enclosed_volume, is_closed, transformed

SHARED = ["femur_libhip/raw_m4_rfemur_mm.stl", "femur_libhip/raw_m3_rfemur_mm.stl", "femur_gfxmorph/femur.stl"]


def written(path, surface):
    write_stl(path, surface)
    return path


def wall_points(surface: Surface) -> np.ndarray:
    """Points of the bone's own surface, without those of the lid."""
    return surface.points[np.unique(surface.triangles[surface.labels != DISTAL_CUT])]


@pytest.fixture(scope="module")
def parametric():
    return ParametricFemur(shaft_length_mm=140.0).shape().surface


@pytest.fixture(scope="module")
def moved():
    """A left femur somewhere else: mirrored, turned and shifted."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    matrix[:3, :3] *= -np.sign(np.linalg.det(matrix[:3, :3]))
    matrix[:3, 3] = (100, -200, 300)
    return matrix


@pytest.fixture(scope="module")
def left(parametric, moved, tmp_path_factory):
    path = written(tmp_path_factory.mktemp("femur") / "left.stl", transformed(parametric, moved))
    return SurfaceFemur(file=path).shape()


def test_a_left_femur_in_a_file_becomes_the_right_femur_it_mirrors(left, parametric):
    assert left.side == "left"
    away = closest_points(parametric, wall_points(left.surface)).distance
    assert np.sqrt((away**2).mean()) < 0.4  # axes found within 0.5 degrees, seen over 150 mm


def test_to_source_leads_back_to_the_file(left, parametric, moved):
    assert np.linalg.det(left.to_source[:3, :3]) == pytest.approx(-1.0)
    source = on_points(left.to_source, wall_points(left.surface))
    away = closest_points(transformed(parametric, moved), source).distance
    # Points of the file to single precision; along the cut points move by up to a tenth of an edge in the wall.
    assert np.percentile(away, 98) < 1e-4 and away.max() < 0.02


def test_notes_say_side_frame_and_cut(left):
    said = " ".join(left.notes)
    for part in ("Left femur", "mirrored", "assumed: no condyles", "Shaft cut flat"):
        assert part in said


def test_a_shaft_length_is_kept(parametric, tmp_path):
    femur = SurfaceFemur(file=written(tmp_path / "f.stl", parametric), shaft_length_mm=120.0).shape()
    lid = femur.surface.points[femur.surface.triangles[femur.surface.labels == DISTAL_CUT]]
    assert np.abs(lid[:, :, 2] + 120.0).max() < 1e-9


@pytest.mark.parametrize("length, says", [(200.0, "whole only down to"), (80.0, "less than 35 mm of shaft")])
def test_a_shaft_length_the_file_does_not_have_is_refused(length, says, parametric, tmp_path):
    with pytest.raises(SurfaceError, match=says):
        SurfaceFemur(file=written(tmp_path / "f.stl", parametric), shaft_length_mm=length).shape()


def test_an_open_shaft_is_closed_and_cut(parametric, tmp_path):
    open_end = compacted(Surface(parametric.points, parametric.triangles[parametric.labels != DISTAL_CUT]))
    femur = SurfaceFemur(file=written(tmp_path / "open.stl", open_end)).shape()
    assert is_closed(femur.surface)
    assert any("1 opening(s) closed" in note for note in femur.notes)


def test_metres_are_recognised(parametric, tmp_path):
    path = written(tmp_path / "metres.stl", Surface(parametric.points / 1000, parametric.triangles))
    with pytest.raises(SurfaceError, match="in metres") as caught:
        SurfaceFemur(file=path).shape()
    assert "1000" in caught.value.remedy and str(path) in caught.value.where


@pytest.mark.parametrize("factor", [0.1, 25.4])
def test_other_units_are_refused(factor, parametric, tmp_path):
    path = written(tmp_path / "inch.stl", Surface(parametric.points * factor, parametric.triangles))
    with pytest.raises(SurfaceError, match="across"):
        SurfaceFemur(file=path).shape()


def test_a_wrong_side_is_refused_and_the_file_named(parametric, tmp_path):
    path = written(tmp_path / "f.stl", parametric)
    with pytest.raises(SurfaceError, match="left femur, but the surface is a right one") as caught:
        SurfaceFemur(file=path, side="left").shape()
    assert str(path) in caught.value.where


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError):
        SurfaceFemur(file=tmp_path / "none.stl").shape()


def test_a_known_anteversion_turns_the_frame(parametric, tmp_path):
    femur = SurfaceFemur(file=written(tmp_path / "f.stl", parametric), anteversion_deg=20.0).shape()
    assert femur.landmarks.anteversion_deg == 20.0 and not femur.landmarks.anteversion_is_assumed
    axis = femur.landmarks.neck_axis
    assert np.degrees(np.arctan2(axis[1], -axis[0])) == pytest.approx(20.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_real_femora_keep_their_shape_above_the_cut(name, shared_data):
    femur = SurfaceFemur(file=shared_data / name).shape()
    cut = femur.surface.points[:, 2].min()
    source, _ = repaired(read_surface(shared_data / name))
    source = transformed(source, np.linalg.inv(femur.to_source))
    above = source.points[source.points[:, 2] > cut + 0.5]
    away = closest_points(femur.surface, above).distance
    assert np.sqrt((away**2).mean()) < 0.25
    heights = np.arange(cut, source.points[:, 2].max(), 0.5) + 0.25
    slabs = [sum(piece.area for piece in pieces) for pieces in outlines(source, np.zeros(3), (0.0, 0.0, 1.0), heights)]
    assert enclosed_volume(femur.surface) == pytest.approx(0.5 * sum(slabs), rel=0.01)
    assert is_closed(femur.surface)
