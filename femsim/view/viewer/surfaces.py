"""Skins of any part of a body, from which elements share a face: arrays in, arrays out, no search."""

from dataclasses import dataclass

import numpy as np

from femsim.mesh.mesh import FACES


@dataclass(frozen=True)
class Skin:
    """The outer faces of a part of a body.

    points : (p,) rows of the body's points; triangles : (t, 3) rows of `points`, turned outward.
    element_of : (t,) row of the body's elements.
    """

    points: np.ndarray
    triangles: np.ndarray
    element_of: np.ndarray


def skin_of(corners: np.ndarray, across: np.ndarray, shown: np.ndarray) -> Skin:
    """Of the elements `shown` (e,) bool of a body with corners (e, 4), where `across` (e, 4) names the element beyond
    each face, -1 for none."""
    rows = np.flatnonzero(shown)
    beyond = across[rows]
    open_ = (beyond < 0) | ~shown[beyond]
    of, face = np.nonzero(open_)
    element_of = rows[of]
    faces = corners[element_of[:, None], np.array(FACES)[face]]
    used = np.zeros(int(corners.max(initial=-1)) + 1, bool)
    used[faces] = True
    points = np.flatnonzero(used)
    place = np.cumsum(used, dtype=np.int32) - 1
    return Skin(points, place[faces].reshape(-1, 3), element_of)


@dataclass(frozen=True)
class Section:
    """Where a plane meets a part of a body.

    ends : (p, 2) rows of the body's points; shares : (p,) how far each point of the section lies on the way between.
    triangles : (t, 3) rows of those; element_of : (t,) row of the body's elements.
    """

    ends: np.ndarray
    shares: np.ndarray
    triangles: np.ndarray
    element_of: np.ndarray

    def points(self, points: np.ndarray) -> np.ndarray:
        """(p, 3) of the section of a body with points (n, 3)."""
        first, second = points[self.ends[:, 0]], points[self.ends[:, 1]]
        return first + self.shares[:, None] * (second - first)


def section_of(points: np.ndarray, corners: np.ndarray, shown: np.ndarray, normal, origin) -> Section:
    """Of the elements `shown` (e,) bool with the plane through `origin` (3,) square to `normal` (3,)."""
    normal, origin = np.asarray(normal, float), np.asarray(origin, float)
    side = points @ normal.astype(points.dtype) - points.dtype.type(origin @ normal)
    # A corner in the plane belongs to its front: nothing is cut twice, nothing is left open.
    front = side >= 0
    n_front = front[corners].sum(axis=1)
    rows = np.flatnonzero(shown & (n_front > 0) & (n_front < 4))
    codes = front[corners[rows]] @ np.array([1, 2, 4, 8])
    ends, element_of = [np.empty((0, 3, 2), np.int64)], [np.empty(0, np.int64)]
    for code in np.unique(codes):
        mine = rows[codes == code]
        for triangle in _TRIANGLES[code]:
            ends.append(corners[mine][:, triangle])
            element_of.append(mine)
    pairs = np.sort(np.concatenate(ends).reshape(-1, 2).astype(np.int64), axis=1)
    keys, inverse = np.unique(pairs[:, 0] * len(points) + pairs[:, 1], return_inverse=True)
    ends = np.stack([keys // len(points), keys % len(points)], axis=1) if len(keys) else np.empty((0, 2), np.int64)
    first, second = side[ends[:, 0]].astype(float), side[ends[:, 1]].astype(float)
    return Section(ends, first / (first - second), inverse.reshape(-1, 3), np.concatenate(element_of))


def border(triangles: np.ndarray) -> np.ndarray:
    """(l, 2) edges that one triangle alone has, of (t, 3)."""
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1).astype(np.int64)
    keys = edges[:, 0] * (int(edges.max(initial=0)) + 1) + edges[:, 1]
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return edges[first[counts == 1]]


def _cases() -> dict[int, list[list[tuple[int, int]]]]:
    """Which corners lie in front, as bits → triangles of the section, each point as the two corners it lies between."""
    found = {}
    for code in range(1, 15):
        front = [k for k in range(4) if code >> k & 1]
        back = [k for k in range(4) if not code >> k & 1]
        if len(front) == 2:
            (a, b), (c, d) = front, back
            around = [(a, c), (a, d), (b, d), (b, c)]
            found[code] = [[around[0], around[1], around[2]], [around[0], around[2], around[3]]]
        else:
            (alone,), others = (front, back) if len(front) == 1 else (back, front)
            found[code] = [[(alone, other) for other in others]]
    return found


_TRIANGLES = _cases()
