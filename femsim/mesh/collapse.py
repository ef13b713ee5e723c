"""Taking points out of a labelled surface by collapsing edges, without folding it or blurring its curves."""

from math import sqrt

import numpy as np

from femsim.mesh.surface import Surface

NEEDLE = 0.05  # shape of a triangle (1 regular) below which its normal says nothing


class Collapsing:
    """A surface as triangles around points, and as curves: where labels change or other than two triangles meet.

    Points never move; they stay or go.
    """

    def __init__(self, surface: Surface, size: np.ndarray):
        self.surface = surface
        self.points = surface.points.tolist()
        self.size = size.tolist()
        self.triangles: list[tuple[int, int, int] | None] = [tuple(t) for t in surface.triangles.tolist()]
        self.around: list[set[int]] = [set() for _ in self.points]
        for row, triangle in enumerate(self.triangles):
            for point in triangle:
                self.around[point].add(row)
        self.next: dict[int, set[int]] = {}  # neighbours along curves, of the points on curves
        for a, b in _curve_edges(surface).tolist():
            self.next.setdefault(a, set()).add(b)
            self.next.setdefault(b, set()).add(a)

    def result(self) -> Surface:
        """The surface as it is now, without the points that have gone."""
        kept = [row for row, triangle in enumerate(self.triangles) if triangle is not None]
        triangles = np.array([self.triangles[row] for row in kept], np.int64)
        used, triangles = np.unique(triangles, return_inverse=True)
        return Surface(self.surface.points[used], triangles.reshape(-1, 3), self.surface.labels[kept])

    def neighbours(self, point: int) -> list[int]:
        return sorted({p for row in self.around[point] for p in self.triangles[row]} - {point})

    def distance(self, a: int, b: int) -> float:
        p, q = self.points[a], self.points[b]
        return sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2)

    def ratio(self, a: int, b: int) -> float:
        """Length of an edge as a share of the wanted one."""
        return self.distance(a, b) / (0.5 * (self.size[a] + self.size[b]))

    def is_corner(self, point: int) -> bool:
        """Whether curves end or cross at a point that lies on one."""
        return len(self.next[point]) != 2

    def height(self, point: int, a: int, b: int) -> float:
        """Distance of a point from the line through two others."""
        base = self.distance(a, b)
        normal, _ = _normal_area(self.points[a], self.points[b], self.points[point])
        return sqrt(sum(x * x for x in normal)) / base if base > 0 else 0.0

    def shape(self, row: int) -> float:
        return _normal_shape(*(self.points[p] for p in self.triangles[row]))[1]

    def longest_after(self, goes: int, stays: int) -> float:
        """The longest edge that the triangles around a point would have if it went."""
        return max(self.distance(stays, p) for p in self.neighbours(goes))

    def worst_after(self, goes: int, stays: int, least_cosine: float) -> float | None:
        """Shape of the worst triangle if one end of an edge went into the other; None where it may not go.

        It may not where the surface would fold onto itself, where a triangle would turn by more than the angle of
        `least_cosine`, or where a needle worse than what is there would arise.
        """
        mine, other = self.around[goes], self.around[stays]
        shared = mine & other
        apexes = {p for row in shared for p in self.triangles[row]} - {goes, stays}
        neighbours = {p for row in mine for p in self.triangles[row]}
        others = {p for row in other for p in self.triangles[row]}
        if not shared or (neighbours & others) - {goes, stays} != apexes:  # link condition
            return None
        worst_before, changed = 1.0, []
        for row in mine:
            normal, shape = _normal_shape(*(self.points[p] for p in self.triangles[row]))
            worst_before = min(worst_before, shape)
            if row not in shared:
                after = (self.points[stays if p == goes else p] for p in self.triangles[row])
                changed.append((normal, shape, *_normal_shape(*after)))
        for normal, shape, new_normal, new_shape in changed:
            if new_shape < NEEDLE and new_shape <= worst_before:
                return None
            if shape > NEEDLE and sum(x * y for x, y in zip(normal, new_normal)) < least_cosine:
                return None
        return min((new_shape for *_, new_shape in changed), default=1.0)

    def collapse(self, goes: int, stays: int) -> None:
        for row in list(self.around[goes]):
            triangle = self.triangles[row]
            if stays in triangle:
                for point in triangle:
                    self.around[point].discard(row)
                self.triangles[row] = None
            else:
                self.triangles[row] = tuple(stays if p == goes else p for p in triangle)
                self.around[stays].add(row)
        self.around[goes] = set()
        for point in self.next.pop(goes, set()):
            self.next[point].discard(goes)
            if point != stays:
                self.next[point].add(stays)
                self.next[stays].add(point)


def _curve_edges(surface: Surface) -> np.ndarray:
    triangles, n = surface.triangles, surface.n_points
    halves = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    keys = halves[:, 0] * n + halves[:, 1]
    labels = np.tile(surface.labels, 3)
    order = np.argsort(keys, kind="stable")
    keys, labels = keys[order], labels[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.diff(np.append(starts, len(keys)))
    differs = np.minimum.reduceat(labels, starts) != np.maximum.reduceat(labels, starts)
    unique = keys[starts[(counts != 2) | differs]]
    return np.column_stack([unique // n, unique % n])


def _normal_area(a, b, c) -> tuple[tuple[float, float, float], float]:
    """Twice the area vector of a triangle, and the sum of its squared edges."""
    ux, uy, uz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    vx, vy, vz = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    squares = ux * ux + uy * uy + uz * uz + vx * vx + vy * vy + vz * vz
    squares += (ux - vx) ** 2 + (uy - vy) ** 2 + (uz - vz) ** 2
    return (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx), squares


def _normal_shape(a, b, c) -> tuple[tuple[float, float, float], float]:
    """Unit normal of a triangle, and 4√3·area over the sum of squared edges (1 regular, 0 flat)."""
    (nx, ny, nz), squares = _normal_area(a, b, c)
    length = sqrt(nx * nx + ny * ny + nz * nz)
    if length == 0:
        return (0.0, 0.0, 0.0), 0.0
    return (nx / length, ny / length, nz / length), 2 * sqrt(3) * length / squares
