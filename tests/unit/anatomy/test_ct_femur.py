"""A femur cut out of a CT: one whose surface is known, and the shared CT of a patient."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.ct_femur import CtFemur
from femsim.anatomy.ct_head import find_ct_head
from femsim.anatomy.density.ct import CtDensity
from femsim.anatomy.femur import outer_surface
from femsim.anatomy.frame import on_points
from femsim.errors import ImageError, SurfaceError
from femsim.imaging.files import write_image
from femsim.imaging.image import Image, in_frame
from femsim.mesh.closest import closest_points
from femsim.mesh.surface import transformed
from tests import ct_phantom

TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def test_the_head_is_found_in_a_ct():
    head = find_ct_head(in_frame(ct_phantom.ct(), "LPS"), "right")
    assert np.linalg.norm(head.centre) < 1.0
    assert head.radius == pytest.approx(ct_phantom.femur().landmarks.head_radius, abs=1.5)


def test_an_image_without_a_hip_has_no_head():
    noise = np.random.default_rng(0).normal(50, 20, (60, 60, 60)).astype(np.float32)
    with pytest.raises(ImageError, match="No femoral head"):
        find_ct_head(Image(noise, np.diag([2.0, 2.0, 2.0, 1.0]), "LPS"), "right")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("ct") / "ct.nii.gz"
    write_image(path, ct_phantom.ct(1.0))
    return path


def off(femur) -> np.ndarray:
    """Distances of its outer points from the surface that was drawn, away from the cut."""
    points = on_points(femur.to_source, outer_surface(femur).points)
    points = points[points[:, 2] > -130]
    return closest_points(transformed(outer_surface(ct_phantom.femur()), TO_LPS), points).distance


@pytest.mark.slow
@pytest.mark.long
def test_the_surface_that_was_drawn_comes_back(path):
    femur = CtFemur(file=path, side="right").shape()
    assert np.sqrt((off(femur) ** 2).mean()) < 0.25  # a quarter of a voxel
    assert femur.frame == "LPS" and femur.side == "right"
    assert femur.landmarks.head_radius == pytest.approx(24.0, abs=0.3)
    assert femur.landmarks.neck_shaft_angle_deg == pytest.approx(127.0, abs=1.0)
    assert np.linalg.norm(on_points(femur.to_source, np.zeros((1, 3)))) < 0.3
    assert ct_phantom.source(path).looked_at(femur)[1].problem is None


@pytest.mark.slow
@pytest.mark.long
def test_a_mask_made_elsewhere_is_taken(path, tmp_path):
    from femsim.mesh.filling import filled
    from femsim.mesh.surface import Surface

    image = ct_phantom.ct(1.0)
    bone = ct_phantom.femur().surface
    inside = filled(Surface(image.indices(bone.points), bone.triangles), image.shape)
    mask = tmp_path / "mask.nii.gz"
    write_image(mask, Image(3.0 * inside.astype(np.float32), image.affine, "RAS"))
    femur = CtFemur(file=path, side="right", mask_file=mask, mask_label=3).shape()
    assert np.sqrt((off(femur) ** 2).mean()) < 0.35
    with pytest.raises(ImageError, match="0 voxels of label 1"):
        CtFemur(file=path, side="right", mask_file=mask).shape()


@pytest.fixture(scope="module")
def patient(shared_data):
    return shared_data / "ct_totalsegmentator" / "example_ct.nii.gz"


@pytest.mark.slow
def test_the_hip_with_a_screw_is_refused_for_its_metal(patient):
    # By the file's own frame and by the liver the screw is in the patient's left hip.
    with pytest.raises(ImageError, match=r"The left hip holds metal: 7\.7 cm³"):
        CtFemur(file=patient, side="left").shape()


@pytest.mark.slow
@pytest.mark.long
def test_the_native_hip_is_segmented_and_its_density_read_but_its_missing_shaft_is_not_made_up(patient):
    native = CtFemur(file=patient, side="right")
    with pytest.raises(SurfaceError, match="too little of the femur"):
        native.shape()
    femur = dataclasses.replace(native, shaft_axis=(0.0, 0.0, 1.0)).shape()
    assert any("shows no shaft" in note for note in femur.notes)
    assert 24 < femur.landmarks.head_radius < 28
    assert 125 < femur.landmarks.neck_shaft_angle_deg < 140
    assert femur.landmarks.greater_trochanter_tip[1] < 0  # it lies behind the neck: the side is right
    found, report = CtDensity(file=patient, calibration="two_tissue").looked_at(femur)
    assert report.problem is None and report.seat.brighter > 0.9
    assert any("too coarse" in note for note in found.notes)
