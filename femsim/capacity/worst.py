"""The most damaging force on the face of a set, found and certified by branch and bound.

Inside one cone of poles the strain of an element is a linear map of the hip force plus what all else causes; its risk
is convex in that strain. So over a convex body inside the cone no risk exceeds the largest at the body's corners. The
face of the set is covered by bodies between a flat triangle and the plane that touches the sphere above it. Bodies
whose bound is not above what some force of the set truly reaches are dropped, the others are cut into four. A body that
reaches into several cones is bounded by the linear map of each, extended over all of it.
"""

import heapq
import itertools
from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.capacity.hip_risk import HipRisk
from femsim.capacity.load_sets import Face
from femsim.errors import ConvergenceError

TOLERANCE = 1e-3
_MOST_BODIES = 200_000


@dataclass(frozen=True)
class Worst:
    """The worst force of a set for one model.

    force : (3,) [N] of the set.
    risk : what it reaches; no force of the set exceeds `bound`.
    row : of bone.fields, where it strikes.
    n_bodies : how many bodies were bounded.
    n_judged : how many times an element was judged under a force.
    """

    force: np.ndarray
    risk: float
    bound: float
    row: int
    n_bodies: int
    n_judged: int

    def __post_init__(self):
        freeze(self, force=frozen(self.force, np.float64, (3,)))


def worst(risk: HipRisk, face: Face, *, tolerance: float = TOLERANCE) -> Worst:
    """The worst force of a face; its risk and the bound differ by at most the tolerance, relative to the risk.

    Cones of which a corner is not solved are left out of the search.

    Raises
    ------
    ConvergenceError
        Where the bound does not come near enough.
    """
    search = _Search(risk, face, tolerance)
    cover = face.cover(risk.cones.poles)
    started = [face.pulled(cover[:, corner]) for corner in range(3)]
    search.reach(np.unique(np.concatenate(started), axis=0), risk.rows)
    for number, corners in enumerate(cover):
        cones = np.array([number]) if face.is_round else np.arange(len(risk.solved))
        search.look(corners, cones[risk.solved[cones]], risk.rows)
    while search.open and -search.open[0][0] > search.enough:
        if search.n_bodies > _MOST_BODIES:
            raise ConvergenceError(
                f"The bound on the risk stays at {-search.open[0][0]:.6g}, above {search.risk:.6g} that is reached.",
                where="search for the worst hip force",
                remedy=f"allow more than --tolerance-percent {100 * tolerance:g}",
            )
        _, _, corners, cones, rows = heapq.heappop(search.open)
        for part in cut(corners):
            search.look(part, cones, rows)
    left = [-entry[0] for entry in search.open]
    return Worst(
        search.force, search.risk, max(search.risk, search.dropped, *left, 0.0), search.row, search.n_bodies,
        search.n_judged,
    )  # fmt: skip


def body_over(corners: np.ndarray) -> np.ndarray:
    """(6, 3) corners of a convex body that holds the spherical triangle with three unit vectors (3, 3) as corners.

    Every point of it is t p with p in the flat triangle and t ≥ 1, and none lies beyond the plane that touches the
    sphere in parallel to the flat triangle.
    """
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    height = abs(normal @ corners[0]) / np.linalg.norm(normal)
    return np.concatenate([corners, corners / height])


def cut(corners: np.ndarray) -> list[np.ndarray]:
    """The four spherical triangles that the middles of the sides of one cut it into."""
    a, b, c = corners
    ab, bc, ca = (middle / np.linalg.norm(middle) for middle in (a + b, b + c, c + a))
    return [np.array(part) for part in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]


class _Search:
    """What is known so far: the worst force reached, bodies that are open, the largest bound of what was dropped."""

    def __init__(self, risk: HipRisk, face: Face, tolerance: float):
        self._of, self._face, self._tolerance = risk, face, tolerance
        self.force, self.risk, self.row = np.zeros(3), -1.0, -1
        self.dropped = 0.0
        self.open: list[tuple[float, int, np.ndarray, np.ndarray, np.ndarray]] = []
        self.n_bodies = self.n_judged = 0
        self._count = itertools.count()

    @property
    def enough(self) -> float:
        """A bound that needs no further look."""
        return self.risk * (1.0 + self._tolerance)

    def reach(self, points: np.ndarray, rows: np.ndarray) -> None:
        """Judge forces of the set at points s (k, 3)."""
        forces = self._face.forces(points)
        values, where = self._of.largest(forces, rows)
        self.n_judged += len(rows) * len(forces)
        if np.isfinite(values).any():
            at = int(np.nanargmax(values))
            if values[at] > self.risk:
                self.force, self.risk, self.row = forces[at], float(values[at]), int(where[at])

    def look(self, corners: np.ndarray, cones: np.ndarray, rows: np.ndarray) -> None:
        """Bound a body; keep it open with the cones and rows that could yet be worse than what was reached."""
        face, body = self._face, body_over(corners)
        if face.axis is not None and (body @ face.axis).max() < face.cosine:
            return
        forces = face.forces(body)
        if not face.is_round:
            cones = cones[self._of.cones.touched(forces, cones)]
        if not len(cones):
            return
        self.n_bodies += 1
        limit = self._of.limits(rows, cones, forces)
        self.n_judged += len(rows) * len(cones) * len(forces)
        stay = limit > self.enough
        self.dropped = max(self.dropped, limit[~stay].max(initial=0.0))
        if not stay.any():
            return
        rows = rows[stay]
        middle = corners.sum(axis=0, keepdims=True)
        self.reach(face.pulled(np.concatenate([corners, middle / np.linalg.norm(middle)])), rows)
        heapq.heappush(self.open, (-limit[stay].max(), next(self._count), corners, cones, rows))
