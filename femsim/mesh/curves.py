"""Thinning the curves along which the patches of a surface meet.

Where a bone surface of a few thousand facets is cut by a tool, their common curve is broken at every facet of either,
into pieces down to nothing. A remesher keeps the points of curves on which three or more patches meet, hence every
small piece would become a needle of a triangle and a sliver of a tetrahedron. So the pieces are joined before.
"""

import heapq

import numpy as np

from femsim.mesh.collapse import Collapsing
from femsim.mesh.surface import Surface

SHORT = 0.6  # pieces of a curve shorter than this share of the wanted edge length are joined to a neighbour
MEETING = 0.3  # below this share two crossings of curves become one, and passing curves are pinched together
BESIDE = 0.2  # a point of one curve nearer than this share to a piece of another goes to the piece's nearer end
LONG = 1.2  # … where no piece longer than this share arises
TURN = 0.5  # least cosine between a triangle's normal before and after a point has gone from a curve
FLAT = 0.95  # likewise for a point inside a patch, which goes only to make room, …
REACH = 1.7  # … and only where no edge becomes longer than this share of the wanted length
SWEEPS = 4  # an edge may be free to go only after its neighbours have gone


def thinned(
    surface: Surface, size: np.ndarray, *, yielding: frozenset[int] = frozenset(), apart: float = np.inf
) -> Surface:
    """The surface with short pieces of its curves joined; size (n,) is the wanted edge length [mm] at its points.

    A curve is where labels change or where other than two triangles meet. Points stay where they are or go; crossings
    of curves go only into one another. Where two curves pass too near each other, points on patches with a `yielding`
    label go first; curves `apart` [mm] or farther from each other are meant to be apart and stay so.
    """
    thinning = _Thinning(surface, size, yielding, apart)
    for _ in range(SWEEPS):
        if not thinning.sweep() + thinning.pinch():
            break
    return thinning.result()


class _Thinning(Collapsing):
    """Edges at curves collapse, shortest first."""

    def __init__(self, surface: Surface, size: np.ndarray, yielding: frozenset[int], apart: float):
        super().__init__(surface, size)
        self.apart = apart
        self.yields = np.zeros(surface.n_points, bool)
        self.yields[surface.triangles[np.isin(surface.labels, list(yielding))]] = True

    def sweep(self) -> int:
        """Collapse short edges along curves and between them; how many."""
        heap = [entry for point in self.next for entry in self._short_edges(point) if entry[1] == point]
        heapq.heapify(heap)
        done = 0
        while heap:
            _, a, b = heapq.heappop(heap)
            if not self.around[a] & self.around[b]:
                continue
            stays = self._collapsed(a, b)
            if stays is None and self._room_made(a, b):
                stays = self._collapsed(a, b)
            if stays is not None:
                done += 1
                for entry in self._short_edges(stays):
                    heapq.heappush(heap, entry)
        return done

    def pinch(self) -> int:
        """Take points of a curve that lie close beside a piece of another curve to its nearer end; how many."""
        done = 0
        for point in sorted(self.next, key=lambda p: (not self.yields[p], p)):
            if point not in self.next or self.is_corner(point):
                continue
            for row in sorted(self.around[point]):
                a, b = (p for p in self.triangles[row] if p != point)
                if b not in self.next.get(a, ()) or {a, b} & self.next[point]:
                    continue
                if self.height(point, a, b) > min(BESIDE * self.size[point], 0.5 * self.apart):
                    continue
                stays = min((a, b), key=lambda p: (self.distance(point, p), p))
                if self.worst_after(point, stays, TURN) is not None:
                    self.collapse(point, stays)
                    done += 1
                    break
        return done

    def _short_edges(self, point: int) -> list[tuple[float, int, int]]:
        """(length ratio, lower point, higher point) of the edges at a point that ought to go."""
        edges = []
        for other in self.neighbours(point):
            if other in self.next:
                ratio = self.ratio(point, other)
                if (ratio < SHORT and other in self.next[point]) or self._meet(point, other):
                    edges.append((ratio, min(point, other), max(point, other)))
        return edges

    def _meet(self, a: int, b: int) -> bool:
        return self.ratio(a, b) < MEETING and self.distance(a, b) < self.apart

    def _collapsed(self, a: int, b: int) -> int | None:
        """The point that stays after edge ab has collapsed; None where neither end may go."""
        meeting = self._meet(a, b)
        if not meeting and b not in self.next[a]:
            return None
        for goes, stays in ((a, b), (b, a)) if self.yields[a] or not self.yields[b] else ((b, a), (a, b)):
            if self.is_corner(goes) and not (self.is_corner(stays) and meeting):
                continue
            if any(self.ratio(stays, ahead) > LONG for ahead in self.next[goes] - {stays}):
                continue
            if self.worst_after(goes, stays, TURN) is not None:
                self.collapse(goes, stays)
                return stays
        return None

    def _room_made(self, a: int, b: int) -> bool:
        """Whether a point inside a patch beside edge ab could be taken away: such points stand in the edge's way."""
        made = False
        for point in sorted({*self.neighbours(a), *self.neighbours(b)}):
            if point in self.next or not self.around[point]:
                continue
            for other in sorted(self.neighbours(point), key=lambda p: (self.distance(point, p), p)):
                if self.longest_after(point, other) < REACH * self.size[other] and (
                    self.worst_after(point, other, FLAT) is not None
                ):
                    self.collapse(point, other)
                    made = True
                    break
        return made
