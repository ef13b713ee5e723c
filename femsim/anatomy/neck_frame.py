"""Positions relative to the femoral neck: along it, towards its superior side, towards its anterior side."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Landmarks


@dataclass(frozen=True)
class NeckFrame:
    """Directions of the neck and the levels that divide it, all from landmarks.

    along, superior, anterior : unit (3,), right-handed; `along` points to the head, `superior` to the side of the neck
        that faces up and laterally.
    centre : (3,) a point of the neck axis [mm].
    head_level, base_level : position along the neck axis, head centre at 0 [mm], where the head ends and where the neck
        meets the trochanters; both negative.
    """

    along: np.ndarray
    superior: np.ndarray
    anterior: np.ndarray
    centre: np.ndarray
    head_level: float
    base_level: float

    def coordinates(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(k,) each [mm]: along the axis from the head centre's level, superior and anterior of the axis."""
        beside = points - self.centre
        return points @ self.along, beside @ self.superior, beside @ self.anterior

    def share(self, points: np.ndarray) -> np.ndarray:
        """(k,) how far along the neck points (k, 3) lie: 0 where the head ends, 1 where the trochanters begin."""
        return (self.head_level - points @ self.along) / (self.head_level - self.base_level)


def neck_frame(landmarks: Landmarks) -> NeckFrame:
    """The neck frame of a femur.

    The head ends at 0.4 of its radius below its centre, about where the rim of a resurfacing cap sits; the neck ends
    where its axis, on the way to the shaft axis, has come two thirds of the distance. Both are conventions of femsim.
    """
    along = landmarks.neck_axis
    superior = landmarks.shaft_axis - (landmarks.shaft_axis @ along) * along
    superior = superior / np.linalg.norm(superior)
    # Where the neck axis passes closest to the shaft axis, measured from the head centre.
    sine = np.linalg.norm(np.cross(along, landmarks.shaft_axis))
    to_shaft = landmarks.offset_mm / sine
    return NeckFrame(
        along,
        superior,
        np.cross(along, superior),
        landmarks.neck_centre,
        head_level=-0.4 * landmarks.head_radius,
        base_level=-0.67 * to_shaft,
    )
