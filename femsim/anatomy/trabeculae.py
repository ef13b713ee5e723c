"""Where the bundles of trabeculae run through the proximal femur, placed by its landmarks."""

import numpy as np

from femsim.anatomy.femur import Landmarks
from femsim.anatomy.neck_frame import NeckFrame


def compressive_column(landmarks: Landmarks, neck: NeckFrame) -> np.ndarray:
    """(200, 3) [mm] from the medial shaft cortex past the calcar up to the weight-bearing top of the head."""
    radius, shaft = landmarks.head_radius, landmarks.shaft_point
    lesser = landmarks.lesser_trochanter[2]
    medial_cortex = np.array([shaft[0] - 0.5 * radius, shaft[1], lesser])
    calcar = neck.centre - 0.75 * landmarks.neck_radius * neck.superior
    # The joint force of gait enters about 14° medial of vertical (Bergmann 2001), hence the slight medial lean of the
    # top.
    top = radius * (0.95 * landmarks.shaft_axis + 0.15 * neck.along)
    return _curve(medial_cortex, calcar, 0.35 * calcar + 0.65 * (0.2 * top), top)


def tensile_band(landmarks: Landmarks, neck: NeckFrame) -> np.ndarray:
    """(200, 3) [mm] from the lateral cortex below the greater trochanter, through the superior neck to the inferior
    head.
    """
    radius, shaft, tip = landmarks.head_radius, landmarks.shaft_point, landmarks.greater_trochanter_tip
    lesser = landmarks.lesser_trochanter[2]
    lateral_cortex = np.array([shaft[0] + 0.5 * radius, shaft[1], 0.75 * lesser])
    shoulder = np.array([shaft[0] + 0.25 * radius, shaft[1], tip[2] - 1.2 * radius])
    superior_neck = neck.centre + 0.55 * landmarks.neck_radius * neck.superior
    inferior_head = radius * (0.35 * neck.along - 0.55 * neck.superior)
    return _curve(lateral_cortex, shoulder, superior_neck, 0.1 * superior_neck, inferior_head)


def trochanteric_band(landmarks: Landmarks, neck: NeckFrame) -> np.ndarray:
    """(200, 3) [mm] from the medial cortex at the lesser trochanter fanning up to the greater trochanter."""
    radius, shaft, tip = landmarks.head_radius, landmarks.shaft_point, landmarks.greater_trochanter_tip
    lesser = landmarks.lesser_trochanter[2]
    medial_cortex = np.array([shaft[0] - 0.5 * radius, shaft[1], lesser])
    middle = np.array([shaft[0] - 0.1 * radius, 0.5 * (shaft[1] + tip[1]), 0.5 * (lesser + tip[2])])
    return _curve(medial_cortex, middle, tip + np.array([0.1 * radius, 0.0, -0.5 * radius]))


def beside(points: np.ndarray, path: np.ndarray, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k,) each: distance [mm] of points (k, 3) from the nearest place of a path, and the row of that place.

    The bundles are plates that run through the bone from front to back: distance `across` (3,) counts little.
    """
    from scipy.spatial import cKDTree

    flatten = np.eye(3) - 0.65 * np.outer(across, across)
    return cKDTree(path @ flatten).query(points @ flatten, workers=-1)


def _curve(*stations: np.ndarray) -> np.ndarray:
    """(200, 3) points of a smooth curve through the stations, evenly spread over them."""
    from scipy.interpolate import PchipInterpolator

    stations = np.array(stations)
    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(stations, axis=0), axis=1))])
    return PchipInterpolator(steps, stations)(np.linspace(0.0, steps[-1], 200))
