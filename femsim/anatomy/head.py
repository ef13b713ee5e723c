"""The femoral head on any bone surface: the sphere that most of a ball-shaped, convex part of the surface lies on."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import SurfaceError
from femsim.mesh.surface import Surface, area_vectors

# Adult heads measure 43 ± 3 (women) to 48 ± 3 mm (men) across, as usually quoted; four standard deviations and more.
SMALLEST_RADIUS, LARGEST_RADIUS = 15.0, 34.0  # mm
N_PAIRS = 120_000  # oriented point pairs tried; the head is 8 % of a whole femur, so about 700 of them lie on it
N_SAMPLES = 4000
N_TRIED, N_COVERED = 1500, 150  # proposed spheres whose points are counted; of these, whose cover is measured
LEAST_COVER = 0.35  # share of the sphere's directions that bone surface must lie on; a head covers 0.55 to 0.75


@dataclass(frozen=True)
class Head:
    """Sphere of a femoral head.

    centre : (3,) [mm]; radius [mm].
    cover : share of the sphere that the bone surface lies on.
    neck_direction : unit (3,), from the centre to the middle of the part of the sphere that is not covered.
    residual : RMS distance of the surface from the sphere, over the half of the head away from the neck [mm].
    """

    centre: np.ndarray
    radius: float
    cover: float
    neck_direction: np.ndarray
    residual: float = float("nan")

    def __post_init__(self):
        freeze(
            self,
            centre=frozen(self.centre, np.float64, (3,)),
            neck_direction=frozen(self.neck_direction, np.float64, (3,)),
        )


def find_head(surface: Surface) -> Head:
    """The head sphere of a closed, outward-facing femur in any position [mm].

    Pairs of surface points with their normals propose spheres; the one that covers the most directions wins and is
    refined by weighted least squares with Tukey's biweight, so that neck, fovea and osteophytes do not pull.

    Raises
    ------
    SurfaceError
        Where no ball of a femoral head's size is found.
    """
    points, normals, weights = _samples(surface)
    centre, radius = _proposed(points, normals)
    for _ in range(30):
        before = centre
        centre, radius = _refined(points, normals, weights, centre, radius)
        if np.linalg.norm(centre - before) < 1e-5:
            break
    cover, neck_direction = _cover(points, normals, centre, radius)
    if cover < LEAST_COVER or not SMALLEST_RADIUS <= radius <= LARGEST_RADIUS:
        raise SurfaceError(
            f"No femoral head was found: the most ball-shaped part has radius {radius:.1f} mm and covers "
            f"{100 * cover:.0f} % "
            f"of a sphere (a head: {SMALLEST_RADIUS:g}–{LARGEST_RADIUS:g} mm and at least {100 * LEAST_COVER:.0f} %).",
            why="the surface is not a femur with its head, or is not in millimetres",
            remedy="give the surface of one femur, at least from its head to 100 mm below it, in mm",
        )
    return Head(centre, radius, cover, neck_direction, _residual(points, weights, centre, radius, neck_direction))


def given_head(surface: Surface, centre, radius: float | None, neck_direction=None) -> Head:
    """The head at a centre that is known; without a radius that of the sphere around it with the largest cover.

    neck_direction : (3,) from the centre into the neck, where that is known too.
    """
    points, normals, weights = _samples(surface)
    centre = np.asarray(centre, float)
    if radius is None:
        tried = np.arange(SMALLEST_RADIUS, LARGEST_RADIUS + 0.01, 0.25)
        radius = float(tried[np.argmax([_cover(points, normals, centre, r)[0] for r in tried])])
        distance = np.linalg.norm(points - centre, axis=1)
        near = np.abs(distance - radius) < 0.04 * radius
        radius = float(np.average(distance[near], weights=weights[near])) if near.any() else radius
    cover, bare = _cover(points, normals, centre, radius)
    direction = bare if neck_direction is None else np.asarray(neck_direction) / np.linalg.norm(neck_direction)
    return Head(centre, radius, cover, direction, _residual(points, weights, centre, radius, direction))


def _residual(points, weights, centre, radius, neck_direction) -> float:
    offset = points - centre
    distance = np.linalg.norm(offset, axis=1)
    # Beyond a quarter of the radius lie acetabulum, trochanter or another bone, not the head.
    far = (offset @ neck_direction < 0) & (np.abs(distance - radius) < 0.25 * radius)
    if not far.any():
        return float("inf")
    return float(np.sqrt(np.average((distance[far] - radius) ** 2, weights=weights[far])))


def _samples(surface: Surface) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of the surface with outward normals and areas: corners, with the mean normal of their triangles."""
    vectors = area_vectors(surface)
    normals = np.zeros_like(surface.points)
    weights = np.zeros(surface.n_points)
    size = np.linalg.norm(vectors, axis=1)
    for k in range(3):
        corner = surface.triangles[:, k]
        for axis in range(3):
            normals[:, axis] += np.bincount(corner, vectors[:, axis], surface.n_points)
        weights += np.bincount(corner, size / 3, surface.n_points)
    length = np.linalg.norm(normals, axis=1)
    good = length > 1e-12
    return surface.points[good], normals[good] / length[good, None], weights[good]


def _spread(surface_points: np.ndarray, n: int, random: np.random.Generator) -> np.ndarray:
    """Rows of at most n points, evenly thinned through space so that dense triangles do not count more."""
    low = surface_points.min(axis=0)
    span = np.linalg.norm(np.ptp(surface_points, axis=0))
    for cell in span * np.array([0.005, 0.0075, 0.01, 0.014, 0.02]):
        key = np.floor((surface_points - low) / cell).astype(np.int64)
        _, first = np.unique(key @ np.array([1, 10**6, 10**12]), return_index=True)
        if len(first) <= n:
            break
    return first if len(first) <= n else random.choice(first, n, replace=False)


def _proposed(points: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, float]:
    random = np.random.default_rng(0)
    rows = _spread(points, N_SAMPLES, random)
    p, n = points[rows], normals[rows]
    i, j = random.integers(0, len(p), (2, N_PAIRS))
    # The two inward normal lines of a sphere meet at its centre, equally far from both points.
    between, c = p[j] - p[i], np.einsum("ij,ij->i", n[i], n[j])
    sine2 = 1 - c**2
    ok = sine2 > 0.05
    i, j, between, c, sine2 = i[ok], j[ok], between[ok], c[ok], sine2[ok]
    bi, bj = np.einsum("ij,ij->i", between, n[i]), np.einsum("ij,ij->i", between, n[j])
    ri, rj = -(bi - c * bj) / sine2, (bj - c * bi) / sine2
    gap = np.linalg.norm(between - rj[:, None] * n[j] + ri[:, None] * n[i], axis=1)
    radius = (ri + rj) / 2
    ok = (np.abs(ri - rj) < 0.06 * radius) & (gap < 0.06 * radius)
    ok &= (radius >= SMALLEST_RADIUS * 0.9) & (radius <= LARGEST_RADIUS * 1.1)
    centres = ((p[i] - ri[:, None] * n[i]) + (p[j] - rj[:, None] * n[j]))[ok] / 2
    radii = radius[ok]
    if not len(radii):
        raise SurfaceError(
            "No femoral head was found: no part of the surface is a ball "
            f"of {SMALLEST_RADIUS:g} to {LARGEST_RADIUS:g} mm radius.",
            why="the surface is not a femur with its head, or is not in millimetres",
            remedy="give the surface of one femur, at least from its head to 100 mm below it, in mm",
        )
    keep = random.permutation(len(radii))[:N_TRIED]
    keep = keep[np.argsort(-_n_on(p, n, centres[keep], radii[keep]), kind="stable")[:N_COVERED]]
    covers = [_cover(p, n, centres[k], radii[k])[0] for k in keep]
    best = keep[int(np.argmax(covers))]
    return centres[best], float(radii[best])


def _n_on(points: np.ndarray, normals: np.ndarray, centres: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(k,) how many points lie on each sphere and face outward there; `_cover` looks at where they lie."""
    middle = points.mean(axis=0)  # single precision is enough near the origin
    p, n, c, r = (x.astype(np.float32) for x in (points - middle, normals, centres - middle, radii))
    square = (-2 * p) @ c.T
    square += (p**2).sum(axis=1)[:, None]
    square += (c**2).sum(axis=1)
    on = (square > (0.96 * r) ** 2) & (square < (1.04 * r) ** 2)
    outward = (p * n).sum(axis=1)[:, None] - n @ c.T
    on &= outward > (0.95 * 0.98) * r  # the exact condition, 0.95 of the distance, is the cover's
    return on.sum(axis=0)


def _refined(points, normals, weights, centre, radius) -> tuple[np.ndarray, float]:
    """One weighted least-squares sphere: area times Tukey's biweight of the distance to the present sphere."""
    from_centre = points - centre
    distance = np.linalg.norm(from_centre, axis=1)
    near = np.abs(distance - radius) < 0.12 * radius
    near &= np.einsum("ij,ij->i", from_centre, normals) > 0.9 * distance
    if near.sum() < 20:
        return centre, radius
    residual = distance[near] - radius
    spread = 1.4826 * np.median(np.abs(residual - np.median(residual)))
    cut = np.clip(4.685 * spread, 0.02 * radius, 0.12 * radius)  # 4.685: the usual constant of the biweight
    w = weights[near] * np.clip(1 - (residual / cut) ** 2, 0, None) ** 2
    p = points[near] - centre
    # Algebraic sphere |p|² = 2 p·c + k, weighted; for residuals this small it agrees with the geometric fit.
    root = np.sqrt(w)[:, None]
    a = np.concatenate([2 * p, np.ones((len(p), 1))], axis=1)
    solution, *_ = np.linalg.lstsq(root * a, root[:, 0] * (p**2).sum(axis=1), rcond=None)
    radius = np.sqrt(max(solution[3] + solution[:3] @ solution[:3], 0.0))
    return centre + solution[:3], float(radius)


def _directions(n: int = 400) -> np.ndarray:
    """(n, 3) unit vectors, evenly spread (Fibonacci sphere)."""
    k = np.arange(n) + 0.5
    z, angle = 1 - 2 * k / n, np.pi * (1 + 5**0.5) * k
    return np.stack([np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z], axis=1)


_DIRECTIONS = _directions()


def directions() -> np.ndarray:
    """(400, 3) unit vectors, evenly spread."""
    return _DIRECTIONS


def _cover(points, normals, centre, radius) -> tuple[float, np.ndarray]:
    """Share of directions in which surface lies on the sphere, and the middle of the directions in which none does."""
    offset = points - centre
    distance = np.linalg.norm(offset, axis=1)
    on = np.abs(distance - radius) < 0.04 * radius
    on[on] = np.einsum("ij,ij->i", offset[on], normals[on]) > 0.95 * distance[on]
    if not on.any():
        return 0.0, np.array([0.0, 0.0, 1.0])
    seen = offset[on] / distance[on, None]
    covered = (seen @ _DIRECTIONS.T).max(axis=0) > 0.985  # within 10 degrees
    bare = _DIRECTIONS[~covered].sum(axis=0)
    length = np.linalg.norm(bare)
    return float(covered.mean()), bare / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
