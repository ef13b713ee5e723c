"""The separate shells of a surface: which one is the bone, which lie in it or on it, which are another bone."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.surface import Surface, areas, compacted, edge_counts, enclosed_volume

SECOND_BONE = 0.2  # of the largest shell's volume: a shell beside it this large is another bone, not a crumb
LOOKED_AT = 20  # largest shells that are judged one by one; what is smaller is a crumb
SOUP = 0.5  # of the area: where the largest shell has less and there are many, triangles hang together nowhere
CRUMB = 0.005  # of the area
ON_IT = 2.0  # mm, a shell no farther than this from the largest is a copy of it
N_PROBES = 60


@dataclass(frozen=True)
class Shells:
    """kept : the bone's triangles; left_out : (k,) rows of the others; n_left_out shells; is_whole : kept is one shell.

    notes : sentences on what was left out.
    """

    kept: Surface
    left_out: np.ndarray
    n_left_out: int
    is_whole: bool
    notes: tuple[str, ...] = ()


def bone_of(surface: Surface) -> Shells:
    """The largest shell, with those that overlap it; inner shells, copies and crumbs are left out.

    Raises
    ------
    SurfaceError
        Where another bone lies beside it.
    """
    piece = _pieces(surface)
    size = np.bincount(piece, areas(surface))
    order = [int(k) for k in np.argsort(size)[::-1] if size[k] > 0]
    if len(order) == 1:
        return Shells(compacted(surface), np.zeros(0, np.int64), 0, True)
    if len(order) > LOOKED_AT and size[order[0]] < SOUP * size.sum():
        return Shells(compacted(surface), np.zeros(0, np.int64), 0, False, ("Its triangles hang together nowhere.",))
    shells = {k: compacted(Surface(surface.points, surface.triangles[piece == k])) for k in order[:LOOKED_AT]}
    largest, parts, kinds = shells[order[0]], [order[0]], {"inside the bone": 0, "upon it": 0, "beside it": 0}
    for k in order[1:LOOKED_AT]:
        kind = "beside it" if size[k] < CRUMB * size.sum() else _kind(shells[k], largest)
        if kind == "part of it":
            parts.append(k)
            continue
        kinds[kind] += 1
        if kind == "beside it":
            _refuse_second_bone(shells[k], largest, len(order))
    kinds["beside it"] += max(len(order) - LOOKED_AT, 0)
    kept = np.isin(piece, parts)
    notes = []
    if sum(kinds.values()):
        share = 100 * (1.0 - size[parts].sum() / size.sum())
        where = ", ".join(f"{n} {kind}" for kind, n in kinds.items() if n)
        notes.append(f"{sum(kinds.values())} smaller shell(s) with {share:.1f} % of the area were left out ({where}).")
    if len(parts) > 1:
        notes.append(f"{len(parts)} shells that overlap were taken for one bone.")
    return Shells(
        compacted(Surface(surface.points, surface.triangles[kept])),
        np.flatnonzero(~kept),
        sum(kinds.values()),
        len(parts) == 1,
        tuple(notes),
    )


def _pieces(surface: Surface) -> np.ndarray:
    """(t,) number of the shell of each triangle."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges, _ = edge_counts(surface.triangles)
    n = surface.n_points
    _, of_point = connected_components(coo_matrix((np.ones(len(edges)), edges.T), shape=(n, n)), directed=False)
    return of_point[surface.triangles[:, 0]]


def _kind(other: Surface, largest: Surface) -> str:
    rows = np.linspace(0, other.n_points - 1, min(N_PROBES, other.n_points)).astype(int)
    probes = other.points[rows]
    distance = closest_points(largest, probes).distance
    if np.percentile(distance, 95) < ON_IT:
        return "upon it"
    within = np.abs(winding_number(largest, probes)) > 0.5
    outside = ~within & (distance > ON_IT)
    if outside.mean() < 0.05:
        return "inside the bone"
    return "part of it" if within.any() else "beside it"


def winding_number(surface: Surface, points: np.ndarray) -> np.ndarray:
    """(k,) how often the surface goes around points (k, 3): about 1 inside, 0 outside, also where it has holes.

    Source
    ------
    van Oosterom & Strackee, IEEE Trans Biomed Eng 30 (1983) 125; Jacobson et al., ACM Trans Graph 32 (2013) 33
    """
    corners = surface.points[surface.triangles]
    turns = np.empty(len(points))
    for k, point in enumerate(points):
        a, b, c = np.moveaxis(corners - point, 1, 0)
        la, lb, lc = (np.sqrt(np.einsum("ti,ti->t", x, x)) for x in (a, b, c))
        volume = np.einsum("ti,ti->t", a, np.cross(b, c))
        below = la * lb * lc + sum(
            np.einsum("ti,ti->t", x, y) * length for x, y, length in ((a, b, lc), (b, c, la), (c, a, lb))
        )
        turns[k] = np.arctan2(volume, below).sum() / (2 * np.pi)
    return turns


def _refuse_second_bone(other: Surface, largest: Surface, n: int) -> None:
    mine, its = abs(enclosed_volume(largest)), abs(enclosed_volume(other))
    if its > SECOND_BONE * mine:
        raise SurfaceError(
            f"The file holds several bones: {n} separate shells, the second with {its / 1000:.0f} cm³ beside the "
            f"largest with {mine / 1000:.0f} cm³.",
            why="both femora, or the pelvis too, were exported into one file",
            remedy="export the one femur alone",
        )
