"""Image files (NIfTI, MetaImage, NRRD, DICOM series, VTI) read into an `Image`; by SimpleITK.

Nothing that names a patient is shown or kept: of a file its name, of a DICOM series its identifier.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import ImageError, UsageError
from femsim.imaging.image import Image, in_frame

MOST_VOXELS = 400_000_000  # 1.6 GB as float32: 512 × 512 × 1500 slices
MOST_COMPRESSION = 1100  # bytes out per byte in: deflate reaches 1032 at the most, a header that claims more is false
KNOWN = ".nii, .nii.gz, .mhd, .mha, .nrrd, .nhdr, .vti, or a folder with one DICOM series"
EXPORT = "export the CT as NIfTI, MetaImage, NRRD, VTI or one DICOM series in HU, and give that"
_TURN = np.diag([-1.0, -1.0, 1.0, 1.0])


def read_image(path: Path, *, series: str = "") -> Image:
    """The three-dimensional grey image of a file, or of a folder with one DICOM series.

    Its frame is that of the format: NIfTI says RAS, MetaImage, NRRD and DICOM say LPS, VTI says nothing; a NIfTI or
    NRRD file that was written without a place in space says nothing either.

    Parameters
    ----------
    series : str, optional
        The identifier of the series to take where a folder holds several.

    Raises
    ------
    UsageError
        Where there is no such file, or its ending is not a known one.
    ImageError
        Where it is empty, damaged, cut short, too large, or no such image.
    """
    path = Path(path)
    if not path.exists():
        raise UsageError(
            "There is no such image.", where=str(path), why="the name is mistyped, or the path starts elsewhere",
            remedy="check the path; in a scenario it is relative to the scenario's folder",
        )  # fmt: skip
    if path.is_dir():
        from femsim.imaging.dicom import read_series

        return _checked(read_series(path, series), path)
    if not path.is_file() or path.stat().st_size == 0:
        raise damaged(path, "it is empty" if path.is_file() else "it is a device or a pipe, not a file")
    name = path.name.lower()
    if name.endswith(".vti"):
        from femsim.imaging.vti import read_vti

        return _checked(read_vti(path), path)
    for endings, reader, frame in _READERS:
        if name.endswith(endings):
            return _checked(reader(path, frame), path)
    if name.endswith((".dcm", ".ima")):
        raise ImageError(
            "One DICOM file is one slice.", where=str(path), remedy="give the folder that holds the whole series"
        )
    raise UsageError(
        f"Images end in {KNOWN}; this one ends in {path.suffix or 'nothing'!r}.", where=str(path), remedy=EXPORT
    )


def write_image(path: Path, image: Image) -> None:
    """Write an image of a known frame as NIfTI, MetaImage or NRRD, or any image as VTI, by the ending of its name.

    Raises
    ------
    UsageError
        Where the ending is none of these.
    ImageError
        Where the file cannot be written.
    """
    import SimpleITK

    path = Path(path)
    name = path.name.lower()
    if name.endswith(".vti"):
        from femsim.imaging.vti import write_vti

        return write_vti(path, image)
    if not name.endswith((".nii", ".nii.gz", ".mha", ".mhd", ".nrrd")):
        raise UsageError(
            f"Images are written as .nii, .nii.gz, .mha, .mhd, .nrrd or .vti; this name ends in {path.suffix!r}.",
            where=str(path),
        )
    image = in_frame(image, "LPS")
    made = SimpleITK.GetImageFromArray(np.ascontiguousarray(image.values.transpose(2, 1, 0)))
    made.SetSpacing(image.spacing.tolist())
    made.SetOrigin(image.affine[:3, 3].tolist())
    made.SetDirection((image.affine[:3, :3] / image.spacing).ravel().tolist())
    try:
        SimpleITK.WriteImage(made, str(path), useCompression=name.endswith((".gz", ".mha", ".nrrd")))
    except RuntimeError as error:
        raise ImageError("The image cannot be written.", where=str(path), why=_last_line(error)) from error
    return None


def damaged(path: Path, why: str) -> ImageError:
    return ImageError("This is not a sound image file.", where=str(path), why=why, remedy=EXPORT)


def refuse_size(path: Path, shape: tuple[int, ...], n_bytes_per_voxel: int, file_bytes: int, *, packed: bool) -> None:
    """Refuse before anything is allocated what is too large, or larger than its file can hold."""
    if any(n < 1 for n in shape):
        raise damaged(path, f"its header says {' × '.join(map(str, shape))} voxels")
    n_voxels = int(np.prod([int(n) for n in shape], dtype=object))
    if n_voxels > MOST_VOXELS:
        raise ImageError(
            f"The image has {' × '.join(map(str, shape))} voxels; up to {MOST_VOXELS / 1e6:.0f} million are read.",
            where=str(path),
            why="it holds far more than a hip, or its header is false",
            remedy="crop it to the hip first",
        )
    most = file_bytes * (MOST_COMPRESSION if packed else 1)
    if n_voxels * n_bytes_per_voxel > most:
        raise damaged(
            path,
            f"it is cut short: its header says {n_voxels * n_bytes_per_voxel} bytes of voxels, the file has "
            f"{file_bytes}",
        )


def refuse_flat(path: Path, shape: tuple[int, ...]) -> None:
    """Refuse what has not three dimensions of at least two voxels each."""
    solid = [n for n in shape if n > 1]
    if len(solid) != 3 or (len(shape) != 3 and any(n > 1 for n in shape[3:])):
        raise ImageError(
            f"The image is not three-dimensional: {' × '.join(map(str, shape))} voxels.",
            where=str(path),
            why="one slice was exported, or a series over time",
            remedy="export the whole stack of slices as one volume",
        )


def quiet_reader(path: Path) -> Any:
    """An ITK reader that has read the header alone."""
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    reader.LoadPrivateTagsOff()
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise damaged(path, f"its header cannot be read: {_last_line(error)}") from error
    return reader


def image_of(made: Any, path: Path) -> Image:
    """The SimpleITK image as an `Image` in LPS."""
    import SimpleITK

    values = SimpleITK.GetArrayViewFromImage(made).transpose(2, 1, 0).astype(np.float32, order="C")
    values.flags.writeable = False
    affine = np.eye(4)
    affine[:3, :3] = np.array(made.GetDirection()).reshape(3, 3) * np.array(made.GetSpacing())
    affine[:3, 3] = made.GetOrigin()
    return Image(values, affine, "LPS", path.name)


def _read_itk(path: Path, frame_of: Callable[[Any], str]) -> Image:
    reader = quiet_reader(path)
    shape = tuple(int(n) for n in reader.GetSize())
    refuse_flat(path, shape)
    if reader.GetNumberOfComponents() != 1:
        raise ImageError(
            f"Each voxel holds {reader.GetNumberOfComponents()} numbers; a CT has one, its HU.",
            where=str(path),
            why="it is a colour picture or a field of vectors",
            remedy=EXPORT,
        )
    file_bytes, packed = _data_bytes(path)
    refuse_size(path, shape, _bytes_per_voxel(reader), file_bytes, packed=packed)
    if path.name.lower().endswith((".nii", ".nii.gz")):
        _refuse_short_nifti(path, reader, int(np.prod(shape)) * _bytes_per_voxel(reader))
    try:
        made = reader.Execute()
    except RuntimeError as error:
        raise damaged(path, f"it is cut short or damaged: {_last_line(error)}") from error
    if made.GetDimension() != 3:
        made = made[(slice(None),) * 3 + (0,) * (made.GetDimension() - 3)]
    image = image_of(made, path)
    frame = frame_of(reader)
    if frame == "RAS":
        return in_frame(image, "RAS")
    return image if frame else Image(image.values, image.affine, "", image.source)


def _refuse_short_nifti(path: Path, reader: Any, n_bytes: int) -> None:
    """The library behind fills what is missing with zeros and says nothing, so the bytes are counted here."""
    import gzip
    import zlib

    try:
        needed = int(float(reader.GetMetaData("vox_offset"))) + n_bytes
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        have = 0
        with gzip.open(path) if packed else path.open("rb") as file:
            while have < needed + 1_000_000 and (block := file.read(1 << 20)):
                have += len(block)
    except (OSError, EOFError, zlib.error, ValueError, OverflowError, RuntimeError) as error:
        raise damaged(path, f"it is cut short or damaged: {error}") from error
    if have < needed:
        raise damaged(path, f"it is cut short: it has {have} of {needed} bytes")


def _data_bytes(path: Path) -> tuple[int, bool]:
    """Bytes of the file that holds the voxels, and whether they may be packed; both kept together in one file."""
    if path.name.lower().endswith((".mhd", ".nhdr")):
        # The voxels lie beside, in a file that the header names: all files of the folder hold them for sure.
        return sum(file.stat().st_size for file in path.parent.iterdir() if file.is_file()), True
    return path.stat().st_size, not path.name.lower().endswith(".nii")


def _bytes_per_voxel(reader: Any) -> int:
    import SimpleITK

    name = SimpleITK.GetPixelIDValueAsString(reader.GetPixelIDValue())
    return next((n for bits, n in (("8-bit", 1), ("16-bit", 2), ("64-bit", 8)) if bits in name), 4)


def _nifti_frame(reader: Any) -> str:
    placed = any(reader.HasMetaDataKey(key) and reader.GetMetaData(key) != "0" for key in ("qform_code", "sform_code"))
    return "RAS" if placed else ""


def _nrrd_frame(reader: Any) -> str:
    return "LPS" if reader.HasMetaDataKey("NRRD_space") else ""


_READERS = (
    ((".nii", ".nii.gz"), _read_itk, _nifti_frame),
    ((".mhd", ".mha"), _read_itk, lambda reader: "LPS"),
    ((".nrrd", ".nhdr"), _read_itk, _nrrd_frame),
)


def _checked(image: Image, path: Path) -> Image:
    finite = np.isfinite(image.values)
    if not finite.all():
        raise ImageError(
            f"{int((~finite).sum())} of {image.values.size} voxels are not finite numbers.",
            where=str(path),
            why="the file is damaged, or a program marked what lies outside with NaN",
            remedy="fill them with air (-1000 HU) and write the image again",
        )
    edges = image.affine[:3, :3]
    if not np.isfinite(image.affine).all() or (image.spacing < 1e-3).any() or (image.spacing > 20).any():
        raise damaged(path, f"its voxels measure {' × '.join(f'{s:.3g}' for s in image.spacing)} mm")
    unit = edges / image.spacing
    if np.abs(unit.T @ unit - np.eye(3)).max() > 1e-3:
        raise ImageError(
            "The axes of the voxels are not perpendicular.",
            where=str(path),
            why="the gantry was tilted, or slices were stacked obliquely",
            remedy="resample it to perpendicular axes first (3D Slicer: Resample Scalar Volume)",
        )
    return image


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][-160:] if lines else type(error).__name__
