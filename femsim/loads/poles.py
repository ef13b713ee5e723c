"""Directions of the hip force for which a pressure on the head is solved once; any other is a mixture of three of them.

The sphere of directions is cut into 320 triangles with 162 corners, the poles, 16 to 19 degrees apart. A force inside a
triangle is a sum of forces along its three corners, none of them negative: so pressures along the poles add up to a
pressure with exactly that resultant, no moment about the head centre and no pull anywhere, whose middle moves with the
force. Loads of all directions are then combinations of a few, which are solved once.
"""

import functools
from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen

# Direction of the hip force of level walking, Bergmann frame (Heller 2005): made a pole, so that the most usual load of
# all is a single pressure.
USUAL = (54.0, -32.8, -229.2)
_SUBDIVISIONS = 2
# A share below this of the force is rounding: the force lies on an edge of its triangle.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Poles:
    """Poles and the triangles between them.

    directions : (p, 3) unit vectors of force on the head.
    triangles : (t, 3) rows of directions.
    """

    directions: np.ndarray
    triangles: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            directions=frozen(self.directions, np.float64, (None, 3)),
            triangles=frozen(self.triangles, np.int64, (None, 3)),
        )

    @functools.cached_property
    def inverse(self) -> np.ndarray:
        """(t, 3, 3): a force → its parts along the corners of each triangle; negative outside it."""
        return np.linalg.inv(np.swapaxes(self.directions[self.triangles], 1, 2))

    def shares(self, forces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Corners and parts of forces.

        Parameters
        ----------
        forces : (k, 3) [N]

        Returns
        -------
        corners : (k, 3) int
            Rows of `directions`.
        parts : (k, 3) [N], not negative
            parts[k] @ directions[corners[k]] is the force.
        """
        forces = np.asarray(forces, float)
        # In pieces, so that many forces do not fill the memory.
        triangle = np.concatenate(
            [
                np.argmax((self.inverse @ some.T).min(axis=1), axis=0)
                for some in np.array_split(forces, max(1, len(forces) // 4096))
            ]
        )
        parts = np.einsum("kij,kj->ki", self.inverse[triangle], forces)
        size = np.linalg.norm(forces, axis=1)
        parts[parts < _NOTHING * size[:, None]] = 0.0
        return self.triangles[triangle], parts

    def turned(self, rotation: np.ndarray) -> "Poles":
        """The same poles in another frame; rotation (3, 3) takes components of this frame to those."""
        return Poles(self.directions @ np.asarray(rotation, float).T, self.triangles)


@functools.cache
def usual_poles() -> Poles:
    """The poles in Bergmann's frame; the first is the direction of level walking."""
    points, triangles = icosphere(_SUBDIVISIONS)
    return Poles(points @ _turn(points[0], np.array(USUAL)).T, triangles)


def icosphere(subdivisions: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (p, 3) on the unit sphere and outward triangles (t, 3): an icosahedron whose faces are cut into four."""
    g = (1.0 + 5.0**0.5) / 2.0
    points = [(x, y, 0.0) for x in (-1.0, 1.0) for y in (-g, g)]
    points = np.array(points + [(0.0, p[0], p[1]) for p in points] + [(p[1], 0.0, p[0]) for p in points])
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    near = np.linalg.norm(points[:, None] - points[None], axis=2) < 1.2
    triangles = np.array(
        [
            (i, j, k)
            for i in range(12)
            for j in range(12)
            for k in range(12)
            if i < min(j, k)
            and near[i, j]
            and near[j, k]
            and near[i, k]
            and len({i, j, k}) == 3
            and np.linalg.det(points[[i, j, k]]) > 0
        ]
    )
    for _ in range(subdivisions):
        points, triangles = _cut(points, triangles)
    return points, triangles


def _cut(points: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    unique, row = np.unique(edges, axis=0, return_inverse=True)
    middle = points[unique].sum(axis=1)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    ab, bc, ca = len(points) + row.reshape(3, -1)
    a, b, c = triangles.T
    corners = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    return np.concatenate([points, middle]), corners


def _turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The smallest rotation (3, 3) of one direction into another; they must not be opposite."""
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    x, y, z = np.cross(start, end)
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + skew + skew @ skew / (1.0 + start @ end)
