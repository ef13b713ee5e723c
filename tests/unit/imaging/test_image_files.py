"""Image files come back with every value in its place, or are refused with the reason."""

import gzip
import locale

import numpy as np
import pytest

from femsim.errors import FemsimError, ImageError, UsageError
from femsim.imaging.files import MOST_VOXELS, read_image, write_image
from femsim.imaging.image import Image, in_frame

sitk = pytest.importorskip("SimpleITK")
ENDINGS = [".nii", ".nii.gz", ".mha", ".mhd", ".nrrd", ".vti"]


@pytest.fixture(scope="module")
def image() -> Image:
    random = np.random.default_rng(0)
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    affine = np.eye(4)
    affine[:3, :3] = turn * np.sign(np.linalg.det(turn)) * [0.7, 0.8, 1.1]
    affine[:3, 3] = (10, -20, 30)
    return Image(random.normal(0, 100, (9, 11, 13)).astype(np.float32), affine, "LPS", "made")


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_image_comes_back(image, tmp_path, ending):
    path = tmp_path / f"ct{ending}"
    write_image(path, image)
    again = read_image(path)
    assert again.frame == {".nii": "RAS", ".nii.gz": "RAS", ".vti": ""}.get(ending, "LPS")
    assert np.array_equal(again.values, image.values)
    placed = in_frame(again, "LPS") if again.frame else again
    assert placed.affine == pytest.approx(image.affine, abs=1e-5)


def test_a_frame_is_stated_only_where_the_file_states_it(image, tmp_path):
    path = tmp_path / "ct.nii"
    write_image(path, image)
    raw = bytearray(path.read_bytes())
    raw[252:256] = bytes(4)  # qform_code, sform_code: 0 is "nobody says where this lies"
    path.write_bytes(raw)
    assert read_image(path).frame == ""
    (tmp_path / "ct.nrrd").write_bytes(
        b"NRRD0004\ntype: float\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nendian: little\nspacings: 1 1 1\n\n"
        + np.arange(8, dtype="<f4").tobytes()
    )
    assert read_image(tmp_path / "ct.nrrd").frame == ""


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != ".mhd"])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.3, 0.6, 0.95, 0.999])
def test_a_file_cut_short_is_refused(image, tmp_path, ending, share):
    path = tmp_path / f"ct{ending}"
    write_image(path, image)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(ImageError):
        read_image(path)


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != ".mhd"])
def test_flipped_bits_give_an_image_or_a_typed_error(image, tmp_path, ending):
    path = tmp_path / f"ct{ending}"
    write_image(path, image)
    raw = path.read_bytes()
    random = np.random.default_rng(3)
    for _ in range(25):
        broken = bytearray(raw)
        for place in random.integers(0, min(len(raw), 500), 3):
            broken[place] ^= 1 << random.integers(0, 8)
        path.write_bytes(broken)
        try:
            read = read_image(path)
        except FemsimError as error:
            assert error.what
        else:
            assert np.isfinite(read.values).all()


def test_a_header_that_claims_too_much_is_refused_before_anything_is_allocated(image, tmp_path):
    path = tmp_path / "ct.nii"
    write_image(path, image)
    raw = bytearray(path.read_bytes())
    raw[42:48] = np.array([30000, 30000, 30000], "<i2").tobytes()
    path.write_bytes(raw)
    with pytest.raises(ImageError, match=f"up to {MOST_VOXELS / 1e6:.0f} million"):
        read_image(path)
    raw[42:48] = np.array([700, 700, 700], "<i2").tobytes()
    packed = tmp_path / "ct.nii.gz"
    packed.write_bytes(gzip.compress(bytes(raw)))
    with pytest.raises(ImageError) as found:
        read_image(packed)
    assert "cut short" in found.value.why


def test_what_is_no_volume_of_grey_values_is_refused(tmp_path):
    flat = sitk.GetImageFromArray(np.zeros((8, 8), np.float32))
    sitk.WriteImage(flat, str(tmp_path / "flat.mha"))
    with pytest.raises(ImageError, match="not three-dimensional"):
        read_image(tmp_path / "flat.mha")
    colour = sitk.GetImageFromArray(np.zeros((4, 4, 4, 3), np.uint8), isVector=True)
    sitk.WriteImage(colour, str(tmp_path / "colour.mha"))
    with pytest.raises(ImageError, match="3 numbers"):
        read_image(tmp_path / "colour.mha")


def test_values_that_are_no_numbers_are_refused(image, tmp_path):
    values = image.values.copy()
    values[2, 3, 4] = np.nan
    write_image(tmp_path / "ct.mha", Image(values, image.affine, "LPS"))
    with pytest.raises(ImageError, match="1 of 1287 voxels are not finite"):
        read_image(tmp_path / "ct.mha")


def test_a_missing_file_and_an_unknown_ending_are_told_apart(tmp_path):
    with pytest.raises(UsageError, match="no such image"):
        read_image(tmp_path / "ct.nii")
    (tmp_path / "ct.png").write_bytes(b"x")
    with pytest.raises(UsageError, match="Images end in"):
        read_image(tmp_path / "ct.png")


def write_series(folder, n=6, *, uid="1.2.3", skip=(), modality="CT", tilt=0.0, name="SECRET^PATIENT"):
    """DICOM slices of a known ramp; ITK stores HU less the intercept of -1024."""
    folder.mkdir(exist_ok=True)
    before = locale.setlocale(locale.LC_ALL)
    for k in range(n):
        if k in skip:
            continue
        hu = np.add.outer(np.arange(8) * 10, np.arange(10)) + 100 * k  # rows (y), columns (x)
        made = sitk.GetImageFromArray(hu.astype(np.int16)[None])
        made.SetSpacing((0.5, 0.6, 2.0))
        tags = {
            "0008|0060": modality, "0010|0010": name, "0020|000d": "1.2", "0020|000e": uid, "0020|0013": str(k + 1),
            "0008|0018": f"{uid}.{k}", "0020|0032": f"-10\\{-20 + tilt * k}\\{5 + 2.0 * k}",
            "0020|0037": "1\\0\\0\\0\\1\\0", "0028|1052": "-1024", "0028|1053": "1", "0008|103e": f"hip of {name}",
            "0008|0016": "1.2.840.10008.5.1.4.1.1.2", "0020|0052": "1.9",
        }  # fmt: skip
        for key, value in tags.items():
            made.SetMetaData(key, value)
        writer = sitk.ImageFileWriter()
        writer.KeepOriginalImageUIDOn()
        writer.SetFileName(str(folder / f"{uid}_{k:03d}.dcm"))
        writer.Execute(made)
    # Writing DICOM leaves the process with the locale "C": later tests would read texts as ASCII.
    locale.setlocale(locale.LC_ALL, before)
    return folder


def test_a_dicom_series_is_read_in_hu_and_in_place(tmp_path):
    folder = write_series(tmp_path / "series")
    stored = np.frombuffer((folder / "1.2.3_004.dcm").read_bytes()[-160:], "<i2").reshape(8, 10)
    assert stored[2, 3] == 423 + 1024
    image = read_image(folder)
    assert image.frame == "LPS" and image.shape == (10, 8, 6)
    assert image.spacing == pytest.approx([0.5, 0.6, 2.0])
    assert image.affine[:3, 3] == pytest.approx([-10, -20, 5])
    assert image.values[3, 2, 4] == pytest.approx(2 * 10 + 3 + 400)


def test_reading_dicom_leaves_the_locale_of_the_process_as_it_was(tmp_path):
    folder, before = write_series(tmp_path / "series"), locale.setlocale(locale.LC_ALL)
    try:
        # Set here: what is asked is whether reading changes it, not what other libraries did before.
        chosen = locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        pytest.skip("this machine has no locale C.UTF-8")
    try:
        read_image(folder)
        assert locale.setlocale(locale.LC_ALL) == chosen
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_several_series_are_listed_without_the_name_of_the_patient(tmp_path):
    folder = write_series(tmp_path / "series")
    write_series(folder, 4, uid="1.2.4")
    with pytest.raises(ImageError) as found:
        read_image(folder)
    assert "1.2.3: 6 slices, CT" in str(found.value) and "1.2.4: 4 slices" in str(found.value)
    assert "SECRET" not in str(found.value)
    assert read_image(folder, series="1.2.4").shape[2] == 4


@pytest.mark.parametrize(
    "how, what",
    [
        ({"skip": (3,)}, "unevenly spaced"),
        ({"tilt": 0.5}, "obliquely"),
        ({"modality": "MR"}, "not a CT"),
        ({"n": 1}, "one slice only"),
    ],
)
def test_a_series_that_is_no_evenly_stacked_ct_is_refused(tmp_path, how, what):
    with pytest.raises(ImageError, match=what):
        read_image(write_series(tmp_path / "series", **how))


def test_a_folder_without_slices_and_a_single_slice_are_refused(tmp_path):
    with pytest.raises(ImageError, match="no DICOM series"):
        read_image(tmp_path)
    write_series(tmp_path / "series", 2)
    with pytest.raises(ImageError, match="one slice"):
        read_image(tmp_path / "series" / "1.2.3_000.dcm")
