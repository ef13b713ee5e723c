"""The fields of a run as one VTKHDF file, which ParaView opens: two bodies over the frames of an activity.

Each body is an unstructured grid of one partition. Its mesh is stored once; every step points at it. A field that
does not change is stored once, the others once per step. Steps are told by each body and not by the collection:
with both, the reader of VTK 9.7 reports failures. Units and names are field data of each body, which that reader
passes over in a collection; the summary of the run holds them too.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

from femsim.durable import whole_file
from femsim.errors import StoreError, near
from femsim.mesh.mesh import Mesh

CELL_TYPE = {4: 10, 10: 24}  # VTK_TETRA, VTK_QUADRATIC_TETRA
# Files in this range of HDF5 versions stay readable when the writer is killed, and VTK's own HDF5 1.14 reads them.
# VTK 9.7 crashes on a text array in UTF-8: what units and names need beyond ASCII is spelled out.
PLAIN = str.maketrans({"²": "2", "³": "3", "°": "deg", "µ": "u", "μ": "u", "·": ".", "−": "-", "–": "-"})
LIBRARY_VERSIONS = ("earliest", "v108")
Later = list[tuple[h5py.Dataset, np.ndarray]]  # what is set out, and with what it is to be filled
FORMAT = (2, 2)  # version of VTKHDF: collections of partitioned data (2.1) with steps (2.0)


@dataclass(frozen=True)
class Body:
    """A mesh and what is known on it.

    point_fields, cell_fields : name → (f, n) or (f, n, k) over f steps; one row where it does not change.
        NaN where a field is not defined. Integers stay integers, all else is stored in single precision.
    units : unit of each field.
    texts : name → texts that belong to the body, such as the names of regions and zones.
    """

    name: str
    mesh: Mesh
    point_fields: Mapping[str, np.ndarray] = field(default_factory=dict)
    cell_fields: Mapping[str, np.ndarray] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One body at one step, as stored.

    points : (n, 3) float32 [mm]; elements : (e, 4 or 10) int32.
    point_fields, cell_fields : name → (n,), (n, k), (e,) or (e, k).
    units : name → unit; texts : name → texts; instant : the time value of the step.
    """

    name: str
    points: np.ndarray
    elements: np.ndarray
    point_fields: Mapping[str, np.ndarray]
    cell_fields: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    instant: float


def write(path: Path, bodies: Sequence[Body], instants: Sequence[float]) -> None:
    """Write the bodies at the instants, whole or not at all.

    Raises
    ------
    OSError
        Where the file cannot be written; `errno` says why (ENOSPC for a full disk).
    ValueError
        Where a field does not fit its mesh or the steps.
    """
    with whole_file(path) as temporary, open(temporary, "w+b", buffering=0) as raw:
        disk = _Disk(raw)
        with disk.failures_last(), h5py.File(disk, "w", libver=LIBRARY_VERSIONS) as file:
            root = file.create_group("VTKHDF", track_order=True)
            root.attrs["Version"] = np.array(FORMAT, "i8")
            _set_text(root, "Type", "PartitionedDataSetCollection")
            later: Later = []
            for index, body in enumerate(bodies):
                group = root.create_group(body.name)
                group.attrs["Index"] = np.int64(index)
                later += _write_body(group, body, np.asarray(instants, np.float64))
            assembly = root.create_group("Assembly", track_order=True)
            for body in bodies:
                assembly.create_group(body.name, track_order=True)[body.name] = h5py.SoftLink(f"/VTKHDF/{body.name}")
            # Numbers after all that tells of them: of a file that loses its end, the rest can be read.
            for dataset, values in later:
                dataset[...] = values


class _Disk(io.RawIOBase):
    """The file as HDF5 sees it: writes never fail.

    HDF5 crashes the process when its last writes fail, or when it reads back what was dropped (a full disk, seen with
    HDF5 2.0). So the first failure is kept, everything goes on in memory, and the failure is raised when HDF5 is done.
    """

    def __init__(self, raw: io.FileIO):
        self._raw, self._failure = raw, None

    @contextmanager
    def failures_last(self) -> Iterator[None]:
        """Raise the kept failure when HDF5 is done."""
        yield
        if self._failure is not None:
            raise self._failure

    def write(self, data) -> int:
        left = memoryview(data).cast("B")
        size, start = len(left), self._raw.tell()
        try:
            while len(left):
                left = left[self._raw.write(left) :]
        except OSError as error:
            self._go_on_in_memory(error)
            self._raw.seek(start + size - len(left))
            self._raw.write(left)
        return size

    def truncate(self, size=None) -> int:
        place = self._raw.tell()
        size = place if size is None else size
        try:
            self._raw.truncate(size)
        except OSError as error:
            self._go_on_in_memory(error)
            self._raw.truncate(size)
        if self._raw.seek(0, io.SEEK_END) < size:  # memory is cut by this, but not made longer
            self._raw.write(bytes(size - self._raw.tell()))
        self._raw.seek(place)
        return size

    def _go_on_in_memory(self, failure: OSError) -> None:
        self._failure = failure
        self._raw.seek(0)
        self._raw = io.BytesIO(self._raw.read())

    def readinto(self, buffer) -> int:
        return self._raw.readinto(buffer)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def flush(self) -> None:
        """Nothing is buffered here."""


def _write_body(group: h5py.Group, body: Body, instants: np.ndarray) -> Later:
    """Set out a body, and give back its large arrays, which are written when all that tells of them stands."""
    mesh, n_steps = body.mesh, len(instants)
    later: Later = []
    width = mesh.elements.shape[1]
    group.attrs["Version"] = np.array(FORMAT, "i8")
    _set_text(group, "Type", "UnstructuredGrid")
    group["NumberOfPoints"] = np.array([mesh.n_nodes], "i8")
    group["NumberOfCells"] = np.array([mesh.n_elements], "i8")
    group["NumberOfConnectivityIds"] = np.array([mesh.elements.size], "i8")
    _set_out(later, group, "Points", mesh.nodes.astype(np.float32))
    _set_out(later, group, "Connectivity", mesh.elements.astype(np.int32).ravel())
    _set_out(later, group, "Offsets", np.arange(0, mesh.elements.size + 1, width, dtype=np.int64))
    _set_out(later, group, "Types", np.full(mesh.n_elements, CELL_TYPE[width], np.uint8))
    steps = group.create_group("Steps")
    steps.attrs["NSteps"] = np.int64(n_steps)
    steps["Values"] = instants
    steps["NumberOfParts"] = np.ones(n_steps, "i8")
    for name in ("PartOffsets", "PointOffsets", "CellOffsets", "ConnectivityIdOffsets"):
        steps[name] = np.zeros(n_steps, "i8")
    later += _write_fields(group, steps, "PointData", body.point_fields, mesh.n_nodes, n_steps)
    later += _write_fields(group, steps, "CellData", body.cell_fields, mesh.n_elements, n_steps)
    texts = {name: tuple(values) for name, values in body.texts.items() if len(values)}
    texts["units"] = tuple(f"{name} [{unit}]" for name, unit in body.units.items())
    _write_texts(group, steps, texts, n_steps)
    return later


def _write_fields(group, steps, association: str, fields: Mapping[str, np.ndarray], n: int, n_steps: int) -> Later:
    values_of, offsets_of = group.create_group(association), steps.create_group(f"{association}Offsets")
    later: Later = []
    for name, values in fields.items():
        values = np.asarray(values)
        if values.ndim not in (2, 3) or values.shape[1] != n or values.shape[0] not in (1, n_steps):
            raise ValueError(f"field {name!r} of shape {values.shape} on {n} {association} entries and {n_steps} steps")
        kind = np.int32 if values.dtype.kind in "iub" else np.float32
        _set_out(later, values_of, name, values.astype(kind).reshape(-1, *values.shape[2:]))
        stride = n if values.shape[0] == n_steps and n_steps > 1 else 0
        offsets_of[name] = np.arange(n_steps, dtype=np.int64) * stride
    return later


def _set_out(later: Later, group: h5py.Group, name: str, values: np.ndarray) -> None:
    later.append((group.create_dataset(name, values.shape, values.dtype), values))


def _write_texts(group, steps, texts: Mapping[str, tuple[str, ...]], n_steps: int) -> None:
    values_of = group.create_group("FieldData")
    offsets_of, sizes_of = steps.create_group("FieldDataOffsets"), steps.create_group("FieldDataSizes")
    for name, values in texts.items():
        plain = [text.translate(PLAIN).encode("ascii", "replace") for text in values]
        values_of.create_dataset(name, data=np.array(plain, object), dtype=h5py.string_dtype("ascii"))
        offsets_of[name] = np.zeros(n_steps, "i8")
        sizes_of[name] = np.tile(np.array([1, len(values)], "i8"), (n_steps, 1))


def _set_text(group, name: str, text: str) -> None:
    # VTK reads a text attribute only when it has a fixed length.
    group.attrs.create(name, text.encode("ascii"), dtype=h5py.string_dtype("ascii", len(text)))


def instants(path: Path) -> np.ndarray:
    """(f,) the time values of the steps of a result file.

    Raises
    ------
    StoreError
        Where the file is missing, damaged, or not a result of femsim.
    """
    with opened(path) as file:
        return numbers(next(iter(bodies_of(file).values()))["Steps/Values"])


def body_names(path: Path) -> tuple[str, ...]:
    """Names of the bodies of a result file, in order of their index. Raises StoreError as `instants`."""
    with opened(path) as file:
        return tuple(bodies_of(file))


def read_step(path: Path, body: str, step: int) -> Step:
    """One body at one step (0 … f-1, or negative from the end).

    Raises
    ------
    StoreError
        Where the file is missing, damaged, holds no such body or step, or is not a result of femsim.
    """
    with opened(path) as file:
        bodies = bodies_of(file)
        if body not in bodies:
            raise StoreError(f"The result has no body {body!r}. {near(body, bodies)}", where=str(path))
        group = bodies[body]
        times = numbers(group["Steps/Values"])
        if not -len(times) <= step < len(times):
            raise StoreError(f"The result has {len(times)} steps; step {step} is not among them.", where=str(path))
        step %= len(times)
        points = numbers(group["Points"])
        elements = elements_of(group, len(points))
        texts = {name: texts_of(group["FieldData"][name]) for name in group["FieldData"]}
        units = units_told(texts.pop("units", ()))
        return Step(
            body,
            points,
            elements,
            _fields(group, "PointData", len(points), step),
            _fields(group, "CellData", len(elements), step),
            units,
            texts,
            float(times[step]),
        )


def units_told(lines: Sequence[str]) -> dict[str, str]:
    """Field → unit, of lines such as "density [g/cm3]"."""
    return dict(re.fullmatch(r"(.*) \[(.*)\]", line, re.S).groups() for line in lines)


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """The open file; whatever is wrong with its structure becomes a StoreError."""
    path = Path(path)
    if not path.exists():
        raise StoreError("There is no result file.", where=str(path), remedy="run the scenario again")
    try:
        # A reader must not wait for, or lock out, a writer elsewhere; some network file systems know no locks.
        with h5py.File(path, "r", locking=False) as file:
            yield file
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, RuntimeError) as error:
        raise StoreError(
            "The result file is damaged or was not written by femsim.",
            where=str(path),
            why=f"{type(error).__name__}: {error}".splitlines()[0],
            remedy="run the scenario again",
        ) from error


def bodies_of(file) -> dict[str, h5py.Group]:
    """Name → group of each body of an open file, in order of their index. Raises KeyError where there is none."""
    root, groups = file["VTKHDF"], {}
    for name in root:
        try:
            if isinstance(root.get(name, getlink=True), h5py.HardLink) and "Index" in root[name].attrs:
                groups[name] = root[name]
        except KeyError:
            continue  # lost with the end of a file that is read all the same
    if not groups:
        raise KeyError("no bodies")
    return dict(sorted(groups.items(), key=lambda item: int(item[1].attrs["Index"])))


def numbers(dataset: h5py.Dataset, rows: slice = slice(None)) -> np.ndarray:
    """Rows of a dataset. Raises ValueError where it claims more than its file can hold, TypeError where it is text."""
    _refuse_impossible(dataset)
    if dataset.dtype.kind not in "iuf":
        raise TypeError(f"{dataset.name} holds no numbers")
    return dataset[rows]


def texts_of(dataset: h5py.Dataset) -> tuple[str, ...]:
    """The texts of a dataset. Raises ValueError where it claims more than its file can hold."""
    _refuse_impossible(dataset)
    return tuple(dataset.asstr()[:])


def _refuse_impossible(dataset: h5py.Dataset) -> None:
    # What femsim writes is not compressed: data larger than its file is a lie, told before memory is given to it.
    if dataset.nbytes > dataset.file.id.get_filesize():
        raise ValueError(f"{dataset.name} claims {dataset.nbytes} bytes, more than the whole file")


def elements_of(group: h5py.Group, n_points: int) -> np.ndarray:
    """(e, 4 or 10) of a body. Raises ValueError where they name points that do not exist."""
    connectivity = numbers(group["Connectivity"])
    n_elements = int(numbers(group["NumberOfCells"])[0])
    elements = connectivity.reshape(n_elements, -1)
    if elements.shape[1] not in CELL_TYPE or elements.min(initial=0) < 0 or elements.max(initial=0) >= n_points:
        raise ValueError("elements name points that do not exist")
    return elements


def _fields(group: h5py.Group, association: str, n: int, step: int) -> dict[str, np.ndarray]:
    fields = {}
    for name, dataset in group[association].items():
        start = int(group[f"Steps/{association}Offsets"][name][step])
        fields[name] = numbers(dataset, slice(start, start + n))
        if len(fields[name]) != n:
            raise ValueError(f"{dataset.name} ends before step {step}")
    return fields
