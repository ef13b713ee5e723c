"""Meshes in Abaqus and CalculiX input files: nodes, tetrahedra, sets and surfaces; everything else is passed over."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from femsim.errors import MeshError
from femsim.mesh.mesh import FACES
from femsim.mesh.volume import EXPORT, VolumeFile, mixed_orders, other_elements

WIDTHS = {"C3D4": 4, "C3D10": 10}  # with any letters behind: C3D10M, C3D10HS, C3D4T
# Elements that carry no volume: trusses, beams, shells, membranes, masses, springs, contact and surface elements.
NO_SOLIDS = ("T2D", "T3D", "B2", "B3", "S3", "S4", "S6", "S8", "STRI", "M3D", "SFM3D", "MASS", "SPRING", "CPS", "CPE")
# Side k of Abaqus, S1 … S4, is this row of FACES.
SIDES = {"S1": 0, "S2": 1, "S3": 2, "S4": 3}


def read_inp(path: Path) -> VolumeFile:
    """The mesh of an input file with one part.

    Raises
    ------
    MeshError
        Where it cannot be understood: the keyword, its line and why.
    """
    reader = _Reader(path)
    for keyword, options, first_line, lines in _blocks(path):
        reader.line = first_line
        reader.take(keyword, options, lines)
    return reader.finished()


def _blocks(path: Path) -> Iterator[tuple[str, dict[str, str], int, list[str]]]:
    """Keyword, its options, the number of its line, and its data lines."""
    head, options, at, lines = "", {}, 0, []
    continued = ""
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("**"):
                continue
            if line.startswith("*") or continued:
                text = continued + line.strip()
                continued = text if text.endswith(",") else ""
                if continued:
                    continue
                if head:
                    yield head, options, at, lines
                words = [word.strip() for word in text.lstrip("*").split(",") if word.strip()]
                head = re.sub(r"\s+", " ", words[0].upper()) if words else ""
                pairs = (word.partition("=") for word in words[1:])
                options = {key.strip().upper(): value.strip().strip('"') for key, _, value in pairs}
                at, lines = number, []
            elif line.strip():
                lines.append(line)
    if head:
        yield head, options, at, lines


class _Reader:
    def __init__(self, path: Path):
        self.path, self.line = path, 0
        self.node_numbers, self.nodes = [], []
        self.element_numbers, self.elements, self.widths = [], [], set()
        self.node_sets: dict[str, list[np.ndarray]] = {}
        self.element_sets: dict[str, list[np.ndarray]] = {}
        self.surfaces: dict[str, list[tuple[str, str]]] = {}
        self.passed: dict[str, int] = {}
        self.parts = 0

    def take(self, keyword: str, options: dict[str, str], lines: list[str]) -> None:
        if keyword == "INCLUDE":
            raise self._error("the file includes another file", "put the mesh into one file")
        if keyword == "INSTANCE" and lines:
            raise self._error("the part is moved by *INSTANCE", "export the mesh itself, as an orphan mesh")
        if keyword in ("PART", "INSTANCE"):
            self.parts += keyword == "PART"
            if self.parts > 1:
                raise self._error("the file holds several parts", "export the bone alone")
        elif keyword == "NODE":
            self._take_nodes(options, lines)
        elif keyword == "ELEMENT":
            self._take_elements(options, lines)
        elif keyword in ("NSET", "ELSET"):
            sets = self.node_sets if keyword == "NSET" else self.element_sets
            name = options.get(keyword)
            if name is None:
                raise self._error(f"*{keyword} has no name", "give every set a name")
            sets.setdefault(name, []).append(self._set(sets, options, lines))
        elif keyword == "SURFACE" and options.get("TYPE", "ELEMENT").upper() == "ELEMENT" and "NAME" in options:
            sides = [[word.strip() for word in line.split(",")] for line in lines]
            self.surfaces.setdefault(options["NAME"], []).extend((side[0], side[1]) for side in sides if len(side) > 1)

    def _take_nodes(self, options, lines) -> None:
        rows = [line.strip().rstrip(",").split(",")[:4] for line in lines]
        try:
            table = np.array([[word.strip() or "0" for word in row] + ["0"] * (4 - len(row)) for row in rows], float)
        except ValueError as error:
            raise self._error(f"a node is not a number and three coordinates ({error})", EXPORT) from error
        table = table.reshape(-1, 4)
        numbers = self._whole(table[:, 0], "a node number")
        self.node_numbers.append(numbers)
        self.nodes.append(table[:, 1:])
        if "NSET" in options:
            self.node_sets.setdefault(options["NSET"], []).append(numbers)

    def _take_elements(self, options, lines) -> None:
        kind = options.get("TYPE", "").upper()
        width = next((w for name, w in WIDTHS.items() if re.fullmatch(name + "[A-Z]*", kind)), None)
        if width is None:
            if not kind.startswith(NO_SOLIDS):
                raise other_elements(kind or "without a type", len(lines), self.path)
            self.passed[kind] = self.passed.get(kind, 0) + len(lines)
            if "ELSET" in options:
                self.element_sets.setdefault(options["ELSET"], []).append(np.zeros(0, np.int64))
            return
        numbers = self._numbers(lines)
        if len(numbers) % (width + 1):
            raise self._error(f"{kind} elements do not all have a number and {width} nodes", EXPORT)
        table = numbers.reshape(-1, width + 1)
        self.element_numbers.append(table[:, 0])
        self.elements.append(table[:, 1:])
        self.widths.add(width)
        if "ELSET" in options:
            self.element_sets.setdefault(options["ELSET"], []).append(table[:, 0])

    def _set(self, sets, options, lines) -> np.ndarray:
        if "GENERATE" in options:
            pieces = []
            for line in lines:
                numbers = self._numbers([line])
                if len(numbers) not in (2, 3) or (len(numbers) == 3 and numbers[2] <= 0):
                    raise self._error("a generated set has no first, last and step", EXPORT)
                if numbers[1] - numbers[0] > 1_000_000_000:
                    raise self._error("a generated set is too long", EXPORT)
                pieces.append(np.arange(numbers[0], numbers[1] + 1, numbers[2] if len(numbers) == 3 else 1))
            return np.concatenate(pieces) if pieces else np.zeros(0, np.int64)
        words = [word.strip() for line in lines for word in line.split(",") if word.strip()]
        named = [word for word in words if not word.lstrip("-").isdigit()]
        for name in named:
            if name not in sets:
                raise self._error(f"a set names {name!r}, which is no set before it", EXPORT)
        numbers = np.array([int(word) for word in words if word.lstrip("-").isdigit()], np.int64)
        return np.concatenate([numbers, *(piece for name in named for piece in sets[name])])

    def _numbers(self, lines: list[str]) -> np.ndarray:
        words = re.split(r"[,\s]+", "".join(lines).strip().strip(","))
        try:
            return np.array(words, dtype=np.int64)
        except (ValueError, OverflowError) as error:
            raise self._error(f"a number is not whole ({error})", EXPORT) from error

    def _whole(self, values: np.ndarray, what: str) -> np.ndarray:
        if not (np.isfinite(values).all() and (values == np.round(values)).all() and (np.abs(values) < 2**53).all()):
            raise self._error(f"{what} is not a whole number", EXPORT)
        return values.astype(np.int64)

    def finished(self) -> VolumeFile:
        if len(self.widths) > 1:
            raise mixed_orders(self.path)
        node_numbers, nodes = _joined(self.node_numbers, 0), _joined(self.nodes, 3)
        numbers, elements = _joined(self.element_numbers, 0), _joined(self.elements, max(self.widths, default=4))
        row_of_node = self._rows(node_numbers, "node")
        row_of_element = self._rows(numbers, "element")
        elements = row_of_node(elements.ravel(), "an element names node").reshape(elements.shape)
        element_sets = {
            name: np.unique(row_of_element(np.concatenate(rows), None)) for name, rows in self.element_sets.items()
        }
        node_sets = {name: np.unique(row_of_node(np.concatenate(rows), None)) for name, rows in self.node_sets.items()}
        surfaces = {name: self._faces(sides, elements, row_of_element) for name, sides in self.surfaces.items()}
        notes = [f"{n} {kind} elements, which carry no volume, were passed over." for kind, n in self.passed.items()]
        return VolumeFile(nodes, elements, element_sets, node_sets, surfaces, tuple(notes))

    def _rows(self, numbers: np.ndarray, what: str):
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        if (np.diff(ordered) == 0).any():
            raise self._error(f"{what} {ordered[:-1][np.diff(ordered) == 0][0]} stands twice", EXPORT)

        def row_of(wanted: np.ndarray, complaint: str | None) -> np.ndarray:
            at = np.searchsorted(ordered, wanted)
            found = np.zeros(len(wanted), bool)
            inside = at < len(ordered)
            found[inside] = ordered[at[inside]] == wanted[inside]
            if complaint and not found.all():
                raise self._error(f"{complaint} {wanted[~found][0]}, which the file does not have", EXPORT)
            return order[at[found]]  # sets may name elements that were passed over

        return row_of

    def _faces(self, sides: list[tuple[str, str]], elements, row_of_element) -> np.ndarray:
        faces = []
        for whose, side in sides:
            if side.upper() not in SIDES:
                continue
            if whose.isdigit():
                rows = np.array([int(whose)])
            else:
                rows = np.concatenate(self.element_sets.get(whose, [np.zeros(0, np.int64)]))
            faces.append(elements[row_of_element(rows, None)][:, FACES[SIDES[side.upper()]]])
        return _joined(faces, 3)

    def _error(self, what: str, remedy: str) -> MeshError:
        return MeshError(
            f"This input file cannot be read: {what}.",
            where=f"{self.path}, *keyword on line {self.line}",
            remedy=remedy,
        )


def _joined(pieces: list[np.ndarray], width: int) -> np.ndarray:
    if pieces:
        return np.concatenate(pieces)
    return np.zeros((0, width) if width else 0, np.int64)
