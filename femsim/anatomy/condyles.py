"""Anteversion of a whole femur, measured against the table its posterior condyles would rest on."""

import numpy as np

from femsim.anatomy.frame import axes_of
from femsim.anatomy.head import Head
from femsim.mesh.sections import perpendicular_pair
from femsim.mesh.surface import Surface

# A femur with condyles reaches at least this far below its head centre, in head radii (414 mm and radius 21.5: 18).
WHOLE_FEMUR = 13.0
CONDYLE_HEIGHT = 1.9  # head radii above the distal end in which the posterior condyles lie (40–45 mm)
LEAST_SPAN = 1.2  # head radii between the two points of contact (30 mm; real ones 45–55 mm)
PLAUSIBLE = (-25.0, 45.0)  # degrees; extremes of adult femora, assumed


def measured_anteversion(
    right: Surface, head: Head, neck_axis, shaft_axis, shaft_point, available: float
) -> float | None:
    """Angle [degrees] of the neck forward of the posterior condylar line, or None where the surface has no condyles.

    The condylar line joins the two points on which the distal end would rest on a table, seen along the bone's long
    axis (from where the neck meets the shaft to the middle of the condyles). The angle is taken in the plane across the
    proximal shaft axis, so that the x axis of the femur frame is parallel to the condylar line seen along z.

    Parameters
    ----------
    right : Surface of a right femur (a left one mirrored), any position [mm]
    head : its head
    neck_axis, shaft_axis, shaft_point : (3,)
    available : length of shaft below the head centre [mm]
    """
    if available < WHOLE_FEMUR * head.radius:
        return None
    # Where neck axis and shaft axis come closest, on the shaft.
    cross = np.cross(neck_axis, shaft_axis)
    along = np.linalg.det([shaft_point - head.centre, neck_axis, cross]) / (cross @ cross)
    meeting = shaft_point + along * np.asarray(shaft_axis)
    long_axis = np.asarray(shaft_axis, float)
    for _ in range(4):  # the distal end is found along the long axis, and gives it
        below = (meeting - right.points) @ long_axis
        distal = right.points[below > below.max() - CONDYLE_HEIGHT * head.radius]
        u, v = perpendicular_pair(long_axis)
        middle = (distal @ long_axis).mean() * long_axis
        middle = middle + sum(0.5 * ((distal @ w).min() + (distal @ w).max()) * w for w in (u, v))
        long_axis = (meeting - middle) / np.linalg.norm(meeting - middle)
    lateral, anterior, _ = axes_of(neck_axis, long_axis, 0.0)
    contacts = _contacts(distal @ np.stack([lateral, anterior], axis=1), LEAST_SPAN * head.radius)
    if contacts is None:
        return None
    line = distal[contacts[1]] - distal[contacts[0]]  # towards lateral
    x, y, _ = axes_of(neck_axis, shaft_axis, 0.0)
    angle = float(np.degrees(np.arctan2(line @ y, line @ x)))
    return angle if PLAUSIBLE[0] <= angle <= PLAUSIBLE[1] else None


def _contacts(flat: np.ndarray, least_span: float) -> tuple[int, int] | None:
    """Ends (medial, lateral) of the longest edge of the hull of flat (k, 2) that faces backward (-y)."""
    from scipy.spatial import ConvexHull

    ring = ConvexHull(flat).vertices  # anticlockwise: the back side runs towards +x
    edges = flat[np.roll(ring, -1)] - flat[ring]
    length = np.linalg.norm(edges, axis=1)
    backward = edges[:, 0] > np.cos(np.radians(50.0)) * length
    k = int(np.argmax(np.where(backward, length, 0.0)))
    if not backward.any() or length[k] < least_span:
        return None
    return int(ring[k]), int(ring[(k + 1) % len(ring)])
