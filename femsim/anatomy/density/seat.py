"""Whether a CT shows the femur where its surface lies: how much of it the image holds, whether bone begins there."""

import itertools
from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur, outer_surface
from femsim.anatomy.frame import on_directions, on_points
from femsim.errors import ImageError
from femsim.imaging.image import Image, holds, sampled
from femsim.mesh.surface import area_vectors, areas, centroids

LEAST_INSIDE = 0.995  # share of the femur's volume that the image must hold; assumed
# Where the surface lies right, 96 to 100 % of it are brighter inside, by 210 HU and more; 4 mm aside 62 to 89 %, 10 mm
# along the shaft 76 to 85 % (synthetic CTs of 1 and 3 mm, native hip of the shared CT).
LEAST_CONTRAST_HU, LEAST_BRIGHTER = 100.0, 0.9  # assumed
N_LOOKED_AT = 6000  # places of the surface


@dataclass(frozen=True)
class Seat:
    """How a surface lies in a CT.

    inside : share of the femur's volume that the image holds.
    contrast_hu : mean HU just inside the outer surface less just outside it.
    brighter : share of the outer surface with higher HU inside than outside.
    """

    inside: float
    contrast_hu: float
    brighter: float

    @property
    def is_sound(self) -> bool:
        return (
            self.inside >= LEAST_INSIDE
            and self.contrast_hu >= LEAST_CONTRAST_HU
            and self.brighter >= LEAST_BRIGHTER
        )  # fmt: skip


def seat_of(image: Image, femur: Femur, bone_points: np.ndarray, *, turned: np.ndarray | None = None) -> Seat:
    """How a femur lies in an image of its source's frame; bone_points (k, 3) fill it, in the femur frame.

    turned : (3,) signs by which the axes of the source are turned round before, to try whether that would fit.
    """
    flip = np.diag([*(turned if turned is not None else (1, 1, 1)), 1.0])
    to_image = flip @ femur.to_source
    inside = float(holds(image, on_points(to_image, bone_points)).mean())
    surface = outer_surface(femur)
    rows = np.random.default_rng(0).choice(
        surface.n_triangles, min(N_LOOKED_AT, surface.n_triangles), p=areas(surface) / areas(surface).sum()
    )
    normal = area_vectors(surface)[rows]
    normal = on_directions(to_image, normal / np.linalg.norm(normal, axis=1, keepdims=True))
    place = on_points(to_image, centroids(surface)[rows])
    step = max(1.0, 0.6 * float(image.spacing.max()))
    within = np.maximum(sampled(image, place - step * normal), sampled(image, place - 0.5 * step * normal))
    beyond = sampled(image, place + 1.5 * step * normal)
    return Seat(inside, float((within - beyond).mean()), float((within > beyond).mean()))


def refuse_unseated(image: Image, femur: Femur, bone_points: np.ndarray) -> Seat:
    """The seat, where it is sound.

    Raises
    ------
    ImageError
        Where the femur lies partly outside the image, or no bone begins at its surface; says which turn would fit.
    """
    seat = seat_of(image, femur, bone_points)
    if seat.is_sound:
        return seat
    measured = (
        f"{100 * seat.inside:.1f} % of the femur inside the image, contrast across its surface "
        f"{seat.contrast_hu:.0f} HU, brighter inside on {100 * seat.brighter:.0f} %"
    )
    turns = [signs for signs in itertools.product((1, -1), repeat=3) if signs != (1, 1, 1)]
    turned = [(seat_of(image, femur, bone_points, turned=np.array(signs)), signs) for signs in turns]
    fitting = [(other.brighter, other.contrast_hu, signs) for other, signs in turned if other.is_sound]
    if fitting:
        signs = max(fitting)[2]
        axes = " and ".join(axis for axis, sign in zip("xyz", signs) if sign < 0)
        what = "it says LPS where it is RAS, or the reverse" if signs == (-1, -1, 1) else "it was mirrored"
        raise ImageError(
            f"The surface fits the CT only with {axes} turned round: {what}.",
            where=measured,
            why="surface and CT state their axes differently",
            remedy="set bone.density.femur_frame (or the femur's frame) to the axes the surface was exported in",
        )
    if seat.inside < LEAST_INSIDE:
        raise ImageError(
            f"The femur lies only to {100 * seat.inside:.1f} % inside the CT.",
            where=measured,
            why="the CT ends within the bone, is of another patient, or the surface was moved",
            remedy="give the CT that the surface was segmented from; cut the femur shorter where the CT ends",
        )
    raise ImageError(
        "The CT shows no bone where the femur's surface lies.",
        where=measured,
        why="the CT is of another patient or series, or the surface was moved after it was segmented",
        remedy="lay both over each other in 3D Slicer; give the CT that the surface was segmented from",
    )
