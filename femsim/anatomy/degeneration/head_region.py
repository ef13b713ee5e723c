"""Places in the femoral head: what belongs to it, and the direction it bears weight in."""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.anatomy.neck_frame import neck_frame


def in_head(femur: Femur, points: np.ndarray) -> np.ndarray:
    """(k,) bool: places (k, 3) [mm] of the zones of the head."""
    neck = neck_frame(femur.landmarks)
    return neck.coordinates(points)[0] >= neck.head_level


def head_direction(anterior_deg: float, medial_deg: float) -> np.ndarray:
    """(3,) unit, from the head centre up along the shaft axis, tilted forwards and towards the midline of the body.

    The femur frame is that of a right femur whichever side it came from, hence the same for a left one.
    """
    direction = np.array([-np.tan(np.radians(medial_deg)), np.tan(np.radians(anterior_deg)), 1.0])
    return direction / np.linalg.norm(direction)


def polar(points: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k,) each: distance from the head centre [mm] and angle from an axis through it [radians]."""
    along = points @ axis
    beside = np.linalg.norm(points - along[:, None] * axis, axis=1)
    return np.hypot(along, beside), np.arctan2(beside, along)
