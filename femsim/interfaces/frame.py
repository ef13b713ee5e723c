"""The frame in which an interface is described: along the implant's axis, superior, anterior."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen

ALONG, SUPERIOR, ANTERIOR = range(3)  # columns of places in this frame


@dataclass(frozen=True)
class ImplantFrame:
    """Place and directions of an implant.

    origin : (3,) [mm].
    directions : (3, 3) rows: out of the bone along the axis, superior, anterior; unit vectors.
    """

    origin: np.ndarray
    directions: np.ndarray

    def __post_init__(self):
        origin, directions = frozen(self.origin, np.float64, (3,)), frozen(self.directions, np.float64, (3, 3))
        freeze(self, origin=origin, directions=directions)

    def of(self, points: np.ndarray) -> np.ndarray:
        """(k, 3) along, superior, anterior [mm] of points (k, 3)."""
        return (points - self.origin) @ self.directions.T


def implant_frame(origin: np.ndarray, axis: np.ndarray, neck_axis: np.ndarray, shaft_axis: np.ndarray) -> ImplantFrame:
    """Frame of an implant in a femur; all directions (3,) are unit vectors that point proximally.

    Superior is the upper side of the neck, square to the implant's axis. It goes over to lateral where that axis runs
    along the shaft, as the upper side of the neck goes over to the lateral side of the shaft.
    """
    upward = shaft_axis - (shaft_axis @ neck_axis) * neck_axis
    superior = upward - (upward @ axis) * axis
    superior = superior / np.linalg.norm(superior)
    return ImplantFrame(origin, np.stack([axis, superior, np.cross(axis, superior)]))
