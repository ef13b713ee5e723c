"""Cut a closed surface by a plane and close it again with a flat lid."""

import numpy as np

from femsim.errors import SurfaceError
from femsim.mesh.sections import perpendicular_pair
from femsim.mesh.surface import Surface, compacted, edge_counts


def cut_flat(surface: Surface, origin, normal, *, label: int, lid_size: float, pieces: int = 1) -> Surface:
    """The part of a closed surface on the positive side of a plane, closed by a flat lid in that plane.

    Parameters
    ----------
    surface : closed, outward-facing
        Labels are kept.
    origin, normal : (3,)
        The plane; material towards `normal` (unit) stays.
    label : int
        Label of the triangles of the lid.
    lid_size : float [mm]
        Spacing of the points inside the lid.
    pieces : int
        How many outlines, none inside another, the plane may meet the surface in; each gets its lid.

    Raises
    ------
    SurfaceError
        Where the plane misses the surface or meets it in more outlines.
    """
    normal = np.asarray(normal, float)
    above = (surface.points - origin) @ normal
    points, above = _snapped(surface, above, normal)
    points, triangles, labels = _clipped(points, above, surface)
    u, v = perpendicular_pair(normal)
    n_wall = len(triangles)
    for loop in _loops(triangles, pieces):
        extra, lid = _lid(points[loop] @ np.stack([u, v], axis=1), lid_size)
        height = float(np.mean(points[loop] @ normal))
        rows = np.concatenate([loop, len(points) + np.arange(len(extra))])
        points = np.concatenate([points, extra @ np.stack([u, v]) + height * normal])
        triangles = np.concatenate([triangles, rows[lid][:, ::-1]])
    labels = np.concatenate([labels, np.full(len(triangles) - n_wall, label)])
    return compacted(Surface(points, triangles, labels))


def _snapped(surface: Surface, above: np.ndarray, normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points nearer to the plane than a tenth of their shortest edge move onto it: no slivers along the cut."""
    edges, _ = edge_counts(surface.triangles)
    length = np.linalg.norm(surface.points[edges[:, 0]] - surface.points[edges[:, 1]], axis=1)
    shortest = np.full(surface.n_points, np.inf)
    for k in (0, 1):
        np.minimum.at(shortest, edges[:, k], length)
    near = np.abs(above) < 0.1 * shortest
    points = surface.points - np.where(near, above, 0.0)[:, None] * normal
    return points, np.where(near, 0.0, above)


def _clipped(points: np.ndarray, above: np.ndarray, surface: Surface):
    """Triangles on the side above >= 0; crossing ones are split at shared new points."""
    triangles, sign = surface.triangles, np.sign(above).astype(int)[surface.triangles]
    whole = (sign >= 0).all(axis=1) & (sign > 0).any(axis=1)
    crossing = np.flatnonzero((sign > 0).any(axis=1) & (sign < 0).any(axis=1))
    new_points, row_of_edge, pieces, piece_labels = [], {}, [], []

    def crossed(i: int, j: int) -> int:
        key = (min(i, j), max(i, j))
        if key not in row_of_edge:
            row_of_edge[key] = len(points) + len(new_points)
            low, high = key
            t = above[low] / (above[low] - above[high])
            new_points.append(points[low] + t * (points[high] - points[low]))
        return row_of_edge[key]

    for row in crossing:
        polygon = []
        corners = triangles[row].tolist()
        for i, j in zip(corners, corners[1:] + corners[:1]):
            if above[i] >= 0:
                polygon.append(i)
            if above[i] * above[j] < 0:
                polygon.append(crossed(i, j))
        if len(polygon) == 4:
            polygon = _shorter_diagonal_first(polygon, points, new_points)
        for k in range(1, len(polygon) - 1):
            pieces.append((polygon[0], polygon[k], polygon[k + 1]))
            piece_labels.append(surface.labels[row])
    all_points = np.concatenate([points, np.array(new_points).reshape(-1, 3)])
    return (
        all_points,
        np.concatenate([triangles[whole], np.array(pieces, int).reshape(-1, 3)]),
        np.concatenate([surface.labels[whole], np.array(piece_labels, int)]),
    )


def _shorter_diagonal_first(quad: list[int], points: np.ndarray, new_points: list[np.ndarray]) -> list[int]:
    a, b, c, d = (points[k] if k < len(points) else new_points[k - len(points)] for k in quad)
    return quad if np.linalg.norm(a - c) <= np.linalg.norm(b - d) else quad[1:] + quad[:1]


def _loops(triangles: np.ndarray, most: int) -> list[np.ndarray]:
    """The open border of the triangles as closed walks of points, each in the direction of the triangles."""
    directed = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    n = int(triangles.max()) + 1 if len(triangles) else 0
    key, back = directed[:, 0] * n + directed[:, 1], directed[:, 1] * n + directed[:, 0]
    border = directed[~np.isin(key, back)]
    follower = dict(border.tolist())
    if not len(border) or len(follower) != len(border):
        raise SurfaceError(
            "The cutting plane does not leave one simple outline."
            if len(border)
            else "The cutting plane misses the bone.",
            where="distal cut",
            remedy="choose another shaft_length_mm, or check that the file holds one closed bone",
        )
    walks = []
    for start in border[:, 0].tolist():
        if start not in follower:
            continue
        walk = [start]
        while (step := follower.pop(walk[-1], start)) != start:
            walk.append(step)
        walks.append(np.array(walk))
    if len(walks) > most:
        raise SurfaceError(
            f"The cutting plane meets the bone in more than one outline ({len(border)} border edges, {len(walks[0])} "
            "in the first)."
            if most == 1
            else f"The cutting plane meets the bone in {len(walks)} outlines, {most} at most can be closed.",
            where="distal cut",
            remedy="choose a shaft_length_mm at which the plane crosses the shaft only",
        )
    return walks


def _lid(outline: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Points inside a simple polygon (k, 2) and triangles over outline then inside points, turned as the outline is."""
    from scipy.spatial import Delaunay, cKDTree

    anticlockwise = _signed_area(outline) > 0
    low, high = outline.min(axis=0), outline.max(axis=0)
    rows = np.arange(low[1] + size / 2, high[1], size * np.sqrt(3) / 2)
    grid = np.concatenate(
        [
            np.stack([x := np.arange(low[0] + size * (0.5 + 0.5 * (k % 2)), high[0], size), np.full(len(x), y)], axis=1)
            for k, y in enumerate(rows)
        ]
        or [np.zeros((0, 2))]
    )
    dense = np.concatenate([outline + t * (np.roll(outline, -1, axis=0) - outline) for t in (0.0, 0.25, 0.5, 0.75)])
    inside = grid[_inside(grid, outline)]
    inside = inside[cKDTree(dense).query(inside)[0] > 0.7 * size] if len(inside) else inside
    points = np.concatenate([outline, inside])
    triangles = Delaunay(points).simplices
    triangles = triangles[_inside(points[triangles].mean(axis=1), outline)]
    corners = points[triangles]
    edge_1, edge_2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    turn = edge_1[:, 0] * edge_2[:, 1] - edge_1[:, 1] * edge_2[:, 0]
    triangles = np.where((turn < 0)[:, None], triangles[:, ::-1], triangles)
    if not _fills(triangles, len(outline), points, outline):
        ring = np.arange(len(outline))
        inside, triangles = np.zeros((0, 2)), _ears(outline, ring if anticlockwise else ring[::-1])
    return inside, triangles if anticlockwise else triangles[:, ::-1]


def _fills(triangles: np.ndarray, k: int, points: np.ndarray, outline: np.ndarray) -> bool:
    """Whether the triangles' border is exactly the outline 0 … k-1 and their area that of the outline."""
    edges, counts = edge_counts(triangles)
    border = edges[counts == 1]
    ring = np.sort(np.stack([np.arange(k), (np.arange(k) + 1) % k], axis=1), axis=1)
    area = sum(abs(_signed_area(points[t])) for t in triangles)
    same = len(border) == k and np.array_equal(border[np.lexsort(border.T)], ring[np.lexsort(ring.T)])
    return bool(same and abs(area - abs(_signed_area(outline))) < 1e-9 * area)


def _ears(outline: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Triangles of a simple anticlockwise polygon by cutting ears, the roundest first."""
    ring, triangles = list(ring), []
    while len(ring) > 3:
        best, best_quality = None, 0.0
        for k in range(len(ring)):
            a, b, c = outline[ring[k - 1]], outline[ring[k]], outline[ring[(k + 1) % len(ring)]]
            turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
            quality = turn / (((b - a) ** 2).sum() + ((c - b) ** 2).sum() + ((a - c) ** 2).sum())
            if quality > best_quality:
                others = [j for j in ring if j not in (ring[k - 1], ring[k], ring[(k + 1) % len(ring)])]
                if not _in_triangle(outline[others], a, b, c).any():
                    best, best_quality = k, quality
        if best is None:
            raise SurfaceError(
                "The outline of the distal cut crosses itself.",
                where="distal cut",
                remedy="choose another shaft_length_mm",
            )
        triangles.append((ring[best - 1], ring[best], ring[(best + 1) % len(ring)]))
        del ring[best]
    return np.array([*triangles, tuple(ring)])


def _in_triangle(points: np.ndarray, a, b, c) -> np.ndarray:
    def left(p, q):
        return (q[0] - p[0]) * (points[:, 1] - p[1]) - (q[1] - p[1]) * (points[:, 0] - p[0]) >= 0

    return left(a, b) & left(b, c) & left(c, a)


def _signed_area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def _inside(points: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """(n,) bool by the even-odd rule."""
    x, y = points[:, 0, None], points[:, 1, None]
    (x1, y1), (x2, y2) = polygon.T, np.roll(polygon, -1, axis=0).T
    spans = (y1 > y) != (y2 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    return (spans & (x < at)).sum(axis=1) % 2 == 1
