"""A tetrahedral mesh with named regions and named surfaces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import MeshError, near

# Edge k of a tetrahedron carries node 4 + k of a TET10: the node order of VTK and Abaqus (gmsh swaps the last two).
EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))
# Nodes of a tetrahedron turned inside out, by their number: corners 1 and 2 change places, and the nodes on edges.
TURNED = {4: (0, 2, 1, 3), 10: (0, 2, 1, 3, 6, 5, 4, 7, 9, 8)}
# Faces of a tetrahedron, turned outward; a TET10 face lists its corners, then the nodes on its edges 01, 12, 20.
FACES = ((0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2))


@dataclass(frozen=True)
class Mesh:
    """Tetrahedra in space.

    nodes : (n, 3) [mm]
    elements : (e, 4) TET4 or (e, 10) TET10 int32; node order of EDGES; positive volume.
    region_of : (e,) int, row of `regions` for each element; the first for all when not given.
    regions : names, such as ("bone_kept", "cement", "cap").
    surfaces : name → (f, 3) or (f, 6) int32 faces, turned outward from the material they bound.
    """

    nodes: np.ndarray
    elements: np.ndarray
    region_of: np.ndarray | None = None
    regions: tuple[str, ...] = ("body",)
    surfaces: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        nodes = frozen(self.nodes, np.float64, (None, 3))
        if np.asarray(self.elements).dtype.kind not in "iu":
            raise MeshError(f"Elements are of type {np.asarray(self.elements).dtype}; node numbers are integers.")
        elements = frozen(self.elements, np.int32, (None, None))
        if elements.shape[1] not in (4, 10):
            raise MeshError(f"Elements have {elements.shape[1]} nodes; only TET4 and TET10 are known.")
        if elements.size and (elements.min() < 0 or elements.max() >= len(nodes)):
            bad = np.flatnonzero(((elements < 0) | (elements >= len(nodes))).any(axis=1))
            raise MeshError(
                f"{len(bad)} of {len(elements)} elements name nodes that the mesh does not have: found "
                f"{elements.min()}…{elements.max()}, nodes run 0…{len(nodes) - 1}.",
                where=f"first: element {bad[0]}",
            )
        region_of = np.zeros(len(elements), np.int32) if self.region_of is None else self.region_of
        region_of = frozen(region_of, np.int32, (len(elements),))
        if region_of.size and (region_of.min() < 0 or region_of.max() >= len(self.regions)):
            raise MeshError(
                f"Elements are of regions {region_of.min()}…{region_of.max()}; there are {len(self.regions)} names."
            )
        surfaces = {name: frozen(faces, np.int32, (None, None)) for name, faces in self.surfaces.items()}
        freeze(
            self,
            nodes=nodes,
            elements=elements,
            region_of=region_of,
            regions=tuple(self.regions),
            surfaces=MappingProxyType(surfaces),
        )

    @property
    def n_nodes(self) -> int:
        return len(self.nodes)

    @property
    def n_elements(self) -> int:
        return len(self.elements)

    @property
    def order(self) -> int:
        """1 for TET4, 2 for TET10."""
        return 1 if self.elements.shape[1] == 4 else 2

    def in_region(self, *names: str) -> np.ndarray:
        """(e,) bool: elements of the named regions; a name the mesh does not have is an error."""
        for name in names:
            if name not in self.regions:
                raise MeshError(f"The mesh has no region {name!r}. {near(name, self.regions)}")
        return np.isin(self.region_of, [self.regions.index(name) for name in names])

    def surface(self, name: str) -> np.ndarray:
        """(f, 3 or 6) faces of a named surface."""
        if name not in self.surfaces:
            raise MeshError(f"The mesh has no surface {name!r}. {near(name, self.surfaces)}")
        return self.surfaces[name]


@dataclass(frozen=True)
class Twin:
    """An operated mesh and its intact twin.

    The first `n_kept` elements of both are the bone that stays, and the first `n_kept_nodes` nodes of both are theirs:
    the same elements at the same places, so that results of the two are compared row by row without interpolation.
    notes : sentences on what was changed to get a sound mesh.
    Regions: operated "bone_kept" and the implant's own ("cement", "cap", …); intact "bone_kept", "bone_removed".
    Surfaces of both: "bearing" (where the hip force enters), "bone_outer" (outer surface of the kept bone),
    "distal" (where the shaft is held).
    interfaces : name → (f, 3) or (f, 6) int32 faces of the operated mesh between two regions, turned outward from the
        one that comes first in its `regions`; named as the implant names the surface between two bodies.
    """

    operated: Mesh
    intact: Mesh
    n_kept: int
    n_kept_nodes: int
    notes: tuple[str, ...] = ()
    interfaces: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        interfaces = {name: frozen(faces, np.int32, (None, None)) for name, faces in self.interfaces.items()}
        freeze(self, notes=tuple(self.notes), interfaces=MappingProxyType(interfaces))
