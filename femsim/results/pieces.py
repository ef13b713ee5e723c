"""A result file that is read piece by piece, as one looks at it; also one whose end is missing.

HDF5 refuses a file that is shorter than it says. What was lost is given back as nothing here, so that the rest opens; a
piece that lay in what was lost is missing, and is told so.
"""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import h5py
import numpy as np

from femsim.errors import StoreError, near
from femsim.results.vtkhdf import bodies_of, elements_of, numbers, texts_of, units_told

MARK = b"\x89HDF\r\n\x1a\n"
NOT_FIELDS = ("region_id", "zone_id", "gruen_id")  # rows of names
DAMAGE = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, RuntimeError)


@dataclass(frozen=True)
class Grid:
    """What does not change over the steps of a body.

    points : (n, 3) float32 [mm]; corners : (e, 4) int32 rows of points.
    region_of, zone_of : (e,) rows of `regions` and `zones`; zone -1 is outside every zone.
    units : field → unit.
    """

    points: np.ndarray
    corners: np.ndarray
    region_of: np.ndarray
    regions: tuple[str, ...]
    zone_of: np.ndarray
    zones: tuple[str, ...]
    units: Mapping[str, str]


class Pieces:
    """An open result file; close it at the end.

    missing : sentences on what cannot be read.
    bodies : names of those whose mesh is there.

    Raises
    ------
    StoreError
        Where the file is missing, is not a result of femsim, or nothing in it can be read.
    """

    def __init__(self, path: Path):
        self.path, self.missing = Path(path), []
        self._whole = self._size = 0
        self._grids: dict[str, Grid] = {}
        self._groups: dict[str, h5py.Group] = {}
        self._file = self._opened()
        try:
            groups = bodies_of(self._file)
        except DAMAGE as error:
            self.close()
            raise _damaged(self.path, error) from error
        for name, group in groups.items():
            try:
                self._grids[name] = self._read_grid(group)
                self._groups[name] = group
            except DAMAGE:
                self.missing.append(f"The {name} body cannot be read: it lay in the part of the file that is missing.")
        if not self._groups:
            self.close()
            raise _damaged(self.path, "no body can be read")

    @property
    def bodies(self) -> tuple[str, ...]:
        """Names, in order of their index."""
        return tuple(self._groups)

    def grid(self, body: str) -> Grid:
        """Raises StoreError where there is no such body."""
        if body not in self._grids:
            raise StoreError(f"The result has no body {body!r}. {near(body, self._grids)}", where=str(self.path))
        return self._grids[body]

    def instants(self, body: str) -> np.ndarray:
        """(f,) time values of the steps."""
        return numbers(self._groups[body]["Steps/Values"])

    def fields(self, body: str) -> tuple[str, ...]:
        """Names of the fields with one number for each element."""
        found = self._groups[body]["CellData"]
        return tuple(name for name in found if name not in NOT_FIELDS and found[name].ndim == 1)

    def values(self, body: str, field: str, step: int) -> np.ndarray:
        """(e,) float32 of a field at a step; NaN where it is not defined, and throughout where it is not there."""
        n = len(self._grids[body].corners)
        if field not in self._groups[body]["CellData"]:
            return np.full(n, np.nan, np.float32)
        return self._rows(body, "CellData", field, step, n, (n,))

    def displacement(self, body: str, step: int) -> np.ndarray:
        """(n, 3) float32 [mm]; zero where it is not there."""
        n = len(self._grids[body].points)
        if "displacement" not in self._groups[body]["PointData"]:
            return np.zeros((n, 3), np.float32)
        return np.nan_to_num(self._rows(body, "PointData", "displacement", step, n, (n, 3)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _rows(self, body, association, name, step, n, shape) -> np.ndarray:
        group = self._groups[body]
        try:
            dataset = group[association][name]
            start = int(group[f"Steps/{association}Offsets"][name][step])
            rows = numbers(dataset, slice(start, start + n))
            if rows.shape != shape or not self._is_there(dataset, start, n):
                raise ValueError("cut off")
            return rows.astype(np.float32, copy=False)
        except DAMAGE:
            told = f"{body}: {name.replace('_', ' ')} of some steps is missing; it is shown as not defined."
            if told not in self.missing:
                self.missing.append(told)
            return np.full(shape, np.nan, np.float32)

    def _is_there(self, dataset: h5py.Dataset, start: int, n: int) -> bool:
        """Whether rows lie in the part of the file that is there."""
        if self._whole <= self._size:
            return True
        at, row = dataset.id.get_offset(), dataset.nbytes // max(len(dataset), 1)
        return at is not None and at + (start + n) * row <= self._size

    def _read_grid(self, group: h5py.Group) -> Grid:
        for name in ("Points", "Connectivity"):
            if not self._is_there(group[name], 0, len(group[name])):
                raise ValueError(f"{name} is cut off")
        points = numbers(group["Points"])
        elements = elements_of(group, len(points))
        n = len(elements)
        texts = {name: texts_of(group["FieldData"][name]) for name in group["FieldData"]}
        rows = {}
        for name, usual in (("region_id", 0), ("zone_id", -1)):
            there = name in group["CellData"] and self._is_there(group["CellData"][name], 0, n)
            rows[name] = numbers(group["CellData"][name], slice(0, n)) if there else np.full(n, usual, np.int32)
        return Grid(
            np.ascontiguousarray(points, np.float32),
            np.ascontiguousarray(elements[:, :4], np.int32),
            rows["region_id"],
            texts.get("region_names", ("bone_kept",)),
            rows["zone_id"],
            texts.get("zone_names", ()),
            MappingProxyType(units_told(texts.get("units", ()))),
        )

    def _opened(self) -> h5py.File:
        try:
            self._size = self.path.stat().st_size
            with open(self.path, "rb") as raw:
                self._whole = _claimed_size(raw.read(64))
            if self._whole <= self._size:
                return h5py.File(self.path, "r", locking=False)
            lost = 100.0 * (1.0 - self._size / self._whole)
            self.missing.append(f"{self.path.name} is cut off: {lost:.0f} % of it is missing.")
            return h5py.File(_Padded(self.path, self._whole), "r")
        except FileNotFoundError:
            raise StoreError(
                "There is no result file.", where=str(self.path), remedy="run the scenario again"
            ) from None
        except DAMAGE as error:
            raise _damaged(self.path, error) from error


def _claimed_size(head: bytes) -> int:
    """Bytes that an HDF5 file says it has."""
    if head[:8] != MARK:
        raise ValueError("not an HDF5 file")
    place = {0: 40, 1: 44, 2: 28, 3: 28}.get(head[8])
    if place is None:
        raise ValueError("an unknown version of HDF5")
    return struct.unpack_from("<Q", head, place)[0]


class _Padded(io.RawIOBase):
    """A file that seems as long as it says it is: beyond its end there is nothing but zeros."""

    def __init__(self, path: Path, size: int):
        self._raw, self._whole, self._at = open(path, "rb"), size, 0

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        self._raw.seek(self._at)
        there = self._raw.readinto(view) or 0
        view[there:] = bytes(len(view) - there)
        self._at += len(view)
        return len(view)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._whole}[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._raw.close()
        super().close()


def _damaged(path: Path, error: object) -> StoreError:
    return StoreError(
        "The result file is damaged or was not written by femsim.",
        where=str(path),
        why=f"{type(error).__name__}: {error}".splitlines()[0] if isinstance(error, Exception) else str(error),
        remedy="run the scenario again",
    )
