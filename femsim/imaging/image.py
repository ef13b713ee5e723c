"""A three-dimensional image and where it lies in the patient; its values at places and over small cubes."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ImageError

FRAMES = ("LPS", "RAS")
_TURN = np.diag([-1.0, -1.0, 1.0, 1.0])  # LPS ↔ RAS
MOST_SAMPLES = 6  # along each edge of an averaged cube: 216 in all


@dataclass(frozen=True)
class Image:
    """Values on a lattice.

    values : (i, j, k) float32; of a CT, in HU.
    affine : (4, 4) from indices to places [mm] in the axes of the patient.
    frame : "LPS" (x left, y posterior, z superior), "RAS" (right, anterior, superior), "" where nobody said.
    source : what is shown of where it came from.
    """

    values: np.ndarray
    affine: np.ndarray
    frame: str = ""
    source: str = ""

    def __post_init__(self):
        freeze(
            self,
            values=frozen(self.values, np.float32, (None, None, None)),
            affine=frozen(self.affine, np.float64, (4, 4)),
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.values.shape

    @property
    def spacing(self) -> np.ndarray:
        """(3,) edge lengths of a voxel [mm]."""
        return np.linalg.norm(self.affine[:3, :3], axis=0)

    @property
    def diagonal(self) -> float:
        """Of a voxel [mm]."""
        return float(np.linalg.norm(self.spacing))

    def indices(self, points: np.ndarray) -> np.ndarray:
        """(k, 3) places [mm] as fractional indices; whole ones are centres of voxels."""
        inverse = np.linalg.inv(self.affine)
        return np.asarray(points, float) @ inverse[:3, :3].T + inverse[:3, 3]

    def places(self, indices: np.ndarray) -> np.ndarray:
        """(k, 3) [mm] of fractional indices."""
        return np.asarray(indices, float) @ self.affine[:3, :3].T + self.affine[:3, 3]


def in_frame(image: Image, frame: str) -> Image:
    """The same image with its places in other axes of the patient."""
    if image.frame not in FRAMES or frame not in FRAMES:
        raise ValueError(f"frames {image.frame!r} and {frame!r} are not both known")
    return image if image.frame == frame else replace(image, affine=_TURN @ image.affine, frame=frame)


def stated(image: Image, said: str, key: str) -> Image:
    """The image in the frame that it says, or that `said` says where it says none ("auto": nothing is said).

    Parameters
    ----------
    key : of the scenario that says it, for the message.

    Raises
    ------
    ImageError
        Where nobody says it, or the two disagree.
    """
    frame = image.frame if said == "auto" else said
    if frame not in FRAMES:
        raise ImageError(
            "The CT does not say in which axes its coordinates are.",
            why=".vti has no place for it, and some files are written without",
            remedy=f'say which: {key} = "LPS" or "RAS"',
        )
    if image.frame and image.frame != frame:
        raise ImageError(
            f"The CT says that its coordinates are in {image.frame}, but {key} says {frame}.",
            remedy=f"leave {key} out",
        )
    return Image(image.values, image.affine, frame, image.source)


def holds(image: Image, points: np.ndarray) -> np.ndarray:
    """(k,) whether places (k, 3) [mm] lie inside the image, to the outer faces of its voxels."""
    index = image.indices(points)
    return ((index >= -0.5) & (index <= np.array(image.shape) - 0.5)).all(axis=1)


def sampled(image: Image, points: np.ndarray) -> np.ndarray:
    """(k,) trilinear values at places (k, 3) [mm]; beyond the image, its nearest value."""
    from scipy.ndimage import map_coordinates

    return map_coordinates(image.values, image.indices(points).T, output=np.float64, order=1, mode="nearest")


def averaged(image: Image, points: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """(k,) means over cubes of edge spans (k,) [mm] around places (k, 3), along the axes of the patient.

    Each cube is sampled at least twice per voxel along each edge, up to MOST_SAMPLES.
    """
    points, spans = np.asarray(points, float), np.broadcast_to(np.asarray(spans, float), len(points))
    per_edge = np.clip(np.ceil(2.0 * spans / image.spacing.min()).astype(int), 1, MOST_SAMPLES)
    means = np.empty(len(points))
    for n in np.unique(per_edge):
        rows = np.flatnonzero(per_edge == n)
        ticks = (np.arange(n) + 0.5) / n - 0.5
        total = np.zeros(len(rows))
        for offset in np.stack(np.meshgrid(ticks, ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 3):
            total += sampled(image, points[rows] + spans[rows, None] * offset)
        means[rows] = total / n**3
    return means


def cropped(image: Image, points: np.ndarray, margin: float) -> Image:
    """The smallest part of the image that holds places (k, 3) and a margin [mm] around them, at least one voxel."""
    index = image.indices(points)
    reach = margin / image.spacing
    low = np.clip(np.floor(index.min(axis=0) - reach).astype(int), 0, np.array(image.shape) - 1)
    high = np.clip(np.ceil(index.max(axis=0) + reach).astype(int), low, np.array(image.shape) - 1)
    affine = image.affine.copy()
    affine[:3, 3] = image.places(low)
    part = image.values[tuple(slice(a, b + 1) for a, b in zip(low, high))]
    return replace(image, values=part, affine=affine)


def resampled(image: Image, spacing: float) -> Image:
    """The image on a lattice of cubes of about a given edge [mm] over the same box, along the same axes; trilinear."""
    counts = np.maximum(np.round(np.array(image.shape) * image.spacing / spacing).astype(int), 1)
    scale = np.array(image.shape) / counts
    affine = image.affine.copy()
    affine[:3, :3] = image.affine[:3, :3] * scale
    affine[:3, 3] = image.places(0.5 * scale - 0.5)
    from scipy.ndimage import affine_transform

    values = affine_transform(
        image.values, scale, 0.5 * scale - 0.5, output_shape=tuple(counts), order=1, mode="nearest", output=np.float32
    )
    return replace(image, values=values, affine=affine)
