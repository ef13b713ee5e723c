"""A folder of DICOM slices as one image: one series, evenly stacked, in HU."""

from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import ImageError
from femsim.imaging.files import damaged, image_of, quiet_reader, refuse_size
from femsim.imaging.image import Image

UNEVEN = 0.02  # of the slice distance: rounding in the headers stays below, a missing slice is far above; assumed
_MODALITY, _ROWS_AND_COLUMNS, _POSITION = "0008|0060", "0020|0037", "0020|0032"


def read_series(folder: Path, series: str = "") -> Image:
    """The image of the one series in a folder, or of the named one."""
    names = _files(folder, series)
    readers = [quiet_reader(Path(name)) for name in names]
    _refuse_other_than_ct(folder, readers[0])
    shape = (*readers[0].GetSize()[:2], len(names))
    size = sum(Path(name).stat().st_size for name in names)
    refuse_size(folder, shape, 1, size, packed=True)
    _refuse_uneven(folder, readers)
    import SimpleITK

    stack = SimpleITK.ImageSeriesReader()
    stack.SetFileNames(names)
    try:
        made = stack.Execute()
    except RuntimeError as error:
        raise damaged(folder, "its slices differ in size, or one is cut short or damaged") from error
    if made.GetNumberOfComponentsPerPixel() != 1:
        raise ImageError("The slices are in colour; a CT has one number per voxel.", where=str(folder))
    return image_of(made, folder)


def _files(folder: Path, series: str) -> tuple[str, ...]:
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    found = {uid: SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), uid) for uid in _identifiers(folder)}
    if not found:
        raise ImageError(
            "The folder holds no DICOM series.", where=str(folder), remedy="name the folder with the slices themselves"
        )
    if series and series not in found:
        raise ImageError(f"The folder holds no series {series!r}.", where=str(folder), why=_listed(found))
    if not series and len(found) > 1:
        raise ImageError(
            f"The folder holds {len(found)} series.",
            where=str(folder),
            why=_listed(found),
            remedy="name one of them (key series, option --series)",
        )
    names = found[series or next(iter(found))]
    if len(names) < 2:
        raise ImageError("The series has one slice only.", where=str(folder), remedy="give the whole series")
    return names


def _identifiers(folder: Path) -> tuple[str, ...]:
    import SimpleITK

    return SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))


def _listed(found: dict[str, tuple[str, ...]]) -> str:
    """Identifier, number of slices and modality of each; descriptions are left out, people write names into them."""
    lines = []
    for uid, names in list(found.items())[:8]:
        reader = quiet_reader(Path(names[0]))
        lines.append(f"{uid}: {len(names)} slices, {_tag(reader, _MODALITY) or 'modality unknown'}")
    return "; ".join(lines) + ("; …" if len(found) > 8 else "")


def _tag(reader: Any, key: str) -> str:
    return reader.GetMetaData(key).strip() if reader.HasMetaDataKey(key) else ""


def _refuse_other_than_ct(folder: Path, reader: Any) -> None:
    modality = _tag(reader, _MODALITY)
    if modality != "CT":
        raise ImageError(
            f"The series is not a CT: its modality is {modality or 'not given'}.",
            where=str(folder),
            why="only a CT measures in HU",
            remedy="give the CT series",
        )


def _refuse_uneven(folder: Path, readers: list[Any]) -> None:
    try:
        positions = np.array([_numbers(reader, _POSITION, 3) for reader in readers])
        turns = np.array([_numbers(reader, _ROWS_AND_COLUMNS, 6) for reader in readers])
    except ValueError as error:
        raise damaged(folder, "a slice does not say where it lies in the patient") from error
    if np.abs(turns - turns[0]).max() > 1e-3:
        raise ImageError("The slices of the series are turned against each other.", where=str(folder))
    normal = np.cross(turns[0, :3], turns[0, 3:])
    steps = np.diff(positions, axis=0)
    along = np.abs(steps @ normal)
    usual = float(np.median(along))
    if usual < 1e-3:
        raise ImageError("Several slices of the series lie at the same place.", where=str(folder))
    odd = np.flatnonzero(np.abs(along - usual) > UNEVEN * usual)
    if len(odd):
        k = int(odd[0])
        raise ImageError(
            f"The slices are unevenly spaced: mostly {usual:.3f} mm, but {along[k]:.3f} mm between slices {k + 1} and "
            f"{k + 2} of {len(readers)} ({len(odd)} such gaps).",
            where=str(folder),
            why="slices are missing, or two reconstructions are mixed",
            remedy="export the series again, complete",
        )
    aside = np.linalg.norm(steps - (steps @ normal)[:, None] * normal, axis=1)
    if aside.max() > UNEVEN * usual:
        raise ImageError(
            "The slices are stacked obliquely: each is shifted sideways against the one before by "
            f"{aside.max():.2f} mm.",
            where=str(folder),
            why="the gantry was tilted",
            remedy="resample the series to perpendicular axes first (3D Slicer does so on import)",
        )


def _numbers(reader: Any, key: str, count: int) -> list[float]:
    values = [float(word) for word in _tag(reader, key).split("\\")]
    if len(values) != count or not np.isfinite(values).all():
        raise ValueError(key)
    return values
