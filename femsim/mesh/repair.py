"""Make a surface from a file closed, outward and free of self-intersections, and say what that changed.

Least change first: triangles are sorted (doubles dropped, corners joined, turned alike, other shells left out); then
holes are filled and crossing triangles replaced (pymeshfix); where that fails or would change too much the surface is
made anew around the old one (`wrap`). A bone that is missing a part is refused: closing it would invent bone.
"""

import contextlib
from dataclasses import dataclass

import numpy as np

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.repair_report import BadPlaces, RepairReport
from femsim.mesh.shells import bone_of
from femsim.mesh.signed import signed_distance
from femsim.mesh.sorting import is_consistent, turned, turned_alike, welded, without_doubles
from femsim.mesh.surface import Surface, area_vectors, areas, centroids, compacted, enclosed_volume, is_closed
from femsim.mesh.wrap import wrapped

# What is still called repair (all assumed; an open distal cut is 1 to 4 % of the surface of an upper femur):
LARGEST_OPENING = 0.08  # of the surface's area, for the one large opening a bone may have: where its shaft was cut
OTHER_OPENINGS = 0.01  # of the surface's area, all others together that are wider than a PINHOLE
PINHOLE = 40.0  # mm² of one opening: across 7 mm a bone is nearly flat, so that its lid invents nothing
PINHOLES = 0.20  # of the surface's area, all pinholes together
VOLUME_CHANGE = 0.02  # of the volume
MOVED = 3.0  # mm, largest distance of an original point from the repaired surface
NEAR_ENOUGH = 1.0  # mm; where filling holes moves the surface further, a new surface may do better
LOST = 0.05  # of the bone's points may end up off a wrapped surface, in it (folds) or out of it (flaps)
DEEP = 1.0  # mm, from which a point counts as lost
TANGLED = 0.2  # of the triangles: where more cut through others, replacing them one by one is hopeless
REMEDY = (
    "mend the surface in a mesh editor (close holes, remove self-intersections, keep one bone), or segment it again"
)


@dataclass(frozen=True)
class _Opening:
    area: float
    centre: np.ndarray
    volume: float  # signed volume of the cone over its flat fan from the origin
    fan: np.ndarray  # (k, 3, 3) corners of that fan
    is_loop: bool  # whether its border is one closed line


@dataclass(frozen=True)
class _Sorted:
    """The surface after what moves nothing, and what is wrong with it still."""

    shell: Surface
    is_whole: bool
    n_joined: int
    n_doubles: int
    n_turned: int
    n_shells: int
    openings: list[_Opening]
    crossing: np.ndarray
    left_out: np.ndarray
    notes: tuple[str, ...]


def repaired(surface: Surface) -> tuple[Surface, tuple[str, ...]]:
    """`mended`, with the sentences of its report alone."""
    closed, report = mended(surface)
    return closed, report.notes


def mended(surface: Surface) -> tuple[Surface, RepairReport]:
    """The bone's shell, closed, outward-facing, without self-intersections; and what changed.

    A surface that is all this already comes back with the same triangles.

    Raises
    ------
    SurfaceError
        Where more than one bone is on the surface, where openings are too large to be closed honestly, or where repair
        fails, changes the volume by more than 2 % or moves the surface by more than 3 mm.
    """
    found = _sorted(surface)
    shell = found.shell
    _refuse_open(found.openings, float(areas(shell).sum()))
    if not found.openings and not len(found.crossing) and is_closed(shell) and is_consistent(shell) and found.is_whole:
        shell = shell if enclosed_volume(shell) > 0 else turned(shell)
        route = "sorted" if found.notes else "untouched"
        return shell, _report(route, surface, shell, found, np.zeros(1), 0.0, ())
    filled = None
    if found.is_whole and len(found.crossing) < TANGLED * shell.n_triangles:
        with contextlib.suppress(SurfaceError):
            filled = _filled(surface, found)
    if filled and filled[1].largest_displacement_mm <= NEAR_ENOUGH:
        return filled
    try:
        anew = _wrapped(surface, found)
    except SurfaceError:
        if filled:
            return filled
        raise
    either = (filled, anew) if filled else (anew,)
    return min(either, key=lambda made: made[1].largest_displacement_mm)


def closed_outward(surface: Surface) -> tuple[Surface, tuple[str, ...]]:
    """Closed and outward-facing, even where it cuts through itself: enough for what is only asked what lies inside.

    Raises
    ------
    SurfaceError
        As `mended` does, which is called where the surface is not closed.
    """
    found = _sorted(surface)
    if found.is_whole and is_closed(found.shell) and is_consistent(found.shell):
        return (found.shell if enclosed_volume(found.shell) > 0 else turned(found.shell)), found.notes
    return repaired(surface)


def _sorted(surface: Surface) -> _Sorted:
    single, double = without_doubles(surface)
    joined, n_joined = welded(single)
    shells = bone_of(joined)
    shell, n_turned = shells.kept, 0
    if shells.is_whole and not is_consistent(shell):
        shell, n_turned = turned_alike(shell)
    openings = _openings(shell) if shells.is_whole else []
    notes = []
    if len(double):
        notes.append(f"{len(double)} triangles stood twice on the same points; one of each was kept.")
    if n_joined:
        notes.append(f"{n_joined} points that lay upon others were joined with them.")
    notes += shells.notes
    if n_turned:
        notes.append(f"{n_turned} triangles that faced inward among outward ones were turned.")
    left_out = np.concatenate(
        [surface.points[surface.triangles[double]], joined.points[joined.triangles[shells.left_out]]]
    )
    return _Sorted(
        shell,
        shells.is_whole,
        n_joined,
        len(double),
        n_turned,
        shells.n_left_out,
        openings,
        _crossing_triangles(shell) if shells.is_whole else np.zeros(0, np.int64),
        left_out,
        tuple(notes),
    )


def _filled(surface: Surface, found: _Sorted) -> tuple[Surface, RepairReport]:
    """Holes filled and crossing triangles replaced."""
    shell = found.shell
    closed = _fixed(shell)
    _refuse_unmended(closed)
    moved = closest_points(closed, shell.points).distance
    change = enclosed_volume(closed) / _volume(found) - 1.0 if _volume(found) > 0 else np.inf
    _refuse_change(moved.max(), change)
    return closed, _report("mended", surface, closed, found, moved, change, ())


def _fixed(shell: Surface) -> Surface:
    """Closed and outward by pymeshfix."""
    import pymeshfix

    fix = pymeshfix.MeshFix(shell.points, shell.triangles.astype(np.int32))
    try:
        fix.repair(joincomp=False, remove_smallest_components=True)
    except (RuntimeError, ValueError) as error:
        raise SurfaceError(f"The surface cannot be repaired: {error}.", where="pymeshfix", remedy=REMEDY) from error
    if not len(fix.faces):
        raise SurfaceError("Repair left nothing of the surface.", why="it is too badly damaged", remedy=REMEDY)
    closed = compacted(Surface(np.asarray(fix.points, float), np.asarray(fix.faces, np.int64)))
    return turned(closed) if enclosed_volume(closed) < 0 else closed


def _wrapped(surface: Surface, found: _Sorted) -> tuple[Surface, RepairReport]:
    """A new surface around the old one, with flat fans over its openings."""
    shell = found.shell
    fans = [opening.fan for opening in found.openings if opening.is_loop]
    heap = _with_triangles(shell, np.concatenate(fans)) if fans else shell
    closed = bone_of(wrapped(heap)).kept
    if len(_crossing_triangles(closed)):  # a few, where points returned to a crumpled surface
        closed = _fixed(closed)
    _refuse_unmended(closed)
    depth = signed_distance(closed, shell.points)
    # Folds end inside, flaps outside: sheets without thickness, which enclose nothing.
    lost = np.abs(depth) > DEEP
    if found.is_whole and lost.mean() > LOST:
        raise SurfaceError(
            f"The surface cannot be repaired: {100 * lost.mean():.0f} % of its points lie more than {DEEP:g} mm off "
            f"the bone it encloses (limit {100 * LOST:g} %).",
            why="the surface folds or cuts through itself over a large part",
            remedy=REMEDY,
        )
    moved = np.concatenate([np.abs(depth[~lost]), closest_points(heap, closed.points).distance])
    volume = _volume(found) if found.is_whole and not found.n_turned else 0.0
    change = enclosed_volume(closed) / volume - 1.0 if volume > 0 else None
    _refuse_change(moved.max(), change or 0.0)
    note = "The surface was made anew around the old one, from the distance to it"
    note += f"; {int(lost.sum())} points of folds and flaps were dropped." if lost.any() else "."
    return closed, _report("wrapped", surface, closed, found, moved, change, (note,))


def _border(shell: Surface) -> np.ndarray:
    """(k, 2) directed edges that one triangle alone has."""
    directed = np.concatenate([shell.triangles[:, [0, 1]], shell.triangles[:, [1, 2]], shell.triangles[:, [2, 0]]])
    key = directed.min(axis=1) * shell.n_points + directed.max(axis=1)
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    return directed[counts[inverse.reshape(-1)] == 1]


def _openings(shell: Surface) -> list[_Opening]:
    """Connected pieces of open border, each with the area and volume of its flat fan."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    border = _border(shell)
    if not len(border):
        return []
    n = shell.n_points
    _, piece_of_point = connected_components(coo_matrix((np.ones(len(border)), border.T), shape=(n, n)), directed=False)
    piece = piece_of_point[border[:, 0]]
    order = np.argsort(piece, kind="stable")
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(piece[order])) + 1):
        start, end = (shell.points[border[rows, j]] for j in (0, 1))
        centre = start.mean(axis=0)
        fan = 0.5 * np.cross(end - centre, start - centre)  # turned as the missing triangles would be
        volume = float((fan * (start + end + centre)).sum() / 9.0)
        corners = np.stack([end, start, np.broadcast_to(centre, start.shape)], axis=1)
        is_loop = (np.bincount(border[rows].ravel())[border[rows].ravel()] == 2).all()
        area = float(np.linalg.norm(fan, axis=1).sum())
        found.append(_Opening(area, centre, volume, corners, bool(is_loop)))
    return found


def _refuse_open(openings: list[_Opening], total: float) -> None:
    wide = sorted((opening.area for opening in openings if opening.area > PINHOLE), reverse=True)
    small = sum(opening.area for opening in openings if opening.area <= PINHOLE)
    too_wide = wide and (wide[0] > LARGEST_OPENING * total or sum(wide[1:]) > OTHER_OPENINGS * total)
    if too_wide or small > PINHOLES * total:
        worst = max(openings, key=lambda opening: opening.area)
        area = sum(wide) + small
        raise SurfaceError(
            f"The surface is open: {len(openings)} opening(s) with {area:.0f} mm², {100 * area / total:.1f} % of its "
            f"area; one opening of {100 * LARGEST_OPENING:g} % (the cut through the shaft), {100 * OTHER_OPENINGS:g} % "
            f"besides, and {100 * PINHOLES:g} % in holes of up to {PINHOLE:g} mm² are closed.",
            where=f"the largest, {worst.area:.0f} mm², around {_place(worst)}",
            why="part of the bone is missing; closing it would invent bone",
            remedy=REMEDY,
        )


def _place(opening: _Opening) -> str:
    return f"({', '.join(f'{x:.0f}' for x in opening.centre)}) mm in the file's frame"


def _with_triangles(surface: Surface, corners: np.ndarray) -> Surface:
    """The surface with further triangles (k, 3, 3), which share no points with it."""
    rows = surface.n_points + np.arange(3 * len(corners)).reshape(-1, 3)
    return Surface(np.concatenate([surface.points, corners.reshape(-1, 3)]), np.concatenate([surface.triangles, rows]))


def _crossing_triangles(surface: Surface) -> np.ndarray:
    """Rows of triangles that cut through others."""
    from pymeshfix import PyTMesh
    from scipy.spatial import cKDTree

    mesh = PyTMesh()
    mesh.set_quiet(True)
    mesh.load_array(surface.points, surface.triangles.astype(np.int32))
    found = np.asarray(mesh.select_intersecting_triangles())
    if not len(found):
        return np.zeros(0, np.int64)
    # pymeshfix hands out k rows as an array (k, 3), of which only the first k numbers are filled, and counts triangles
    # in its own order, which is that of the arrays it returns and not of those it was given.
    points, triangles = mesh.return_arrays()
    theirs = np.asarray(points)[np.asarray(triangles)[found.reshape(-1)[: len(found)]]].mean(axis=1)
    return np.unique(cKDTree(centroids(surface)).query(theirs)[1])


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


def _refuse_change(moved: float, change: float) -> None:
    if abs(change) > VOLUME_CHANGE or moved > MOVED:
        raise SurfaceError(
            f"Repair would change the bone too much: volume by {100 * change:+.1f} % (limit {100 * VOLUME_CHANGE:g} "
            f"%), surface by up to {moved:.1f} mm (limit {MOVED:g} mm).",
            why="the surface cuts through itself or is damaged over a large part",
            remedy=REMEDY,
        )


def _volume(found: _Sorted) -> float:
    """Of the sorted shell with flat lids on its openings [mm³]."""
    return abs(enclosed_volume(found.shell) + sum(opening.volume for opening in found.openings))


def _report(
    route: str,
    before: Surface,
    after: Surface,
    found: _Sorted,
    moved: np.ndarray,
    change: float | None,
    more: tuple[str, ...],
) -> RepairReport:
    notes, openings = [*found.notes], found.openings
    if openings:
        largest = max(openings, key=lambda opening: opening.area)
        notes.append(
            f"{len(openings)} opening(s) closed; the largest has {largest.area:.0f} mm² and lies at {_place(largest)}."
        )
    if len(found.crossing):
        notes.append(f"{len(found.crossing)} triangles that cut through others were replaced.")
    notes += more
    if route in ("mended", "wrapped"):
        reference = " against flat lids on the openings" if openings else ""
        volume = "" if change is None else f"volume changed by {100 * change:+.3f} %{reference}, "
        notes.append(
            f"Repair: {found.shell.n_triangles} triangles became {after.n_triangles}; {volume}no point of the file "
            f"lies more than {moved.max():.2f} mm off."
        )
    borders = _border(found.shell)
    return RepairReport(
        route=route,
        triangles_before=before.n_triangles,
        triangles_after=after.n_triangles,
        points_joined=found.n_joined,
        triangles_dropped=len(found.left_out),
        triangles_turned=found.n_turned,
        shells_left_out=found.n_shells,
        openings=len(openings),
        opening_area_mm2=float(sum(opening.area for opening in openings)),
        largest_opening_mm2=float(max((opening.area for opening in openings), default=0.0)),
        crossing_triangles=len(found.crossing),
        largest_displacement_mm=float(moved.max()),
        rms_displacement_mm=float(np.sqrt((moved**2).mean())),
        volume_change_percent=None if change is None else 100.0 * change,
        notes=tuple(notes),
        bad=BadPlaces(
            found.shell.points[found.shell.triangles[found.crossing]], found.left_out, found.shell.points[borders]
        ),
    )
