"""Tetrahedral meshes from files: Abaqus and CalculiX input, FEBio models, gmsh meshes and VTK grids."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from femsim.errors import MeshError, SurfaceError, UsageError
from femsim.mesh import by_meshio
from femsim.mesh.feb import read_feb
from femsim.mesh.inp import read_inp
from femsim.mesh.mesh import EDGES, TURNED
from femsim.mesh.quality import volumes
from femsim.mesh.volume import EXPORT, VolumeFile, mixed_orders, other_elements

LARGEST_FILE = 4_000_000_000  # bytes; 10 million quadratic tetrahedra as text
MOST_SETS = 200  # values of a whole-number array of a VTK grid up to which each value is taken for a region


def read_volume(path: Path) -> VolumeFile:
    """The tetrahedra of a .inp, .feb, .msh or .vtu file.

    Raises
    ------
    UsageError
        Where there is no such file, or its ending is not a known one.
    MeshError
        Where the file is damaged, holds other solid elements than tetrahedra, none at all, or inverted ones.
    """
    path = Path(path)
    _refuse_unreadable(path)
    reader = _readers().get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"Volume meshes end in {', '.join(_readers())}; this one ends in {path.suffix or 'nothing'!r}.",
            where=str(path),
            remedy=EXPORT,
        )
    return _sound(reader(path), path)


def _readers() -> dict[str, Callable[[Path], VolumeFile]]:
    return {".inp": read_inp, ".feb": read_feb, ".msh": _read_msh, ".vtu": _read_vtu}


def is_volume_file(path: Path) -> bool:
    """Whether a file's ending is that of a volume mesh."""
    return Path(path).suffix.lower() in _readers()


def _refuse_unreadable(path: Path) -> None:
    if not path.exists():
        raise UsageError("There is no such mesh file.", where=str(path), remedy="check the path")
    if not path.is_file():
        raise MeshError("This is a folder or a device, not a mesh file.", where=str(path), remedy=EXPORT)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise MeshError(
            f"The file cannot be read: {error.strerror}.", where=str(path), remedy="check its permissions"
        ) from error
    if size == 0:
        raise MeshError("The file is empty.", where=str(path), why="an export was interrupted", remedy=EXPORT)
    if size > LARGEST_FILE:
        raise MeshError(
            f"The file has {size / 1e9:.1f} GB; meshes up to {LARGEST_FILE / 1e9:g} GB are read.", where=str(path)
        )


def _sound(found: VolumeFile, path: Path) -> VolumeFile:
    """The mesh with positive volumes and without loose nodes; refuses what is no mesh."""
    nodes, elements, notes = found.nodes, found.elements, list(found.notes)
    if not len(elements):
        raise MeshError(
            "The file holds no tetrahedra.", where=str(path), why="it is a surface, or of other elements", remedy=EXPORT
        )
    if elements.min() < 0 or elements.max() >= len(nodes):
        raise MeshError("Elements name nodes that the file does not have.", where=str(path), why="it is damaged")
    if not np.isfinite(nodes[np.unique(elements)]).all():
        raise MeshError("Nodes have coordinates that are not finite numbers.", where=str(path), why="it is damaged")
    volume = volumes(nodes, elements)
    if (volume < 0).all():
        elements = elements[:, TURNED[elements.shape[1]]]
        notes.append("Every element was turned inside out in the file (its first three nodes run the other way).")
    elif (volume <= 0).any():
        bad = np.flatnonzero(volume <= 0)
        raise MeshError(
            f"{len(bad)} of {len(volume)} elements are inverted or flat.",
            where=f"{path}, first: element {bad[0] + 1} of the file's tetrahedra",
            why="the mesher failed there, or the nodes of the elements stand in another order than Abaqus' and VTK's",
            remedy="mesh again, or export with that node order",
        )
    if elements.shape[1] == 10 and _in_gmsh_order(nodes, elements):
        elements = elements[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]
        notes.append("The last two nodes of each element stood in gmsh's order and were swapped.")
    used = np.unique(elements)
    if len(used) < len(nodes):
        notes.append(f"{len(nodes) - len(used)} nodes that no tetrahedron uses were left out.")
    number = np.full(len(nodes), -1)
    number[used] = np.arange(len(used))
    surfaces = {name: number[faces] for name, faces in found.surfaces.items()}
    return VolumeFile(
        nodes[used],
        number[elements],
        {name: rows for name, rows in found.element_sets.items() if len(rows)},
        {name: kept for name, rows in found.node_sets.items() if len(kept := number[rows][number[rows] >= 0])},
        {name: faces[(faces >= 0).all(axis=1)] for name, faces in surfaces.items() if len(faces)},
        tuple(notes),
    )


def _in_gmsh_order(nodes: np.ndarray, elements: np.ndarray) -> bool:
    """Whether the last two mid-nodes lie on each other's edges."""

    def miss(order):
        return sum(
            np.linalg.norm(nodes[elements[:, order[k]]] - nodes[elements[:, EDGES[4 + k]]].mean(axis=1), axis=1).sum()
            for k in (0, 1)
        )

    return bool(miss((9, 8)) < miss((8, 9)))


def _read_msh(path: Path) -> VolumeFile:
    """gmsh: physical groups of volumes become element sets, those of surfaces surfaces."""
    return _of_blocks(_by_meshio(path, "gmsh .msh"), path)


def _read_vtu(path: Path) -> VolumeFile:
    """VTK: each value of a whole-number cell array becomes an element set, "region_id=2", and its name where told."""
    found = _by_meshio(path, "VTK .vtu")
    mesh = _of_blocks(found, path)
    sets = dict(mesh.element_sets)
    solids = [block for block in found.blocks if block.shape in ("tetra", "tetra10")]
    for name in solids[0].data if solids else ():
        values = np.concatenate([block.data[name] for block in solids])
        if values.ndim != 1 or values.dtype.kind not in "iu":
            continue
        distinct = np.unique(values)
        if len(distinct) > MOST_SETS:
            continue
        for value in distinct.tolist():
            rows = np.flatnonzero(values == value)
            sets[f"{name}={value}"] = rows
            # femsim's own grids name the rows of region_id in their field data.
            told = [key for key in found.fields if name == "region_id" and key.startswith(f"region_{value}_")]
            for key in told:
                sets[key.removeprefix(f"region_{value}_")] = rows
    return VolumeFile(mesh.nodes, mesh.elements, sets, mesh.node_sets, mesh.surfaces, mesh.notes)


def _by_meshio(path: Path, sort: str):
    try:
        return by_meshio.read(path, sort=sort, remedy=EXPORT)
    except SurfaceError as error:
        raise MeshError(error.what, where=error.where, why=error.why, remedy=error.remedy) from error


SOLIDS = {"tetra": 4, "tetra10": 10}
FLAT = ("triangle", "triangle6")


def _of_blocks(found, path: Path) -> VolumeFile:
    elements, sets, surfaces, notes, first = [], {}, {}, [], 0
    for block in found.blocks:
        if block.shape in SOLIDS:
            elements.append(block.cells)
            for name, rows in block.sets.items():
                sets.setdefault(name, []).append(rows + first)
            first += len(block.cells)
        elif block.shape in FLAT:
            for name, rows in block.sets.items():
                surfaces.setdefault(name, []).append(block.cells[rows, :3])
        elif block.shape not in ("vertex", "line", "line3"):
            raise other_elements(block.shape, len(block.cells), path)
    widths = {piece.shape[1] for piece in elements}
    if len(widths) > 1:
        raise mixed_orders(path)
    return VolumeFile(
        found.points,
        np.concatenate(elements) if elements else np.zeros((0, 4), np.int64),
        {name: np.concatenate(rows) for name, rows in sets.items() if not name.startswith("gmsh:")},
        {},
        {name: np.concatenate(rows) for name, rows in surfaces.items() if not name.startswith("gmsh:")},
        tuple(notes),
    )
