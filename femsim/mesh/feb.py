"""Meshes in FEBio models, versions 2.5 to 4.0: nodes, tetrahedra, sets and surfaces; everything else is passed over."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from femsim.errors import MeshError
from femsim.mesh.volume import EXPORT, VolumeFile, mixed_orders, other_elements

WIDTHS = {"tet4": 4, "tet10": 10}
NO_SOLIDS = ("tri3", "tri6", "tri7", "quad4", "quad8", "quad9", "q4eas", "q4ans", "truss2", "line2", "line3", "beam2")


def read_feb(path: Path) -> VolumeFile:
    """The mesh of an FEBio model.

    Raises
    ------
    MeshError
        Where it cannot be understood.
    """
    _refuse_entities(path)
    try:
        root = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, UnicodeError, LookupError, ValueError) as error:
        raise _error(path, f"it is no whole XML ({error})") from error
    mesh = root.find("Mesh")
    mesh = root.find("Geometry") if mesh is None else mesh
    if root.tag != "febio_spec" or mesh is None:
        raise _error(path, "it has no mesh in it")
    try:
        return _read(mesh, path)
    except (ValueError, TypeError, AttributeError) as error:
        raise _error(path, f"a number is missing or is none ({error})") from error


def _refuse_entities(path: Path) -> None:
    """No FEBio model needs them, and a few lines of them can fill any memory."""
    with open(path, "rb") as file:
        while chunk := file.read(1 << 24):
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                raise _error(path, "it declares XML entities")


def _read(mesh: ElementTree.Element, path: Path) -> VolumeFile:
    numbers, nodes, elements, node_sets, element_sets, surfaces, notes = [], [], [], {}, {}, {}, []
    element_numbers: list[int] = []
    widths = set()
    for part in mesh:
        name = part.get("name", "")
        if part.tag == "Nodes":
            mine = [int(node.get("id")) for node in part]
            nodes += [[float(x) for x in node.text.split(",")] for node in part]
            numbers += mine
            if name:
                node_sets[name] = mine
        elif part.tag == "Elements":
            kind = part.get("type", "").lower()
            width = next((w for shape, w in WIDTHS.items() if kind in (shape, shape + "g4", shape + "g8")), None)
            if width is None:
                if kind not in NO_SOLIDS:
                    raise other_elements(kind or "without a type", len(part), path)
                notes.append(f"{len(part)} {kind} elements, which carry no volume, were passed over.")
                continue
            widths.add(width)
            element_sets[name or f"part {len(element_sets) + 1}"] = range(len(elements), len(elements) + len(part))
            elements += [[int(x) for x in element.text.split(",")] for element in part]
            element_numbers += [int(element.get("id")) for element in part]
        elif part.tag == "NodeSet":
            node_sets[name] = _listed(part)
        elif part.tag == "ElementSet":
            element_sets[name] = ("numbers", _listed(part))
        elif part.tag == "Surface":
            surfaces[name] = [[int(x) for x in face.text.split(",")][:3] for face in part if face.tag.startswith("tri")]
    if len(widths) > 1:
        raise mixed_orders(path)
    row_of = dict(zip(numbers, range(len(numbers))))
    row_of_element = dict(zip(element_numbers, range(len(element_numbers))))
    if len(row_of) < len(numbers):
        raise _error(path, "a node number stands twice")
    try:
        table = np.array([[row_of[n] for n in element] for element in elements], np.int64)
        faces = {
            key: np.array([[row_of[n] for n in face] for face in some], np.int64).reshape(-1, 3)
            for key, some in surfaces.items()
        }
    except KeyError as error:
        raise _error(path, f"an element names node {error}, which the file does not have") from error
    width = max(widths, default=4)
    if elements and table.shape != (len(elements), width):
        raise _error(path, f"not every element has {width} nodes")
    sets = {}
    for key, rows in element_sets.items():
        if isinstance(rows, tuple):
            rows = [row_of_element[n] for n in rows[1] if n in row_of_element]
        sets[key] = np.array(rows, np.int64)
    return VolumeFile(
        np.array(nodes, float).reshape(-1, 3),
        table.reshape(-1, width),
        sets,
        {key: np.array([row_of[n] for n in some if n in row_of], np.int64) for key, some in node_sets.items()},
        faces,
        tuple(notes),
    )


def _listed(part: ElementTree.Element) -> list[int]:
    """Numbers of a set: as text, as FEBio 4 writes it, or one tag each."""
    if len(part):
        return [int(item.get("id")) for item in part]
    return [int(word) for word in (part.text or "").replace(",", " ").split()]


def _error(path: Path, why: str) -> MeshError:
    return MeshError("This is not a sound FEBio file.", where=str(path), why=why, remedy=EXPORT)
