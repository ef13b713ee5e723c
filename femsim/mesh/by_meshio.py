"""Files of formats that meshio reads; the only importer of meshio."""

import contextlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.errors import SurfaceError


@dataclass(frozen=True)
class Cells:
    """Cells (e, k) of one shape, as meshio names it ("tetra10"), their data and the sets they are in.

    data : name → (e, …); sets : name → rows of these cells.
    """

    shape: str
    cells: np.ndarray
    data: Mapping[str, np.ndarray]
    sets: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Read:
    """Points (n, 3), cells shape by shape, and field data: name → array."""

    points: np.ndarray
    blocks: tuple[Cells, ...]
    fields: Mapping[str, np.ndarray]


def read(path: Path, *, sort: str, remedy: str, error: type[SurfaceError] = SurfaceError) -> Read:
    """What meshio finds in a file; it may print, warn or end the interpreter on a damaged one, all caught here.

    Parameters
    ----------
    sort : what the file is said to be, such as "OBJ".
    remedy : what to do where it is not.
    error : what to raise.
    """
    import meshio

    said = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            warnings.simplefilter("ignore")
            mesh = meshio.read(path)
            points = np.asarray(mesh.points, np.float64)
            if points.ndim != 2 or points.shape[1] < 3:
                raise ValueError(f"points of shape {points.shape}")
            blocks = tuple(_cells(mesh, row, block) for row, block in enumerate(mesh.cells))
            fields = {name: np.asarray(value) for name, value in mesh.field_data.items()}
    except (Exception, SystemExit) as problem:
        raise error(
            f"This is not a sound {sort} file.",
            where=str(path),
            why=f"it is damaged, cut short, or not such a file ({type(problem).__name__}: {problem})",
            remedy=remedy,
        ) from problem
    return Read(points[:, :3], blocks, fields)


def _cells(mesh, row: int, block) -> Cells:
    cells = np.asarray(block.data, np.int64)
    data = {name: np.asarray(values[row]) for name, values in mesh.cell_data.items()}
    sets = {}
    for name, rows in mesh.cell_sets.items():
        if rows[row] is not None and len(rows[row]):
            sets[name] = np.asarray(rows[row], np.int64)
    return Cells(block.type, cells, data, sets)
