"""Density from a CT whose density is known, and every reason to refuse a CT."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.density.ct import CtDensity
from femsim.anatomy.synthetic_ct import recovered
from femsim.errors import ImageError, QualityError
from femsim.imaging.image import Image, in_frame
from tests import ct_phantom


@pytest.fixture(scope="module")
def femur():
    return ct_phantom.femur()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("ct") / "ct.nii.gz"
    ct_phantom.source(path, ct_phantom.ct())
    return path


def changed(image, values=None, move=(0, 0, 0)) -> Image:
    affine = image.affine.copy()
    affine[:3, 3] += move
    return Image(image.values if values is None else values, affine, image.frame)


def test_the_density_that_was_drawn_comes_back(femur, path):
    found = recovered(femur, ct_phantom.known(), ct_phantom.source(path).mapped(femur))
    # 20 HU of noise are 0.024 g/cm³ in a voxel; 2 mm voxels blur the edge of the cortex 2 mm deep and more.
    assert found.rms()["trabecular"] < 0.08 and abs(found.bias()["trabecular"]) < 0.03
    assert found.rms()["cortical"] < 0.35


def test_taking_density_from_deeper_bone_halves_the_error_at_the_surface(femur, path):
    as_is, corrected = (
        recovered(femur, ct_phantom.known(), ct_phantom.source(path, partial_volume=way).mapped(femur)).rms()
        for way in ("none", "inward")
    )
    assert corrected["near surface"] < 0.6 * as_is["near surface"]
    assert corrected["trabecular"] == pytest.approx(as_is["trabecular"])


def test_the_frame_of_the_file_does_not_matter(femur, path, tmp_path):
    other = ct_phantom.source(tmp_path / "ct.mha", in_frame(ct_phantom.ct(), "LPS"))
    points, spans = np.array([[0.0, 0, 0], [20, 0, -20], [40, -5, -80]]), np.full(3, 1.0)
    # NIfTI keeps its axes in single precision.
    assert other.mapped(femur).at(points, spans) == pytest.approx(
        ct_phantom.source(path).mapped(femur).at(points, spans), abs=1e-5
    )


def test_a_femur_in_nobodys_frame_is_refused_until_somebody_says_it(femur, path):
    nobodys = dataclasses.replace(femur, frame="")
    with pytest.raises(ImageError, match="not known in which axes the femur"):
        ct_phantom.source(path).mapped(nobodys)
    assert ct_phantom.source(path, femur_frame="RAS").mapped(nobodys)
    with pytest.raises(ImageError, match="are in RAS"):
        ct_phantom.source(path, femur_frame="LPS").mapped(femur)


def test_a_ct_in_nobodys_frame_is_refused_until_somebody_says_it(femur, tmp_path):
    source = ct_phantom.source(tmp_path / "ct.vti", ct_phantom.ct())
    with pytest.raises(ImageError, match="does not say in which axes"):
        source.mapped(femur)
    assert dataclasses.replace(source, frame="RAS").mapped(femur)


def test_a_surface_that_fits_only_when_turned_is_refused_and_told_so(femur, path):
    wrong = dataclasses.replace(femur, frame="LPS")
    with pytest.raises(ImageError, match="only with x and y turned round: it says LPS where it is RAS"):
        ct_phantom.source(path).mapped(wrong)


@pytest.mark.parametrize("move, what", [((15, 0, 0), "no bone where"), ((0, 0, 120), "inside the CT")])
def test_a_ct_that_does_not_overlap_is_refused(femur, tmp_path, move, what):
    source = ct_phantom.source(tmp_path / "ct.nii.gz", changed(ct_phantom.ct(), move=move))
    with pytest.raises(ImageError, match=what) as found:
        source.mapped(femur)
    assert found.value.exit_code == 3 and "ct.nii.gz" in found.value.where


def test_metal_in_the_bone_is_refused_with_that_reason(femur, tmp_path):
    values = ct_phantom.ct().values.copy()
    i, j, k = np.round(ct_phantom.ct().indices(np.zeros((1, 3)))[0]).astype(int)
    values[i - 1 : i + 2, j - 1 : j + 2, k - 8 : k + 8] = 3071.0
    with pytest.raises(ImageError, match=r"metal in or beside the femur: 1\.15 cm³"):
        ct_phantom.source(tmp_path / "ct.nii.gz", changed(ct_phantom.ct(), values)).mapped(femur)


@pytest.mark.parametrize("slope, end", [(1e-5, "lower"), (0.009, "upper")])
def test_a_line_of_another_scanner_ends_at_the_limits_and_fails_the_gate(femur, path, slope, end):
    source = ct_phantom.source(path, slope_g_per_cm3_per_hu=slope, intercept_g_per_cm3=-0.2 if end == "lower" else 0.0)
    with pytest.raises(QualityError, match=f"at the {end} limit") as found:
        source.mapped(femur)
    assert found.value.exit_code == 5


def test_tissues_give_the_line_the_ct_was_drawn_with(femur, path):
    calibration = CtDensity(file=path, calibration="two_tissue").mapped(femur).calibration
    assert calibration.slope == pytest.approx(0.00082, rel=0.01)
    assert calibration.intercept == pytest.approx(0.0, abs=0.005)


def test_slope_and_intercept_have_no_default_and_rods_must_be_placed():
    with pytest.raises(ValueError, match="there is no default"):
        CtDensity(file="ct.nii", calibration="slope_intercept")
    with pytest.raises(ValueError, match="at least 3 rods"):
        CtDensity(file="ct.nii", calibration="rods")
    with pytest.raises(ValueError, match="give as many"):
        CtDensity(file="ct.nii", calibration="rods", rod_densities_g_per_cm3=(0.0, 0.1, 0.2))


def test_the_report_counts_what_it_says(femur, path):
    _, report = ct_phantom.source(path).looked_at(femur)
    edges, counts = report.histogram()
    assert counts.sum() == len(report.hu) and len(edges) == len(counts) + 1
    record = report.record()
    assert record["fit"] and record["inside_share"] == 1.0 and record["metal_cm3"] == 0.0
    assert record["clamped_high_share"] == float((report.density >= 2.0).mean())
