"""The shapes that an implant's surfaces have: a profile turned about an axis, or rings of points joined.

Both are walked from one end ring to the other; what lies to the left of the walk is inside. A point's distance to a
shape is positive on the left.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.mesh.closest import closest_points
from femsim.mesh.loft import lofted
from femsim.mesh.revolve import N_AROUND, revolved, rotation_to
from femsim.mesh.surface import Surface, area_vectors

FINE = 2.0  # mm: rings of a lofted surface stand this close where points are put onto it; it is straight between them


@dataclass(frozen=True)
class Feet:
    """Where points (k, 3) project on a shape: signed distance (k,), foot and left normal there (k, 3)."""

    distance: np.ndarray
    foot: np.ndarray
    normal: np.ndarray


@dataclass(frozen=True)
class Turned:
    """A profile (k, 2) of radius and height [mm] turned about an axis; exact, whatever triangles stand for it."""

    profile: np.ndarray
    origin: np.ndarray
    axis: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            profile=frozen(self.profile, np.float64, (None, 2)),
            origin=frozen(self.origin, np.float64, (3,)),
            axis=frozen(self.axis, np.float64, (3,)),
        )

    def surface(self, step: float, label: int = 0, n_around: int = N_AROUND) -> Surface:
        """Triangles that stand for it."""
        labels = np.full(len(self.profile) - 1, label)
        return revolved(self.profile, labels, origin=self.origin, axis=self.axis, step=step, n_around=n_around)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Points (n, 3) of its first and last ring."""
        return self.ring(0), self.ring(-1)

    def ring(self, row: int) -> np.ndarray:
        """Points (N_AROUND, 3) of the circle that a point of the profile describes."""
        radius, height = self.profile[row]
        angles = 2 * np.pi * np.arange(N_AROUND) / N_AROUND
        local = np.column_stack([radius * np.cos(angles), radius * np.sin(angles), np.full(N_AROUND, height)])
        return local @ rotation_to(self.axis).T + self.origin

    @property
    def reach(self) -> float:
        """Largest radius [mm]."""
        return float(self.profile[:, 0].max())

    def moved(self, by: np.ndarray) -> "Turned":
        return replace(self, origin=self.origin + by)

    def feet(self, points: np.ndarray, within: float = np.inf) -> Feet:
        """The nearest places of the shape, however far."""
        local, radius = self._local(points)
        distance, foot, normal = _to_profile(np.column_stack([radius, local[:, 2]]), self.profile)
        outward = np.column_stack([local[:, :2] / np.maximum(radius, 1e-12)[:, None], np.zeros(len(points))])
        upward = np.array([0.0, 0.0, 1.0])
        turn = rotation_to(self.axis).T
        return Feet(
            distance,
            (outward * foot[:, :1] + upward * foot[:, 1:]) @ turn + self.origin,
            (outward * normal[:, :1] + upward * normal[:, 1:]) @ turn,
        )

    def at_end(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Nearest points (k, 3) on the end rings, and the distance to them."""
        local, radius = self._local(points)
        flat, ends = np.column_stack([radius, local[:, 2]]), self.profile[[0, -1]]
        target = ends[np.linalg.norm(flat[:, None] - ends, axis=2).argmin(axis=1)]
        moved = np.column_stack([local[:, :2] * (target[:, :1] / np.maximum(radius, 1e-12)[:, None]), target[:, 1]])
        return moved @ rotation_to(self.axis).T + self.origin, np.linalg.norm(target - flat, axis=1)

    def _local(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        local = (points - self.origin) @ rotation_to(self.axis)
        return local, np.hypot(local[:, 0], local[:, 1])


@dataclass(frozen=True)
class Lofted:
    """Rings (k, n, 3) of points [mm] joined straight from each to the next; the first or the last may be a pole."""

    rings: np.ndarray

    def __post_init__(self):
        freeze(self, rings=frozen(self.rings, np.float64, (None, None, 3)))

    def surface(self, step: float, label: int = 0, n_around: int = N_AROUND) -> Surface:
        """Triangles that stand for it; its rings have as many points as they have."""
        return lofted(self.rings, step=step, label=label)

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Points (n, 3) of its first and last ring."""
        return self.rings[0], self.rings[-1]

    @property
    def reach(self) -> float:
        """Half the width [mm] of what it goes around, at the middle of its length, on the narrow side."""
        centred = self.rings - self.rings.mean(axis=1, keepdims=True)
        return float(np.median(np.linalg.norm(centred, axis=2).min(axis=1)))

    def moved(self, by: np.ndarray) -> "Lofted":
        return Lofted(self.rings + by)

    def feet(self, points: np.ndarray, within: float = np.inf) -> Feet:
        """The nearest places of the shape; a point farther than `within` may be infinitely far from it."""
        surface = self.surface(FINE)
        low, high = surface.points.min(axis=0) - within, surface.points.max(axis=0) + within
        rows = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
        found = closest_points(surface, points[rows], within=within)
        rows, near = rows[found.triangle >= 0], found.triangle >= 0
        normals = -area_vectors(surface)[found.triangle[near]]
        distance, foot, normal = np.full(len(points), np.inf), np.zeros((len(points), 3)), np.zeros((len(points), 3))
        foot[rows] = found.foot[near]
        normal[rows] = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
        side = np.einsum("ki,ki->k", points[rows] - foot[rows], normal[rows])
        distance[rows] = np.where(side < 0, -found.distance[near], found.distance[near])
        return Feet(distance, foot, normal)

    def at_end(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Nearest points (k, 3) on the end rings, and the distance to them."""
        best, foot = np.full(len(points), np.inf), np.array(points, float)
        for ring in self.ends():
            for a, b in zip(ring, np.roll(ring, -1, axis=0)):
                along = b - a
                length = max(along @ along, 1e-300)
                at = a + np.clip((points - a) @ along / length, 0, 1)[:, None] * along
                distance = np.linalg.norm(points - at, axis=1)
                closer = distance < best
                best[closer], foot[closer] = distance[closer], at[closer]
        return foot, best


def _to_profile(points: np.ndarray, profile: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signed distance (n,) of points to a profile, positive on its left; their feet and left normals there (n, 2)."""
    best = np.full(len(points), np.inf)
    foot, normal = np.zeros_like(points), np.zeros_like(points)
    for begin, end in pairwise(profile):
        along = end - begin
        length = np.hypot(*along)
        if length < 1e-9:
            continue
        fraction = np.clip((points - begin) @ along / length**2, 0, 1)
        at = begin + fraction[:, None] * along
        distance = np.linalg.norm(points - at, axis=1)
        closer = distance < best
        best = np.where(closer, distance, best)
        foot[closer], normal[closer] = at[closer], np.array([-along[1], along[0]]) / length
    side = np.sign(np.einsum("ni,ni->n", points - foot, normal))
    return best * np.where(side < 0, -1, 1), foot, normal
