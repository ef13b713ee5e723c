"""Whose face is it: the element and the side of it that a face of a named surface belongs to."""

import numpy as np

from femsim.errors import MeshError
from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import faces_of


def sides(mesh: Mesh, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Element (f,) and side (f,), 0 to 3 as in FACES, of faces (f, 3 or 6) that are turned outward from their element.

    Raises
    ------
    MeshError
        Where a face belongs to no element on its inner side.
    """
    mine, theirs = _turned(faces_of(mesh.elements)), _turned(faces[:, :3])
    n = mesh.n_nodes
    keys, wanted = (((f[:, 0] * n + f[:, 1]) * n + f[:, 2]) for f in (mine, theirs))
    order = np.argsort(keys, kind="stable")
    at = np.searchsorted(keys, wanted, sorter=order)
    found = order[np.minimum(at, len(order) - 1)]
    lost = np.flatnonzero(keys[found] != wanted)
    if len(lost):
        raise MeshError(
            f"{len(lost)} of {len(faces)} faces of a surface belong to no element.", where=f"face {lost[0]}"
        )
    return found // 4, found % 4


def _turned(faces: np.ndarray) -> np.ndarray:
    """The same faces, turned so that the smallest node comes first: equal rows are equal faces facing the same way."""
    faces = faces.astype(np.int64)
    first = faces.argmin(axis=1)
    return np.take_along_axis(faces, (first[:, None] + np.arange(3)) % 3, axis=1)
