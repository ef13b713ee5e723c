"""In which axes a force on the femur is told, and the way to Bergmann's: lateral, anterior, proximal, right femur.

Axes that a frame ties to the room's right hand ("right") point medially on a left femur; told of a left leg, they are
mirrored. Axes that a frame ties to the body ("lateral", "medial") are the same on either leg and stay.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsim.errors import UsageError, near
from femsim.loads.history import BERGMANN, FEMUR

HIP98, ISB, OPENSIM = "hip98", "isb", "opensim"
Side = Literal["right", "left"]


@dataclass(frozen=True)
class Frame:
    """A way to tell vectors.

    axes : what x, y, z mean, for a person.
    to_bergmann : (3, 3) rows that take components of a right femur to lateral, anterior, proximal; None where that
        depends on the femur.
    sided : whether the medio-lateral axis points to the right, so that it changes its meaning on a left leg.
    """

    axes: str
    to_bergmann: tuple[tuple[int, int, int], ...] | None
    sided: bool


_RIGHT_LAST = ((0, 0, 1), (1, 0, 0), (0, 1, 0))  # x anterior, y proximal, z right
# Sources. Bergmann: Bergmann 2016, doi 10.1371/journal.pone.0155612; x to the right, which is lateral on a right femur.
# HIP98: Bergmann 2001, J Biomech 34:859, as Heller 2005 quotes it. ISB: Wu 2002, J Biomech 35:543. The femur frame of
# OpenSim's models is parallel to ISB's.
FRAMES: dict[str, Frame] = {
    BERGMANN: Frame(
        "x right (lateral of a right femur), y anterior, z proximal", ((1, 0, 0), (0, 1, 0), (0, 0, 1)), True
    ),
    HIP98: Frame("x medial, y anterior, z proximal, of either leg", ((-1, 0, 0), (0, 1, 0), (0, 0, 1)), False),
    ISB: Frame("x anterior, y proximal, z right", _RIGHT_LAST, True),
    OPENSIM: Frame("x anterior, y proximal, z right, of the femur's body frame", _RIGHT_LAST, True),
    FEMUR: Frame("x lateral, y anterior, z along the proximal shaft axis, of either leg; that of femsim", None, False),
}
MEANINGS = "; ".join(f"{name}: {frame.axes}" for name, frame in FRAMES.items())


def to_bergmann(vectors: np.ndarray, frame: str, side: Side = "right") -> np.ndarray:
    """Vectors of a frame as lateral, anterior, proximal.

    Parameters
    ----------
    vectors : (…, 3) array
    frame : a name in FRAMES
    side : the leg they were told of

    Raises
    ------
    UsageError
        Where there is no such frame or side, or the way to it depends on the femur.
    """
    return np.asarray(vectors, float) @ rotation_to_bergmann(frame, side).T


def from_bergmann(vectors: np.ndarray, frame: str, side: Side = "right") -> np.ndarray:
    """Vectors (…, 3) lateral, anterior, proximal as a frame tells them of a leg; errors as `to_bergmann`."""
    return np.asarray(vectors, float) @ rotation_to_bergmann(frame, side)


def rotation_to_bergmann(frame: str, side: Side = "right") -> np.ndarray:
    """(3, 3) orthonormal; its determinant is −1 where it mirrors. Errors as `to_bergmann`."""
    if frame not in FRAMES:
        raise UsageError(f"There is no frame {frame!r}. {near(frame, FRAMES)}")
    if side not in ("right", "left"):
        raise UsageError(f"A leg is right or left, not {side!r}.")
    known = FRAMES[frame]
    if known.to_bergmann is None:
        raise UsageError(
            f"How the frame {frame!r} lies to Bergmann's depends on the femur.",
            why="its z runs along the proximal shaft axis, Bergmann's from the knee; femora differ in their bow",
            remedy="tell the vectors in another frame, or leave the history in this one: the build knows its femur",
        )
    rotation = np.array(known.to_bergmann, float)
    if known.sided and side == "left":
        rotation[0] *= -1.0
    return rotation
