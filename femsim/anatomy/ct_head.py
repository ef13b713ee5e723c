"""Where the femoral head of one hip lies in a CT: the ball of bone that most directions see end at one radius."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.head import directions
from femsim.arrays import freeze, frozen
from femsim.errors import ImageError
from femsim.imaging.image import Image, cropped, resampled, sampled

LATTICE_MM = 2.0
RADII_MM = np.arange(17.0, 31.0)  # of heads tried
STEEP_HU_PER_MM = 25.0  # edges of bone are steeper than this on a lattice of 2 mm; assumed
BONE_HU = 120.0  # trabecular bone of a head lies above, soft tissue below; assumed
N_BEST = 6  # places kept of each radius
N_REFINED = 12  # places at which a sphere is fitted
LEAST_SCORE = 0.12  # the native hip of the shared CT with voxels of 3 mm scores 0.18, free heads 0.84; assumed
ONE_SIDED_MM = 280.0  # a body narrower than this is one hip alone; assumed


@dataclass(frozen=True)
class CtHead:
    """centre : (3,) [mm] in the frame of the image; radius [mm], rough; score in 0 … 1, how well it is seen."""

    centre: np.ndarray
    radius: float
    score: float

    def __post_init__(self):
        freeze(self, centre=frozen(self.centre, np.float64, (3,)))


def find_ct_head(image: Image, side: str) -> CtHead:
    """The femoral head of the right or left hip.

    Edges vote for the centre of a ball along their gradients; the head's surface votes inward, the socket's outward.
    Of the places with the most votes, the one that is filled with bone and ends all around at one radius is taken.

    Parameters
    ----------
    image : Image
        A CT in LPS.

    Raises
    ------
    ImageError
        Where no such ball is found.
    """
    from scipy.ndimage import gaussian_filter

    coarse = resampled(_half(image, side), LATTICE_MM)
    smooth = gaussian_filter(np.clip(coarse.values, -50.0, 500.0), 0.75)
    axes = (coarse.affine[:3, :3] / coarse.spacing**2).T
    gradient = np.stack(np.gradient(smooth), axis=-1) @ axes  # HU/mm in the axes of the patient
    tried = [
        (_score(coarse, smooth, gradient, centre, radius), centre, float(radius))
        for radius, centre in _candidates(coarse, gradient)
    ]
    tried.sort(key=lambda place: -place[0])
    best = max(
        (_refined(image, centre, radius, score) for score, centre, radius in tried[:N_REFINED]),
        key=lambda head: head.score,
        default=None,
    )
    if best is None or best.score < LEAST_SCORE:
        raise ImageError(
            f"No femoral head was found on the {side} side of the CT.",
            where=f"best score {best.score:.2f} of {LEAST_SCORE:g}" if best else "",
            why="the image does not hold the hip, or not on this side, or its axes are mirrored",
            remedy="check femur.side, or say where the head is: femur.head_centre_mm",
        )
    return best


def _half(image: Image, side: str) -> Image:
    """The patient's right or left half; the whole image where it shows one hip alone."""
    body = np.argwhere(image.values[::2, ::2, ::2] > -300.0) * 2
    if not len(body):
        raise ImageError("The image shows no body: nothing in it is above -300 HU.", why="it is not in HU")
    x = image.places(body)[:, 0]
    if np.ptp(x) < ONE_SIDED_MM:
        return image
    middle = np.median(x)  # in LPS, x points to the patient's left
    return cropped(image, image.places(body[x > middle] if side == "left" else body[x < middle]), 0.0)


def _candidates(coarse: Image, gradient: np.ndarray):
    from scipy.ndimage import gaussian_filter

    steep = np.linalg.norm(gradient, axis=-1)
    edges = np.argwhere(steep > STEEP_HU_PER_MM)
    weight = steep[tuple(edges.T)]
    towards = gradient[tuple(edges.T)] / weight[:, None]
    places, weight = coarse.places(edges), np.minimum(weight, 60.0)  # metal is steeper than bone and must not outvote
    for radius in RADII_MM:
        votes = np.zeros(coarse.shape, np.float32)
        for sign in (1, -1):
            rows = np.round(coarse.indices(places + sign * radius * towards)).astype(int)
            ok = ((rows >= 0) & (rows < coarse.shape)).all(axis=1)
            flat = np.ravel_multi_index(rows[ok].T, coarse.shape)
            votes += np.bincount(flat, weight[ok], votes.size).reshape(coarse.shape).astype(np.float32)
        votes = gaussian_filter(votes, 1.0)
        for _ in range(N_BEST):
            top = np.unravel_index(int(votes.argmax()), votes.shape)
            yield radius, coarse.places(np.array([top], float))[0]
            votes[tuple(slice(max(0, k - 4), k + 5) for k in top)] = 0.0


def _score(coarse: Image, smooth: np.ndarray, gradient: np.ndarray, centre: np.ndarray, radius: float) -> float:
    """Mean steepness towards outside over all directions (40 HU/mm count in full), times the share of bone squared."""
    from scipy.ndimage import map_coordinates

    rays = directions()
    outward = np.zeros(len(rays))
    for away in (-2.0, -1.0, 0.0, 1.0, 2.0):
        at = coarse.indices(centre + rays * (radius + away)).T
        slope = sum(map_coordinates(gradient[..., k], at, order=1, mode="nearest") * rays[:, k] for k in range(3))
        outward = np.maximum(outward, -slope)
    filled = np.mean(
        [
            map_coordinates(smooth, coarse.indices(centre + rays * radius * share).T, order=1, mode="nearest") > BONE_HU
            for share in (0.25, 0.5, 0.75)
        ]
    )
    return float(np.minimum(outward / 40.0, 1.0).mean() * filled**2)


def _refined(image: Image, centre: np.ndarray, radius: float, filled: float) -> CtHead:
    """The sphere through the steepest falls of HU near a first one, by Tukey's biweight; edges aside do not count.

    Its score is the share of directions that see the edge within 1.5 mm of it, times the score of the place.
    """
    from scipy.ndimage import gaussian_filter1d

    rays, start = directions(), centre
    for _ in range(15):
        radii = np.arange(max(12.0, radius - 6.0), radius + 6.01, 0.5)
        lines = gaussian_filter1d(np.clip(profiles(image, centre, radii), -50.0, 900.0), 1.0, axis=1)
        fall = -np.gradient(lines, axis=1) / 0.5  # HU/mm
        steepest, place = fall.max(axis=1), fall.argmax(axis=1)
        ok = (steepest > 15.0) & (place > 0) & (place < len(radii) - 1)
        if ok.sum() < 50:
            return CtHead(centre, radius, 0.0)
        points = rays[ok] * radii[place[ok], None]
        weight = np.clip(1 - ((radii[place[ok]] - radius) / 5.0) ** 2, 0, None) ** 2 * np.minimum(steepest[ok], 60.0)
        system = np.concatenate([2 * points, np.ones((len(points), 1))], axis=1)
        root = np.sqrt(weight)[:, None]
        found, *_ = np.linalg.lstsq(root * system, root[:, 0] * (points**2).sum(axis=1), rcond=None)
        radius = float(np.sqrt(max(found[3] + found[:3] @ found[:3], 1.0)))
        centre = centre + found[:3]
        if np.linalg.norm(found[:3]) < 0.02:
            break
    if not RADII_MM[0] - 1 <= radius <= RADII_MM[-1] + 1 or np.linalg.norm(centre - start) > 15.0:
        return CtHead(centre, radius, 0.0)
    near = np.abs(np.linalg.norm(points - found[:3], axis=1) - radius) < 1.5
    return CtHead(centre, radius, float(near.sum() / len(rays)) * filled)


def metal_near(image: Image, centre: np.ndarray, reach_mm: float, metal_hu: float) -> float:
    """Volume [cm³] of voxels above metal_hu within a reach [mm] of a place; sampled values do not matter here."""
    box = cropped(image, np.asarray(centre)[None], reach_mm)
    rows = np.argwhere(box.values > metal_hu)
    near = np.linalg.norm(box.places(rows) - centre, axis=1) <= reach_mm if len(rows) else np.zeros(0, bool)
    return float(near.sum() * np.prod(box.spacing) / 1000.0)


def profiles(image: Image, centre: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(d, r) HU along each of the directions from a centre, at radii (r,) [mm]."""
    rays = directions()
    points = centre + rays[:, None, :] * radii[None, :, None]
    return sampled(image, points.reshape(-1, 3)).reshape(len(rays), len(radii))
