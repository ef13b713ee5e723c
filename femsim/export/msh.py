"""gmsh's mesh format 4.1 with physical groups: regions, named surfaces, and nodes that are held or carry a force.

Where named surfaces overlap, each of their pieces is an entity that belongs to several groups, so that no face stands
in the file twice. gmsh's TET10 has the last two nodes exchanged.

Source
------
Gmsh Reference Manual 4.11, section 10.1 (MSH file format) and 10.2 (node ordering).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from femsim.export.columns import exact, lines
from femsim.export.exported import ExportedModel
from femsim.export.faces import sides

TYPES = {(3, 4): 4, (3, 10): 11, (2, 3): 2, (2, 6): 9}  # (dimension, nodes) -> gmsh's element type
SWAPPED = {4: [0, 1, 2, 3], 10: [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]}


@dataclass(frozen=True)
class Msh:
    """gmsh 4.1: physical groups of regions and surfaces, stiffness and forces as post-processing views."""

    ending: ClassVar[str] = ".msh"
    shows_results: ClassVar[bool] = True

    def write(self, model: ExportedModel, path: Path) -> None:
        """Write the mesh, then the views."""
        pieces = _pieces(model)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write("$MeshFormat\n4.1 0 8\n$EndMeshFormat\n")
            file.writelines(_groups(model))
            file.writelines(_entities(model, pieces))
            file.writelines(_nodes(model))
            file.writelines(_elements(model, pieces))
            file.writelines(_views(model, pieces))


@dataclass(frozen=True)
class _Piece:
    """Faces (f, 3 or 6) that lie in exactly the surfaces `members` (rows), and the element (f,) under each."""

    faces: np.ndarray
    owner: np.ndarray
    members: tuple[int, ...]


def _pieces(model: ExportedModel) -> list[_Piece]:
    surfaces = list(model.mesh.surfaces.values())
    if not surfaces:
        return []
    faces = np.concatenate(surfaces)
    owner, _ = sides(model.mesh, faces)
    surface_of = np.repeat(np.arange(len(surfaces)), [len(f) for f in surfaces])
    _, first, which = np.unique(np.sort(faces[:, :3], axis=1), axis=0, return_index=True, return_inverse=True)
    member = np.zeros((len(first), len(surfaces)), bool)
    member[which.ravel(), surface_of] = True
    sorts, sort_of = np.unique(member, axis=0, return_inverse=True)
    rows = [first[sort_of.ravel() == row] for row in range(len(sorts))]
    return [_Piece(faces[mine], owner[mine], tuple(map(int, np.flatnonzero(sort)))) for mine, sort in zip(rows, sorts)]


def _groups(model: ExportedModel) -> Iterator[str]:
    mesh = model.mesh
    yield f"$PhysicalNames\n{len(mesh.regions) + len(mesh.surfaces)}\n"
    for row, surface in enumerate(mesh.surfaces):
        yield f'2 {row + 1} "{surface}"\n'
    for row, region in enumerate(mesh.regions):
        yield f'3 {row + 1} "{region}"\n'
    yield "$EndPhysicalNames\n"


def _entities(model: ExportedModel, pieces: list[_Piece]) -> Iterator[str]:
    mesh = model.mesh
    yield f"$Entities\n0 0 {len(pieces)} {len(mesh.regions)}\n"
    for tag, piece in enumerate(pieces, 1):
        groups = " ".join(str(member + 1) for member in piece.members)
        yield f"{tag} {_box(mesh.nodes[piece.faces])} {len(piece.members)} {groups} 0\n"
    for row in range(len(mesh.regions)):
        mine = mesh.elements[mesh.region_of == row, :4]
        yield f"{row + 1} {_box(mesh.nodes[mine])} 1 {row + 1} 0\n"
    yield "$EndEntities\n"


def _box(points: np.ndarray) -> str:
    corners = points.reshape(-1, 3)
    return (
        " ".join(exact(np.concatenate([corners.min(axis=0), corners.max(axis=0)]))) if len(corners) else "0 0 0 0 0 0"
    )


def _nodes(model: ExportedModel) -> Iterator[str]:
    mesh = model.mesh
    blocks = _nodes_by_region(model)
    yield f"$Nodes\n{len(blocks)} {mesh.n_nodes} 1 {mesh.n_nodes}\n"
    for row, nodes in enumerate(blocks):
        yield f"3 {row + 1} 0 {len(nodes)}\n"
        yield from lines("%d\n", nodes + 1)
        yield from lines("%s %s %s\n", *(exact(mesh.nodes[nodes, k]) for k in range(3)))
    yield "$EndNodes\n"


def _nodes_by_region(model: ExportedModel) -> list[np.ndarray]:
    """Nodes of each region; a node that several regions share is in the first."""
    mesh = model.mesh
    region = np.full(mesh.n_nodes, -1)
    for row in reversed(range(len(mesh.regions))):
        region[mesh.elements[mesh.region_of == row]] = row
    return [np.flatnonzero(region == row) for row in range(len(mesh.regions))]


def _elements(model: ExportedModel, pieces: list[_Piece]) -> Iterator[str]:
    """The tetrahedra first: their numbers are femsim's."""
    mesh = model.mesh
    width = mesh.elements.shape[1]
    total = mesh.n_elements + sum(len(piece.faces) for piece in pieces)
    yield f"$Elements\n{len(mesh.regions) + len(pieces)} {total} 1 {total}\n"
    for row in range(len(mesh.regions)):
        mine = np.flatnonzero(mesh.region_of == row)
        yield f"3 {row + 1} {TYPES[3, width]} {len(mine)}\n"
        yield from lines(_row(width), mine + 1, mesh.elements[mine][:, SWAPPED[width]] + 1)
    done = mesh.n_elements
    for tag, piece in enumerate(pieces, 1):
        width = piece.faces.shape[1]
        yield f"2 {tag} {TYPES[2, width]} {len(piece.faces)}\n"
        yield from lines(_row(width), np.arange(done + 1, done + len(piece.faces) + 1), piece.faces + 1)
        done += len(piece.faces)
    yield "$EndElements\n"


def _row(width: int) -> str:
    return " ".join(["%d"] * (width + 1)) + "\n"


def _views(model: ExportedModel, pieces: list[_Piece]) -> Iterator[str]:
    """gmsh takes values on some nodes and elements alone, meshio does not: all have one, in the order of the file.

    A face has the value of the element under it.
    """
    node = np.concatenate(_nodes_by_region(model))
    element = np.argsort(model.mesh.region_of, kind="stable")
    under = np.concatenate([element, *(piece.owner for piece in pieces)])
    item = np.concatenate([element, np.arange(len(element), len(under))])
    yield from _view("Element", "youngs_modulus [MPa]", 0, 0.0, item, model.youngs_modulus[under][:, None])
    yield from _view("Element", "poissons_ratio", 0, 0.0, item, model.poissons_ratio[under][:, None])
    fixed = model.held.all(axis=1)
    yield from _view("Node", "is_fixed", 0, 0.0, node, fixed[node].astype(np.float64)[:, None])
    if not fixed[model.held_nodes].all():
        yield from _view("Node", "held_directions", 0, 0.0, node, model.held[node].astype(np.float64))
    for row, instant in enumerate(model.instants):
        yield from _view("Node", "nodal_force [N]", row, instant, node, model.nodal_forces(row)[node])
    if model.results:
        for row, instant in enumerate(model.instants):
            yield from _view("Node", "displacement [mm]", row, instant, node, model.results.displacement[row][node])
        for row, instant in enumerate(model.instants):
            tensor = model.results.stress[row][:, [0, 3, 5, 3, 1, 4, 5, 4, 2]]
            yield from _view("Element", "stress [MPa]", row, instant, item, tensor[under])


def _view(on: str, name: str, step: int, instant: float, items: np.ndarray, values: np.ndarray) -> Iterator[str]:
    """One step of a view on some nodes or elements; the steps of one name make one view."""
    width = values.shape[1]
    yield f'${on}Data\n1\n"{name}"\n1\n{float(instant)!r}\n3\n{step}\n{width}\n{len(items)}\n'
    yield from lines("%d" + " %s" * width + "\n", items + 1, *(exact(values[:, k]) for k in range(width)))
    yield f"$End{on}Data\n"
