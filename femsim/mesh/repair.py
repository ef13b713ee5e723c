"""Make a surface from a file closed, outward and free of self-intersections, and say what that changed."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.surface import Surface, area_vectors, areas, compacted, edge_counts, enclosed_volume, is_closed

# What is still called repair (all assumed; an open distal cut is 1 to 4 % of the surface of an upper femur):
LARGEST_OPENING = 0.08  # of the surface's area, for the one large opening a bone may have: where its shaft was cut
OTHER_OPENINGS = 0.01  # of the surface's area, all others together
VOLUME_CHANGE = 0.02  # of the volume
MOVED = 3.0  # mm, largest distance of an original point from the repaired surface
SECOND_BONE = 0.2  # of the largest shell's volume: a shell beside it this large is another bone, not a crumb
REMEDY = (
    "mend the surface in a mesh editor (close holes, remove self-intersections, keep one bone), or segment it again"
)


@dataclass(frozen=True)
class _Opening:
    n_edges: int
    area: float
    centre: np.ndarray
    volume: float  # signed volume of the cone over its flat fan from the origin


def repaired(surface: Surface) -> tuple[Surface, tuple[str, ...]]:
    """The largest shell, closed, outward-facing, without self-intersections; and sentences on what changed.

    A surface that is all this already comes back with the same triangles.

    Raises
    ------
    SurfaceError
        Where more than one bone is on the surface, where openings are too large to be closed honestly, or where repair
        fails, changes the volume by more than 2 % or moves the surface by more than 3 mm.
    """
    import pymeshfix

    notes: list[str] = []
    shell = _largest_shell(_without_twins(surface, notes), notes)
    if not _is_consistent(shell):
        shell = _turned_alike(shell)
        notes.append("Triangles that faced inward among outward ones were turned.")
    openings = _openings(shell)
    total = float(areas(shell).sum())
    _refuse_open(openings, total)
    volume = abs(enclosed_volume(shell) + sum(opening.volume for opening in openings))
    crossing = _crossing_triangles(shell)
    if not openings and not len(crossing) and is_closed(shell) and _is_consistent(shell):
        return (shell if enclosed_volume(shell) > 0 else _turned(shell)), tuple(notes)
    fix = pymeshfix.MeshFix(shell.points, shell.triangles.astype(np.int32))
    fix.repair(joincomp=False, remove_smallest_components=True)
    if not len(fix.faces):
        raise SurfaceError("Repair left nothing of the surface.", why="it is too badly damaged", remedy=REMEDY)
    mended = compacted(Surface(np.asarray(fix.points, float), np.asarray(fix.faces, np.int64)))
    if enclosed_volume(mended) < 0:
        mended = _turned(mended)
    _refuse_unmended(mended)
    if openings:
        largest = max(openings, key=lambda opening: opening.area)
        notes.append(
            f"{len(openings)} opening(s) closed; the largest has {largest.area:.0f} mm² and lies at {_place(largest)}."
        )
    if len(crossing):
        notes.append(f"{len(crossing)} triangles that cut through others were replaced.")
    notes += _change(shell, mended, volume, bool(openings))
    return mended, tuple(notes)


def _without_twins(surface: Surface, notes: list[str]) -> Surface:
    """Without triangles that stand twice on the same three points, and without those that have no area."""
    key = np.sort(surface.triangles, axis=1)
    _, first = np.unique(key, axis=0, return_index=True)
    keep = np.zeros(surface.n_triangles, bool)
    keep[first] = True
    if (gone := int((~keep).sum())) > 0:
        notes.append(f"{gone} triangles stood twice on the same points; one of each was kept.")
    return Surface(surface.points, surface.triangles[keep])


def _largest_shell(surface: Surface, notes: list[str]) -> Surface:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges, _ = edge_counts(surface.triangles)
    n = surface.n_points
    _, piece_of_point = connected_components(coo_matrix((np.ones(len(edges)), edges.T), shape=(n, n)), directed=False)
    piece = piece_of_point[surface.triangles[:, 0]]
    size = np.bincount(piece, areas(surface))
    if (size > 0).sum() == 1:
        return compacted(surface)
    order = [int(k) for k in np.argsort(size)[::-1] if size[k] > 0]
    shells = {k: compacted(Surface(surface.points, surface.triangles[piece == k])) for k in order[:20]}
    largest = shells[order[0]]
    low, high = largest.points.min(axis=0), largest.points.max(axis=0)
    for k in order[1:20]:
        other = shells[k]
        within = (other.points.min(axis=0) >= low).all() and (other.points.max(axis=0) <= high).all()
        if not within and abs(enclosed_volume(other)) > SECOND_BONE * abs(enclosed_volume(largest)):
            raise SurfaceError(
                f"The file holds several bones: {len(order)} separate shells, the second with "
                f"{abs(enclosed_volume(other)) / 1000:.0f} cm³ beside the largest with "
                f"{abs(enclosed_volume(largest)) / 1000:.0f} cm³.",
                why="both femora, or the pelvis too, were exported into one file",
                remedy="export the one femur alone",
            )
    rest = float(size.sum() - size[order[0]]) / float(size.sum())
    notes.append(
        f"{len(order) - 1} smaller shell(s) with {100 * rest:.1f} % of the area were left out; the largest was kept."
    )
    return largest


def _openings(shell: Surface) -> list[_Opening]:
    """Connected pieces of open border, each with the area and volume of its flat fan."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    directed = np.concatenate([shell.triangles[:, [0, 1]], shell.triangles[:, [1, 2]], shell.triangles[:, [2, 0]]])
    key = np.sort(directed, axis=1)
    _, inverse, counts = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    border = directed[counts[inverse.reshape(-1)] == 1]
    if not len(border):
        return []
    n = shell.n_points
    _, piece_of_point = connected_components(coo_matrix((np.ones(len(border)), border.T), shape=(n, n)), directed=False)
    found = []
    for k in np.unique(piece_of_point[border[:, 0]]):
        start, end = (shell.points[border[piece_of_point[border[:, 0]] == k, j]] for j in (0, 1))
        centre = start.mean(axis=0)
        fan = 0.5 * np.cross(end - centre, start - centre)  # turned as the missing triangles would be
        volume = float((fan * (start + end + centre)).sum() / 9.0)
        found.append(_Opening(len(start), float(np.linalg.norm(fan, axis=1).sum()), centre, volume))
    return found


def _refuse_open(openings: list[_Opening], total: float) -> None:
    sizes = sorted((opening.area for opening in openings), reverse=True)
    if sizes and (sizes[0] > LARGEST_OPENING * total or sum(sizes[1:]) > OTHER_OPENINGS * total):
        worst = max(openings, key=lambda opening: opening.area)
        raise SurfaceError(
            f"The surface is open: {len(sizes)} opening(s) with {sum(sizes):.0f} mm², "
            f"{100 * sum(sizes) / total:.1f} % of its area; "
            f"one opening of {100 * LARGEST_OPENING:g} % (the cut through the shaft) and {100 * OTHER_OPENINGS:g} % "
            "besides are closed.",
            where=f"the largest, {worst.area:.0f} mm², around {_place(worst)}",
            why="part of the bone is missing; closing it would invent bone",
            remedy=REMEDY,
        )


def _place(opening: _Opening) -> str:
    return f"({', '.join(f'{x:.0f}' for x in opening.centre)}) mm in the file's frame"


def _crossing_triangles(surface: Surface) -> np.ndarray:
    """Rows of triangles that cut through others."""
    from pymeshfix import PyTMesh

    mesh = PyTMesh()
    mesh.set_quiet(True)
    mesh.load_array(surface.points, surface.triangles.astype(np.int32))
    return np.asarray(mesh.select_intersecting_triangles())


def _is_consistent(surface: Surface) -> bool:
    """Whether neighbours run through their common edge in opposite directions."""
    triangles = surface.triangles
    directed = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return len(np.unique(directed[:, 0] * surface.n_points + directed[:, 1])) == len(directed)


def _turned_alike(surface: Surface) -> Surface:
    """Each triangle turned so that it runs along common edges against its neighbour, from one triangle outward."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order

    n = surface.n_triangles
    directed = np.concatenate([surface.triangles[:, [k, (k + 1) % 3]] for k in range(3)])
    owner, forward = np.tile(np.arange(n), 3), directed[:, 0] < directed[:, 1]
    low, high = directed.min(axis=1), directed.max(axis=1)
    order = np.argsort(low * surface.n_points + high, kind="stable")
    key = (low * surface.n_points + high)[order]
    # Neighbours are the two owners of an edge that exactly two triangles share.
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    pairs = starts[np.diff(np.r_[starts, len(key)]) == 2]
    a, b = owner[order[pairs]], owner[order[pairs + 1]]
    alike = forward[order[pairs]] != forward[order[pairs + 1]]
    weight = np.where(alike, 1.0, 2.0)
    graph = coo_matrix((np.r_[weight, weight], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    turn, seen = np.zeros(n, bool), np.zeros(n, bool)
    for root in range(n):
        if seen[root]:
            continue
        reached, parent = breadth_first_order(graph, root, directed=False)
        seen[reached] = True
        steps = np.asarray(graph[reached[1:], parent[reached[1:]]]).ravel() == 2.0
        for triangle, against in zip(reached[1:].tolist(), steps.tolist()):
            turn[triangle] = turn[parent[triangle]] ^ against
    return Surface(
        surface.points, np.where(turn[:, None], surface.triangles[:, ::-1], surface.triangles), surface.labels
    )


def _turned(surface: Surface) -> Surface:
    return Surface(surface.points, surface.triangles[:, ::-1], surface.labels)


def _refuse_unmended(mended: Surface) -> None:
    wrong = []
    if not is_closed(mended):
        wrong.append("is still open")
    if len(crossing := _crossing_triangles(mended)):
        wrong.append(f"still has {len(crossing)} triangles that cut through others")
    if not np.linalg.norm(area_vectors(mended).sum(axis=0)) < 1e-6 * areas(mended).sum():
        wrong.append("is not turned outward throughout")
    if wrong:
        raise SurfaceError(
            f"The surface cannot be repaired: it {' and '.join(wrong)}.", why="it is too badly damaged", remedy=REMEDY
        )


def _change(before: Surface, after: Surface, volume: float, was_open: bool) -> list[str]:
    """One sentence on what repair did; refuses what is more than repair."""
    moved = float(closest_points(after, before.points).distance.max())
    change = enclosed_volume(after) / volume - 1.0 if volume > 0 else np.inf
    if abs(change) > VOLUME_CHANGE or moved > MOVED:
        raise SurfaceError(
            f"Repair would change the bone too much: volume by {100 * change:+.1f} % (limit {100 * VOLUME_CHANGE:g} "
            "%), "
            f"surface by up to {moved:.1f} mm (limit {MOVED:g} mm).",
            why="the surface cuts through itself or is damaged over a large part",
            remedy=REMEDY,
        )
    reference = " against flat lids on the openings" if was_open else ""
    return [
        f"Repair: {before.n_triangles} triangles became {after.n_triangles}; volume changed by {100 * change:+.3f} "
        f"%{reference}, "
        f"no point of the file lies more than {moved:.2f} mm off."
    ]
