"""The seven zones of Gruen along the stem of a hip replacement, on every femur.

Gruen, McNeice, Amstutz, Clin Orthop 141 (1979) 17: thirds of the stem on its lateral side (1 to 3, from the top) and on
its medial side (7 to 5), with 4 below its tip. A femur without a stem is divided by the stem it would be given.
"""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.zones import ZONES, distal_end, zones_of

GRUEN_ZONES = tuple(f"gruen_{number}" for number in range(1, 8))
REFERENCE_STEM = 140.0  # mm; femsim's convention, inside the 115–150 mm of tapered cementless stems
OUTSIDE = -1

_HEAD_NECK_AND_SUPPORT = tuple(
    row for row, name in enumerate(ZONES) if name.startswith(("head_", "neck_")) or name == "distal_support"
)


def stem_levels(femur: Femur) -> tuple[float, float]:
    """Heights z [mm] of the top and the tip of the reference stem, for a femur that has none.

    The top lies where the neck cut of a hip replacement meets the neck axis, at the neck's base; the tip 140 mm lower,
    or where the held end of a shorter shaft begins.

    Raises
    ------
    GeometryError
        Where the femur has no flat distal end.
    """
    neck = neck_frame(femur.landmarks)
    on_axis = neck.centre + (neck.base_level - neck.centre @ neck.along) * neck.along
    top = float(on_axis[2])
    return top, max(top - REFERENCE_STEM, _held_below(femur))


def gruen_zones_of(
    femur: Femur, centroids: np.ndarray, *, top: float | None = None, tip: float | None = None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The Gruen zone of each place in the bone.

    Lateral and medial part at the shaft axis; in the proximal third all above the line of the neck axis is lateral, as
    is the greater trochanter. Head, neck and what the support disturbs lie in no zone. A shaft that ends above the top
    has none, one that ends above the tip lacks the distal ones.

    Parameters
    ----------
    centroids : (e, 3) array [mm]
        In the femur frame.
    top, tip : float, optional
        Heights z [mm] of the stem's ends; those of the reference stem where not given.

    Returns
    -------
    gruen_of : (e,) int array
        Rows of the names; -1 outside.
    names : tuple of str
        Always gruen_1 to gruen_7.

    Raises
    ------
    GeometryError
        Where the femur has no flat distal end.
    """
    levels = stem_levels(femur)
    top, tip = (level if given is None else float(given) for given, level in zip((top, tip), levels))
    centroids = np.asarray(centroids, np.float64)
    if top <= tip:
        return np.full(len(centroids), OUTSIDE), GRUEN_ZONES
    third = np.clip((3 * (top - centroids[:, 2]) / (top - tip)).astype(int), 0, 2)
    superior = neck_frame(femur.landmarks).coordinates(centroids)[1]
    lateral = (centroids[:, 0] > femur.landmarks.shaft_point[0]) | ((third == 0) & (superior > 0))
    number = np.where(lateral, 1 + third, 7 - third)
    number[centroids[:, 2] < tip] = 4
    outside = np.isin(zones_of(femur, centroids)[0], _HEAD_NECK_AND_SUPPORT)
    return np.where(outside, OUTSIDE, number - 1), GRUEN_ZONES


def _held_below(femur: Femur) -> float:
    """Height [mm] below which the shaft belongs to the support, on its axis."""
    centre, up, diameter = distal_end(femur)
    return float((centre + diameter * up)[2])
