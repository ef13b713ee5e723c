"""Where the knee of a whole femur is: middle of its condyles, and its epicondyles."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.condyles import CONDYLE_HEIGHT
from femsim.anatomy.femur import Femur, Landmarks
from femsim.arrays import freeze, frozen

_ROUNDS = 6  # the condyles are found along the long axis, and give it; settles in three


@dataclass(frozen=True)
class Knee:
    """Places in the femur frame [mm].

    middle : (3,) of the box around the condyles; long_axis : unit (3,) from there to where neck and shaft axis meet.
    medial_epicondyle, lateral_epicondyle : (3,) where the condyles are widest.
    """

    middle: np.ndarray
    long_axis: np.ndarray
    medial_epicondyle: np.ndarray
    lateral_epicondyle: np.ndarray

    def __post_init__(self):
        for name in ("middle", "long_axis", "medial_epicondyle", "lateral_epicondyle"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})

    @property
    def centre(self) -> np.ndarray:
        """(3,) midpoint of the epicondyles."""
        return 0.5 * (self.medial_epicondyle + self.lateral_epicondyle)


def neck_meets_shaft(landmarks: Landmarks) -> np.ndarray:
    """(3,) the point of the shaft axis that the neck axis, through the head centre, comes closest to [mm]."""
    shaft, neck = landmarks.shaft_axis, landmarks.neck_axis
    across = np.cross(shaft, neck)
    along = np.linalg.det([-landmarks.shaft_point, neck, across]) / (across @ across)
    return landmarks.shaft_point + along * shaft


def knee_of(femur: Femur) -> Knee | None:
    """The knee of a femur that has its condyles; None of one that is cut across its shaft."""
    if femur.knee_height is None:
        return None
    marks, points = femur.landmarks, femur.surface.points
    meeting, long_axis = neck_meets_shaft(marks), marks.shaft_axis
    for _ in range(_ROUNDS):
        below = (meeting - points) @ long_axis
        condyles = points[below > below.max() - CONDYLE_HEIGHT * marks.head_radius]
        lateral = np.cross([0.0, 1.0, 0.0], long_axis)
        lateral /= np.linalg.norm(lateral)
        axes = np.array([lateral, np.cross(long_axis, lateral), long_axis])
        own = condyles @ axes.T
        middle = 0.5 * (own.min(axis=0) + own.max(axis=0)) @ axes
        long_axis = (meeting - middle) / np.linalg.norm(meeting - middle)
    return Knee(middle, long_axis, condyles[own[:, 0].argmin()], condyles[own[:, 0].argmax()])
