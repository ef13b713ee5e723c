"""One proximal femur cut out of a CT: bone by threshold, parted from the pelvis at the joint space, as a surface."""

import numpy as np

from femsim.anatomy.ct_head import CtHead, profiles
from femsim.anatomy.head import directions
from femsim.errors import ImageError
from femsim.imaging.image import Image, cropped, holds, resampled, sampled
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import Surface, area_vectors, edge_counts

FINEST_MM, COARSEST_MM = 0.7, 1.0  # of the lattice on which the bone is segmented
# Around the head centre [mm]; a femur is cut 150 mm below, its trochanter ends 75 mm aside.
LATERAL_MM, MEDIAL_MM, FRONT_MM, ABOVE_MM, BELOW_MM = 85.0, 45.0, 60.0, 50.0, 190.0
# The socket and its rim lie more than 57° from the neck's direction; the neck takes up some 40° around it.
CUP_COSINE = 0.55
VALLEY_HU = 25.0  # depth of the joint space between both bones from which it is seen; assumed
LEAST_SOCKET = 0.2  # share of the directions in which a second bone follows, for there to be a socket; assumed
JOINT_MM = 3.0  # by how much the joint space leaves the median radius of a head; assumed
SOCKET_MM = 12.0  # bone this far beyond the joint space belongs to the pelvis; assumed
CORE_MM = 2.0  # the head is bone to this far below the edge that was seen, however dark its trabeculae are; assumed
CLOSING_MM = 4.0  # gaps of the cortex up to twice this are closed; assumed
CRUMB_MM = 1.2  # half thickness of what is taken away; assumed
SMOOTHING_MM = 1.0  # standard deviation; takes away the steps of the voxels
EDGE_MM = 1.6  # edges of the surface come out about as long
LOOK_MM = 3.0  # how far from the first surface its edge is looked for


def neck_way(side: str) -> np.ndarray:
    """(3,) roughly from the head centre along the neck, in LPS: aside, down and a little back."""
    way = np.array([1.0 if side == "left" else -1.0, 0.2, -0.9])
    return way / np.linalg.norm(way)


def segmented(image: Image, head: CtHead, side: str, *, threshold_hu: float) -> Surface:
    """The closed surface of the femur around a head, in the frame of the image.

    Parameters
    ----------
    image : Image
        A CT in LPS.
    threshold_hu : float
        Above lies bone, for the first surface; the edge itself is where HU fall to half between bone and what is
        outside.

    Raises
    ------
    ImageError
        Where no bone is found around the head, or what is found runs together with the pelvis.
    """
    aside = (-MEDIAL_MM, LATERAL_MM) if side == "left" else (-LATERAL_MM, MEDIAL_MM)
    box = head.centre + np.array([aside, (-FRONT_MM, FRONT_MM), (-BELOW_MM, ABOVE_MM)]).T
    part = cropped(image, box, 0.0)
    part = resampled(part, float(np.clip(part.spacing.min(), FINEST_MM, COARSEST_MM)))
    places, distance, cup = _around(part, head, side)
    beyond = _beyond_joint(part, head, side, threshold_hu, places, distance, cup)
    bone = ((part.values > threshold_hu) | (distance < head.radius - CORE_MM)) & ~beyond
    return surface_of(part, _one_femur(part, bone, beyond, distance < 0.8 * head.radius))


def surface_of(image: Image, inside: np.ndarray) -> Surface:
    """The smooth closed surface around voxels, drawn to where HU fall to half across it."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

    pad = 4
    held = np.pad(inside, pad)
    h = image.spacing
    away = distance_transform_edt(~held, sampling=h) - distance_transform_edt(held, sampling=h)
    away = gaussian_filter((away - 0.5 * h.mean() * np.sign(away)).astype(np.float32), SMOOTHING_MM / h)

    def distance(points):
        index = image.indices(points) + pad
        return map_coordinates(away, index.T, order=1, mode="nearest", output=np.float64)

    rows = np.argwhere(inside)
    corners = image.places(np.array([rows.min(axis=0) - 3, rows.max(axis=0) + 3]))
    first = isosurface(distance, corners.min(axis=0), corners.max(axis=0), EDGE_MM)
    return _to_edge(image, first)


def _around(image: Image, head: CtHead, side: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places (n, 3) of all voxels less the head centre; images of their distance, of whether they face the socket."""
    index = np.stack(np.meshgrid(*map(np.arange, image.shape), indexing="ij"), axis=-1).reshape(-1, 3)
    places = (image.places(index) - head.centre).astype(np.float32)
    distance = np.linalg.norm(places, axis=1)
    cup = places @ neck_way(side) < CUP_COSINE * distance
    return places, distance.reshape(image.shape), cup.reshape(image.shape)


def _beyond_joint(image, head, side, threshold_hu, places, distance, cup) -> np.ndarray:
    """Voxels on the socket's side of the joint space: the dark valley between two bones, direction by direction."""
    from scipy.spatial import cKDTree

    radii = np.arange(12.0, 42.0, 0.5)
    lines = profiles(image, head.centre, radii)
    reach = 12  # 6 mm of half-millimetre steps
    before = np.stack([lines[:, max(0, k - reach) : k + 1].max(axis=1) for k in range(len(radii))], axis=1)
    after = np.stack([lines[:, k : k + reach + 1].max(axis=1) for k in range(len(radii))], axis=1)
    valley = np.minimum(before, after) - lines
    rays = directions()
    facing = rays @ neck_way(side) < 0.15
    allowed = np.abs(radii - head.radius - 1.0) <= 3.0  # the joint space begins where the head's edge was seen
    mean = np.where(allowed, valley[facing].mean(axis=0), -np.inf)
    usual = int(np.argmax(mean))
    if mean[usual] < VALLEY_HU:
        usual = int(np.argmin(np.abs(radii - head.radius)))
    far = (radii > radii[usual]) & (radii < radii[usual] + 10.0)
    if (lines[facing][:, far].max(axis=1) > threshold_hu).mean() < LEAST_SOCKET:
        return np.zeros(image.shape, bool)  # no second bone faces the head
    near = allowed & (np.abs(radii - radii[usual]) <= JOINT_MM)
    place = np.where(near, valley, -np.inf).argmax(axis=1)
    # Where the joint space is too thin to be seen, both bones show as one bright band: its middle is the best guess.
    band = radii[np.where(np.abs(radii - head.radius + 1.0) <= 3.0, lines, -np.inf).argmax(axis=1)]
    joint = np.where(valley[np.arange(len(rays)), place] > VALLEY_HU, radii[place], np.minimum(band, radii[usual]))
    neighbours = rays @ rays.T > 0.92  # within 23°
    joint = np.array([np.median(joint[row & facing]) if (row & facing).any() else radii[usual] for row in neighbours])
    flat = np.flatnonzero((cup & (distance > 15.0) & (distance < joint.max() + SOCKET_MM)).ravel())
    unit = places[flat] / distance.ravel()[flat, None]
    gap, ray = cKDTree(rays).query(unit, k=4)
    weight = 1.0 / (gap + 1e-3)
    edge = (joint[ray] * weight).sum(axis=1) / weight.sum(axis=1)
    beyond = np.zeros(image.values.size, bool)
    beyond[flat] = (distance.ravel()[flat] > edge) & (distance.ravel()[flat] < edge + SOCKET_MM)
    return beyond.reshape(image.shape)


def _one_femur(image: Image, bone: np.ndarray, beyond: np.ndarray, core: np.ndarray) -> np.ndarray:
    """The connected bone around the core, closed and filled."""
    from scipy.ndimage import label

    core = core & bone
    pieces, _ = label(bone)
    if not core.any():
        raise ImageError("There is no bone where the femoral head should be.", remedy="check femur.head_centre_mm")
    femur = pieces == np.bincount(pieces[core]).argmax()
    grown = _filled(_closed(femur, image.spacing, CLOSING_MM) & ~beyond, image) & ~beyond
    grown = _filled(_closed(grown, image.spacing, 0.5 * CLOSING_MM), image) & ~beyond
    grown = ~_closed(~grown, image.spacing, CRUMB_MM)  # opening: what is thinner than this is no bone of its own
    pieces, _ = label(grown)
    if not (core & grown).any():
        raise ImageError("There is no bone where the femoral head should be.", remedy="check femur.head_centre_mm")
    femur = pieces == np.bincount(pieces[core & grown]).argmax()
    faces = [femur[0], femur[-1], femur[:, 0], femur[:, -1], femur[:, :, 0], femur[:, :, -1]]
    up = int(np.argmax(np.abs(image.affine[2, :3])))
    low = 2 * up if image.affine[2, up] > 0 else 2 * up + 1
    runs_out = sum(int(face.sum()) for k, face in enumerate(faces) if k != low)
    if runs_out * float(np.median(image.spacing)) ** 2 > 100.0:  # mm²
        raise ImageError(
            "What was segmented around the femoral head does not end: femur and pelvis were not parted.",
            why="the joint space is too thin for these voxels, or arthritis has closed it",
            remedy="segment the femur in another program and give its surface (femur.kind = surface) or mask "
            "(femur.mask_file)",
        )
    return femur


def _filled(mask: np.ndarray, image: Image) -> np.ndarray:
    """Without holes in any slice, and without cavities."""
    from scipy.ndimage import binary_fill_holes

    filled = mask.copy()
    for axis in np.argsort(-np.abs(image.affine[2, :3])):  # along the patient first: the canal is open at the end
        for k in range(filled.shape[axis]):
            cut = (slice(None),) * axis + (k,)
            filled[cut] = binary_fill_holes(filled[cut])
    return binary_fill_holes(filled)


def _closed(mask: np.ndarray, spacing: np.ndarray, radius: float) -> np.ndarray:
    """Closing with a ball: what a ball of this radius outside cannot reach belongs to it."""
    from scipy.ndimage import distance_transform_edt

    pad = int(np.ceil(2 * radius / spacing.min())) + 1
    held = np.pad(mask, pad)
    grown = distance_transform_edt(~held, sampling=spacing) <= radius
    closed = distance_transform_edt(grown, sampling=spacing) > radius
    return (closed | held)[tuple(slice(pad, -pad) for _ in range(3))]


def _to_edge(image: Image, surface: Surface) -> Surface:
    """Each point moves along its normal to where HU are half-way between bone and what lies outside."""
    from scipy.sparse import coo_matrix, diags

    normals = _normals(surface)
    steps = np.arange(-LOOK_MM, LOOK_MM + 1e-9, 0.25)
    lines = sampled(image, (surface.points[:, None] + steps[None, :, None] * normals[:, None]).reshape(-1, 3))
    lines = lines.reshape(surface.n_points, len(steps))
    middle = len(steps) // 2
    peak = lines[:, : middle + 3].argmax(axis=1)
    rows = np.arange(surface.n_points)
    # Outside counts only what follows the peak: the lowest on the way out, before the next bone begins.
    later = np.arange(len(steps))[None] > peak[:, None]
    outside = np.where(later, lines, np.inf).min(axis=1)
    half = 0.5 * (lines[rows, peak] + outside)
    below = later & (lines < half[:, None])
    first = below.argmax(axis=1)
    high, low = lines[rows, np.maximum(first - 1, 0)], lines[rows, first]
    share = np.clip((high - half) / np.maximum(high - low, 1e-6), 0.0, 1.0)
    found = below.any(axis=1) & (lines[rows, peak] - outside > 60.0)
    # Where the image ends, the bone's end is the image's.
    found &= holds(image, surface.points + LOOK_MM * normals)
    move = np.where(found, np.clip(steps[np.maximum(first - 1, 0)] + 0.25 * share, -1.5, 1.5), 0.0)
    edges, _ = edge_counts(surface.triangles)
    both = np.concatenate([edges, edges[:, ::-1]])
    n = surface.n_points
    around = coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n)).tocsr()
    mean = diags(1.0 / np.asarray(around.sum(axis=1)).ravel()) @ around
    for _ in range(6):
        move = 0.5 * (move + mean @ move)
    return Surface(surface.points + move[:, None] * normals, surface.triangles)


def _normals(surface: Surface) -> np.ndarray:
    vectors = area_vectors(surface)
    total = np.zeros_like(surface.points)
    for k in range(3):
        np.add.at(total, surface.triangles[:, k], vectors)
    return total / np.maximum(np.linalg.norm(total, axis=1), 1e-30)[:, None]
