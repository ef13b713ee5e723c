"""Where muscles pull on the proximal femur: sites scaled to its landmarks and snapped to its surface."""

from collections.abc import Collection

import numpy as np

from femsim.anatomy.femur import Femur, outer_surface
from femsim.errors import GeometryError
from femsim.mesh.closest import closest_points

GREATER_TROCHANTER = "greater_trochanter"  # P1 of Heller 2005: abductors and tensor fasciae latae
VASTUS_LATERALIS = "vastus_lateralis"  # P2 of Heller 2005: lateral proximal shaft below the greater trochanter
SITES = (GREATER_TROCHANTER, VASTUS_LATERALIS)

# Farther than this many head radii from its target, a snapped site lies on some other part of the bone.
_SNAP_LIMIT = 1.0


def attachments(femur: Femur, wanted: Collection[str] = SITES) -> dict[str, np.ndarray]:
    """Points of the outer surface where muscle forces act.

    wanted : names of those that are needed; the bone at the others may be missing.

    Returns
    -------
    dict of site name → (3,) array [mm], in the femur frame

    Raises
    ------
    GeometryError
        Where the surface is farther than one head radius from a site's expected place.

    Source
    ------
    Heller 2005 (J Biomech 38:1155) publishes no coordinates. Sites are assumed from the TLEM2.0 centroids, relative to
    the shaft axis and in head radii (22.7 mm there, shaft axis 47 mm lateral of the head centre): gluteus medius
    (60, -4, 0) for P1, about half a head radius below the trochanter's tip; vastus lateralis superior (53, 4, -32),
    which reaches down to about 80 mm below the head centre, for P2.
    """
    marks = femur.landmarks
    tip, lesser, radius = marks.greater_trochanter_tip[2], marks.lesser_trochanter[2], marks.head_radius
    # 0.65 radii are 15 mm; P2 lies where the trochanter has passed into the shaft, just above the lesser trochanter's
    # level.
    targets = {
        GREATER_TROCHANTER: _beside_shaft(femur, 0.65 * radius, 0.2 * radius, tip - 0.45 * radius),
        VASTUS_LATERALIS: _beside_shaft(femur, 0.65 * radius, 0.2 * radius, tip + 0.85 * (lesser - tip)),
    }
    targets = {name: target for name, target in targets.items() if name in wanted}
    if not targets:
        return {}
    nearest = closest_points(outer_surface(femur), np.array(list(targets.values())))
    for name, distance in zip(targets, nearest.distance):
        if not distance <= _SNAP_LIMIT * radius:
            raise GeometryError(
                f"The surface is {distance:.0f} mm from where {name} is expected, above {_SNAP_LIMIT * radius:.0f} mm.",
                where=f"muscle site {name}",
                why="the landmarks do not fit the surface, or this part of the bone is missing",
                remedy="look at the picture of the landmarks; give femur.side if the side was taken wrongly; with "
                "load.muscles = false no muscle needs its site",
            )
    return dict(zip(targets, nearest.foot))


def _beside_shaft(femur: Femur, lateral: float, anterior: float, height: float) -> np.ndarray:
    """A place beside the shaft axis at a height above the head centre."""
    marks = femur.landmarks
    axis = marks.shaft_point + (height - marks.shaft_point[2]) / marks.shaft_axis[2] * marks.shaft_axis
    return np.array([axis[0] + lateral, axis[1] + anterior, height])
