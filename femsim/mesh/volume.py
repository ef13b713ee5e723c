"""A tetrahedral mesh as it stands in a file, with its named sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import MeshError, near

EXPORT = "export the mesh as tetrahedra (C3D4, C3D10, tet4, tet10) in mm: .inp, .feb, .msh or .vtu"


@dataclass(frozen=True)
class VolumeFile:
    """Tetrahedra as they stand in a file, with everything in it that has a name.

    nodes : (n, 3); elements : (e, 4) or (e, 10), node order of femsim (VTK, Abaqus), positive volume.
    element_sets : name → rows of elements; they may overlap.
    node_sets : name → rows of nodes.
    surfaces : name → (f, 3) corner nodes of faces.
    notes : what was passed over or turned.
    """

    nodes: np.ndarray
    elements: np.ndarray
    element_sets: Mapping[str, np.ndarray] = field(default_factory=dict)
    node_sets: Mapping[str, np.ndarray] = field(default_factory=dict)
    surfaces: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        freeze(
            self,
            nodes=frozen(self.nodes, np.float64, (None, 3)),
            elements=frozen(self.elements, np.int32, (None, None)),
            notes=tuple(self.notes),
        )
        for name in ("element_sets", "node_sets", "surfaces"):
            sets = {key: frozen(rows, np.int32) for key, rows in getattr(self, name).items()}
            freeze(self, **{name: MappingProxyType(sets)})

    def elements_of(self, names: tuple[str, ...], *, where: str = "") -> np.ndarray:
        """Rows of the elements in any of the named sets; all of them where none is named.

        Raises
        ------
        MeshError
            Where there is no such set.
        """
        if not names:
            return np.arange(len(self.elements))
        for name in names:
            if name not in self.element_sets:
                known = near(name, self.element_sets) if self.element_sets else "The file names no set of elements."
                raise MeshError(f"The mesh has no element set {name!r}. {known}", where=where)
        return np.unique(np.concatenate([self.element_sets[name] for name in names]))


def other_elements(shape: str, n: int, path: Path) -> MeshError:
    """What to raise for solids that are no tetrahedra."""
    return MeshError(
        f"The file holds {n} elements of the shape {shape}; femsim computes with tetrahedra.",
        where=str(path),
        remedy=EXPORT,
    )


def mixed_orders(path: Path) -> MeshError:
    """What to raise where linear and quadratic tetrahedra stand in one file."""
    return MeshError(
        "The file mixes linear and quadratic tetrahedra.",
        where=str(path),
        why="their common faces would gape",
        remedy="export one sort",
    )
