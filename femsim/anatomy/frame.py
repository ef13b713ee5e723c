"""The femur frame: x lateral, y anterior, z along the proximal shaft axis, origin at the head centre, right femur."""

import numpy as np

MIRROR = np.diag([-1.0, 1.0, 1.0, 1.0])  # turns a left femur into a right one, in any frame


def frame_of(head_centre, neck_axis, shaft_axis, anteversion_deg: float) -> np.ndarray:
    """Map (4, 4) from the frame of the arguments to the femur frame, for a right femur.

    Parameters
    ----------
    head_centre : (3,) [mm]
    neck_axis, shaft_axis : unit (3,)
        Towards the head, and proximally.
    anteversion_deg : float
        Angle by which the neck, seen along the shaft, points forward of the femur's medial direction.
    """
    x, y, z = axes_of(neck_axis, shaft_axis, anteversion_deg)
    matrix = np.eye(4)
    matrix[:3, :3] = [x, y, z]
    matrix[:3, 3] = -matrix[:3, :3] @ head_centre
    return matrix


def axes_of(neck_axis, shaft_axis, anteversion_deg: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit vectors lateral, anterior, proximal of a right femur."""
    z = np.asarray(shaft_axis, float)
    lateral = z * (z @ neck_axis) - neck_axis  # of the neck: away from the head, across the shaft
    lateral = lateral / np.linalg.norm(lateral)
    angle = np.radians(anteversion_deg)
    x = np.cos(angle) * lateral + np.sin(angle) * np.cross(z, lateral)
    return x, np.cross(z, x), z


def neck_direction(neck_shaft_angle_deg: float, anteversion_deg: float) -> np.ndarray:
    """Unit vector (3,) along the neck towards the head, in the femur frame."""
    tilt, version = np.radians(180.0 - neck_shaft_angle_deg), np.radians(anteversion_deg)
    return np.array([-np.sin(tilt) * np.cos(version), np.sin(tilt) * np.sin(version), np.cos(tilt)])


def on_points(matrix: np.ndarray, points) -> np.ndarray:
    """An affine map (4, 4) on points (…, 3)."""
    return np.asarray(points, float) @ matrix[:3, :3].T + matrix[:3, 3]


def on_directions(matrix: np.ndarray, vectors) -> np.ndarray:
    """The linear part of an affine map (4, 4) on vectors (…, 3)."""
    return np.asarray(vectors, float) @ matrix[:3, :3].T
