"""PLY files, ASCII and binary: points and faces, read strictly.

meshio is not used here: it waits forever on a header that is cut short, knows faces only as `vertex_indices`, and takes
a binary file that ends too early for a whole one.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LONGEST_HEADER = 65_536  # bytes
TYPES = {
    **{
        "char": "i1",
        "uchar": "u1",
        "short": "i2",
        "ushort": "u2",
        "int": "i4",
        "uint": "u4",
        "float": "f4",
        "double": "f8",
    },
    **{"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4"},
    **{"float32": "f4", "float64": "f8"},
}
ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass(frozen=True)
class _Property:
    name: str
    type: str
    count_type: str = ""  # of a list


@dataclass(frozen=True)
class _Element:
    name: str
    count: int
    properties: tuple[_Property, ...]


def read_ply(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) and triangles (t, 3); faces with more corners are split into fans from their first corner.

    Raises
    ------
    ValueError
        Where the file is not a whole PLY file with points and faces; the message says what is wrong.
    """
    content = path.read_bytes()
    order, elements, start = _header(content)
    rest = content[start:]
    table = _AsciiRows(rest.split()) if order == "" else _BinaryRows(rest, order)
    columns = {element.name: table.take(element) for element in elements}
    if "vertex" not in columns or not {"x", "y", "z"} <= columns["vertex"].keys():
        raise ValueError("it has no element 'vertex' with x, y and z")
    points = np.stack([np.asarray(columns["vertex"][axis], np.float64) for axis in "xyz"], axis=1)
    faces = columns.get("face", {})
    corners = next((faces[name] for name in ("vertex_indices", "vertex_index") if name in faces), None)
    return points, np.zeros((0, 3), np.int64) if corners is None else _fans(corners)


def _header(content: bytes) -> tuple[str, list[_Element], int]:
    """Byte order ("" for ASCII), elements, and where the data starts."""
    end = re.compile(rb"^end_header[ \t]*\r?\n", re.MULTILINE).search(content[:LONGEST_HEADER])
    if not content.startswith(b"ply") or end is None:
        raise ValueError("its header does not run from 'ply' to 'end_header'")
    lines = [line.split() for line in content[: end.start()].decode("ascii", "replace").splitlines()[1:]]
    lines = [words for words in lines if words and words[0] not in ("comment", "obj_info")]
    if not lines or lines[0][0] != "format" or lines[0][1:2] == [] or lines[0][1] not in ORDERS:
        raise ValueError(f"its format is not one of {', '.join(ORDERS)}")
    elements: list[_Element] = []
    for words in lines[1:]:
        if words[0] == "element" and len(words) == 3 and words[2].isdigit():
            # Every row takes a byte at least: a count beyond the file's length is damage, found before it is believed.
            if int(words[2]) > len(content):
                raise ValueError(f"it claims {words[2]} rows of {words[1]!r} in {len(content)} bytes")
            elements.append(_Element(words[1], int(words[2]), ()))
        elif words[0] == "property" and elements and (known := _property(words[1:])):
            last = elements[-1]
            elements[-1] = _Element(last.name, last.count, (*last.properties, known))
        else:
            raise ValueError(f"its header has the line {' '.join(words)!r}")
    return ORDERS[lines[0][1]], elements, end.end()


def _property(words: list[str]) -> _Property | None:
    if len(words) == 2 and words[0] in TYPES:
        return _Property(words[1], TYPES[words[0]])
    if (
        len(words) == 4
        and words[0] == "list"
        and words[1] in TYPES
        and words[2] in TYPES
        and TYPES[words[1]][0] in "iu"
    ):
        return _Property(words[3], TYPES[words[2]], TYPES[words[1]])
    return None


class _AsciiRows:
    """Rows of numbers taken one element after the other from the words of a file."""

    def __init__(self, words: list[bytes]):
        self.words, self.at = words, 0

    def take(self, element: _Element) -> dict[str, list | np.ndarray]:
        """Column by property name: an array, or a list of arrays for a list property."""
        lists = [known for known in element.properties if known.count_type]
        if not lists:
            width = len(element.properties)
            block = self._numbers(element.count * width).reshape(element.count, width)
            return {known.name: block[:, k] for k, known in enumerate(element.properties)}
        columns: dict[str, list] = {known.name: [] for known in element.properties}
        for _ in range(element.count):
            for known in element.properties:
                if known.count_type:
                    columns[known.name].append(self._numbers(_length(self._numbers(1)[0])))
                else:
                    columns[known.name].append(self._numbers(1)[0])
        return columns

    def _numbers(self, n: int) -> np.ndarray:
        words = self.words[self.at : self.at + n]
        if len(words) < n:
            raise ValueError("it ends before its last number")
        self.at += n
        return np.array([float(word) for word in words])


class _BinaryRows:
    """Rows of numbers taken one element after the other from the bytes of a file."""

    def __init__(self, content: bytes, order: str):
        self.content, self.order, self.at = content, order, 0

    def take(self, element: _Element) -> dict[str, list | np.ndarray]:
        """Column by property name: an array, or a list of arrays for a list property."""
        if not any(known.count_type for known in element.properties):
            names = [f"{k} {known.name}" for k, known in enumerate(element.properties)]
            row = np.dtype([(name, self.order + known.type) for name, known in zip(names, element.properties)])
            block = self._numbers(row, element.count)
            return {known.name: block[name] for name, known in zip(names, element.properties)}
        columns: dict[str, list] = {known.name: [] for known in element.properties}
        for _ in range(element.count):
            for known in element.properties:
                number = np.dtype(self.order + known.type)
                if known.count_type:
                    count = self._numbers(np.dtype(self.order + known.count_type), 1)[0]
                    columns[known.name].append(self._numbers(number, _length(count)))
                else:
                    columns[known.name].append(self._numbers(number, 1)[0])
        return columns

    def _numbers(self, kind: np.dtype, n: int) -> np.ndarray:
        if self.at + n * kind.itemsize > len(self.content):
            raise ValueError("it ends before its last number")
        block = np.frombuffer(self.content, kind, n, self.at)
        self.at += n * kind.itemsize
        return block


def _length(count) -> int:
    if not 0 <= count <= 1000 or count != int(count):
        raise ValueError(f"a list in it has {count:g} entries")
    return int(count)


def _fans(corners: list[np.ndarray]) -> np.ndarray:
    """Triangles of faces given by their corners."""
    rows = [np.asarray(face) for face in corners]
    sizes = np.array([len(face) for face in rows])
    if (sizes < 3).any():
        raise ValueError("a face in it has fewer than three corners")
    triangles = []
    for size in np.unique(sizes):
        block = np.array([face for face in rows if len(face) == size], np.float64)
        if not np.array_equal(block, np.floor(block)):
            raise ValueError("a face in it names a point by a number that is not whole")
        triangles += [block[:, [0, k, k + 1]] for k in range(1, size - 1)]
    return np.concatenate(triangles or [np.zeros((0, 3))]).astype(np.int64)
