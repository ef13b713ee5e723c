"""Surface files (STL, PLY, OBJ, VTP) read into a `Surface`."""

import struct
from pathlib import Path

import numpy as np

from femsim.errors import SurfaceError, UsageError
from femsim.mesh import by_meshio
from femsim.mesh.ply import read_ply
from femsim.mesh.surface import Surface, compacted

FEWEST_TRIANGLES = 100  # fewer cannot describe a bone
LARGEST_FILE = 2_000_000_000  # bytes; 40 million triangles of STL
KNOWN = ".stl, .ply, .obj, .vtp"
EXPORT = "export the bone as one closed triangulated surface in mm (STL, PLY, OBJ or VTP) and give that file"


def read_surface(path: Path) -> Surface:
    """Triangles of an STL (binary or ASCII), PLY, OBJ or VTP file, equal points merged, as they stand in the file.

    Raises
    ------
    UsageError
        Where there is no such file, or its ending is not a known one.
    SurfaceError
        Where the file is a folder, empty, cut short, holds numbers that are not finite, or no surface of a bone.
    """
    path = Path(path)
    _refuse_unreadable(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"Surface files end in {KNOWN}; this one ends in {path.suffix or 'nothing'!r}.",
            where=str(path),
            remedy=EXPORT,
        )
    points, triangles = reader(path)
    if not np.isfinite(points).all():
        bad = int((~np.isfinite(points)).any(axis=1).sum())
        raise SurfaceError(
            f"{bad} of {len(points)} points have coordinates that are not finite numbers.",
            where=str(path),
            why="the file is damaged, or was written by a program that failed",
            remedy=EXPORT,
        )
    if len(triangles) and (triangles.min() < 0 or triangles.max() >= len(points)):
        raise SurfaceError(
            f"Triangles name points {triangles.min() + 1} … {triangles.max() + 1} of {len(points)}.",
            where=str(path),
            why="the file is damaged",
            remedy=EXPORT,
        )
    surface = _merged(points, triangles)
    if surface.n_triangles < FEWEST_TRIANGLES:
        raise SurfaceError(
            f"The file holds {surface.n_triangles} triangles; a bone needs at least {FEWEST_TRIANGLES}.",
            where=str(path),
            why="it is empty, cut short, or not the surface of a bone",
            remedy=EXPORT,
        )
    return surface


def write_stl(path: Path, surface: Surface, *, title: str = "femsim") -> None:
    """Write a binary STL; numbers are rounded to single precision. The title stands in its head, up to 80 letters."""
    from femsim.mesh.surface import area_vectors

    facet = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    record = np.zeros(surface.n_triangles, facet)
    vectors = area_vectors(surface)
    record["normal"] = vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-300)[:, None]
    record["corners"] = surface.points[surface.triangles]
    header = title.encode("ascii", "replace")[:80].ljust(80, b"\0")
    Path(path).write_bytes(header + struct.pack("<I", surface.n_triangles) + record.tobytes())


def _refuse_unreadable(path: Path) -> None:
    if not path.exists():
        raise UsageError(
            "There is no such surface file.",
            where=str(path),
            why="the name is mistyped, or the path starts from another folder",
            remedy="check femur.file; in a scenario it is relative to the scenario's folder",
        )
    if path.is_dir():
        raise SurfaceError(
            "This is a folder, not a surface file.", where=str(path), remedy=f"name the file itself ({KNOWN})"
        )
    if not path.is_file():
        raise SurfaceError("This is a device or a pipe, not a surface file.", where=str(path), remedy=EXPORT)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise SurfaceError(
            f"The file cannot be read: {error.strerror}.", where=str(path), remedy="check its permissions"
        ) from error
    if size == 0:
        raise SurfaceError(
            "The file is empty.", where=str(path), why="an export or a copy was interrupted", remedy=EXPORT
        )
    if size > LARGEST_FILE:
        raise SurfaceError(
            f"The file has {size / 1e9:.1f} GB; surfaces up to {LARGEST_FILE / 1e9:g} GB are read.",
            where=str(path),
            remedy="reduce the surface to some 100 000 triangles first",
        )


def _read_stl(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Binary or ASCII, told apart by the length that a binary file must have (meshio goes by the first word)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(84)
        count = struct.unpack("<I", head[80:84])[0] if len(head) == 84 else -1
        if size == 84 + 50 * count:
            record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
            with np.errstate(invalid="ignore"):  # damaged numbers are refused below
                corners = np.frombuffer(file.read(), record)["corners"].astype(np.float64)
            return corners.reshape(-1, 3), np.arange(3 * count).reshape(-1, 3)
    if head.lstrip()[:5].lower() != b"solid":
        short = (
            f"it should have {84 + 50 * count} bytes for {count} triangles and has {size}"
            if count >= 0
            else f"it has {size} bytes"
        )
        raise SurfaceError(
            "This is not a sound STL file.", where=str(path), why=f"cut short, or not an STL: {short}", remedy=EXPORT
        )
    return _read_ascii_stl(path)


def _read_ascii_stl(path: Path) -> tuple[np.ndarray, np.ndarray]:
    words = path.read_bytes().split()
    at = [k for k, word in enumerate(words) if word.lower() == b"vertex"]
    try:
        points = np.array([words[k + 1 : k + 4] for k in at], dtype=object).reshape(-1, 3).astype(np.float64)
    except ValueError as error:
        raise SurfaceError(
            "A corner in this ASCII STL file is not three numbers.",
            where=str(path),
            why=f"the file is damaged or cut short ({error})",
            remedy=EXPORT,
        ) from error
    loops = sum(1 for word in words if word.lower() == b"endloop")
    if len(points) != 3 * loops or not any(word.lower() == b"endsolid" for word in words[-100:]):
        raise SurfaceError(
            f"This ASCII STL file holds {len(points)} corners for {loops} finished triangles, or has no end.",
            where=str(path),
            why="the file is cut short, or not every facet is a triangle",
            remedy=EXPORT,
        )
    return points, np.arange(len(points)).reshape(-1, 3)


def _read_ply(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        points, triangles = read_ply(path)
    except ValueError as error:
        raise SurfaceError(
            "This is not a sound PLY file.", where=str(path), why=f"damaged or cut short: {error}", remedy=EXPORT
        ) from error
    if not len(triangles):
        raise _point_cloud(path)
    return points, triangles


def _read_obj(path: Path) -> tuple[np.ndarray, np.ndarray]:
    found = by_meshio.read(path, sort="OBJ", remedy=EXPORT)
    pieces = [_as_triangles(block.shape, block.cells, path) for block in found.blocks]
    if not any(len(piece) for piece in pieces):
        raise _point_cloud(path)
    return found.points, np.concatenate(pieces)


def _read_vtp(path: Path) -> tuple[np.ndarray, np.ndarray]:
    from femsim.mesh.vtp import read_vtp

    try:
        points, triangles = read_vtp(path)
    except ValueError as error:
        raise SurfaceError(
            "This is not a sound VTP file.", where=str(path), why=f"damaged or cut short: {error}", remedy=EXPORT
        ) from error
    if not len(triangles):
        raise _point_cloud(path)
    return points, triangles


def _point_cloud(path: Path) -> SurfaceError:
    return SurfaceError(
        "The file holds points but no triangles.",
        where=str(path),
        why="it is a point cloud, not a surface",
        remedy=EXPORT,
    )


def _as_triangles(kind: str, cells: np.ndarray, path: Path) -> np.ndarray:
    """Triangles (t, 3) of faces with any number of corners; edges and points are passed over."""
    if kind in ("vertex", "line"):
        return np.zeros((0, 3), np.int64)
    corners = cells.shape[1] if cells.ndim == 2 else 0
    if kind in ("triangle", "quad", "polygon") and corners < 3:
        raise SurfaceError(
            f"The file holds faces with {corners} corners.",
            where=str(path),
            why="it is damaged or cut short",
            remedy=EXPORT,
        )
    if kind in ("triangle", "quad", "polygon"):
        return np.concatenate([cells[:, [0, k, k + 1]] for k in range(1, corners - 1)])
    raise SurfaceError(
        f"The file holds {kind} cells; a bone surface is made of triangles.",
        where=str(path),
        why="it is a volume mesh",
        remedy=EXPORT,
    )


def _merged(points: np.ndarray, triangles: np.ndarray) -> Surface:
    """Equal points become one; triangles that thereby lose a corner go."""
    unique, row = np.unique(points + 0.0, axis=0, return_inverse=True)  # + 0.0 makes -0.0 equal to 0.0
    triangles = row.reshape(-1)[triangles]
    a, b, c = triangles.T
    return compacted(Surface(unique, triangles[(a != b) & (b != c) & (c != a)]))


_READERS = {".stl": _read_stl, ".ply": _read_ply, ".obj": _read_obj, ".vtp": _read_vtp}
