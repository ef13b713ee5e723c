"""From where one looks at a femur: named views, and planes to cut it along."""

from collections.abc import Callable, Mapping

import numpy as np

from femsim.errors import UsageError, near
from femsim.view.scene import Scene

X, Y, Z = np.eye(3)  # lateral, anterior, proximal
# View → unit vector from the femur to the eye. The femur is a right one; a left one is drawn mirrored.
VIEWS: Mapping[str, Callable[[Scene], np.ndarray]] = {
    "frontal": lambda scene: scene.cut_normal,
    "anterior": lambda scene: Y,
    "posterior": lambda scene: -Y,
    "lateral": lambda scene: X,
    "medial": lambda scene: -X,
    "superior": lambda scene: Z,
    "inferior": lambda scene: -Z,
    "neck": lambda scene: scene.neck_axis,
}
WORDS = {
    "frontal": "from the front, square onto the plane of neck and shaft",
    "neck": "along the neck, from the head",
}
FARTHEST = 1000.0  # mm that a plane can be moved by
# Plane → its unit normal, towards the eye, and a point of it [mm].
PLANES: Mapping[str, Callable[[Scene], tuple[np.ndarray, np.ndarray]]] = {
    "frontal": lambda scene: (scene.cut_normal, np.zeros(3)),
    "sagittal": lambda scene: (-X, np.zeros(3)),
    "transverse": lambda scene: (Z, place(scene, "neck_centre")),
    "neck": lambda scene: (scene.neck_axis, place(scene, "neck_centre")),
}
PLANE_WORDS = {
    "frontal": "cut through neck and shaft axis",
    "sagittal": "cut through the head centre, from front to back, from the medial side",
    "transverse": "cut across the femur, through the middle of the neck",
    "neck": "cut across the neck, through its middle",
}


def place(scene: Scene, landmark: str) -> np.ndarray:
    """(3,) [mm]"""
    return np.asarray(scene.told["landmarks"][landmark], float)


def towards_of(scene: Scene, view: str) -> np.ndarray:
    """(3,) unit, from the femur to the eye: that of a named view, or of three numbers "lateral,anterior,proximal".

    Raises
    ------
    UsageError
        Where it is neither.
    """
    if view in VIEWS:
        return VIEWS[view](scene)
    try:
        given = np.array([float(part) for part in view.split(",")])
    except ValueError:
        given = np.empty(0)
    if given.shape == (3,) and np.isfinite(given).all() and given.any():
        return given / np.linalg.norm(given)
    raise UsageError(
        f"{view!r} is no view. {near(view, VIEWS)}",
        remedy='name one, or give the direction to the eye as "lateral,anterior,proximal", such as 0.5,1,0.2',
    )


def plane_of(scene: Scene, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Unit normal (3,) and a point (3,) [mm] of a named plane; "neck:8" lies 8 mm nearer to the eye than "neck".

    Raises
    ------
    UsageError
        Where nobody knows it.
    """
    kind, _, offset = name.partition(":")
    if kind not in PLANES:
        raise UsageError(f"{kind!r} is no plane to cut along. {near(kind, PLANES)}", where="--cut")
    normal, point = PLANES[kind](scene)
    try:
        away = float(offset or 0.0)
    except ValueError:
        raise UsageError(f"{offset!r} is no distance.", where="--cut", remedy="give mm, such as neck:8") from None
    if not abs(away) <= FARTHEST:
        raise UsageError(f"{away:g} mm lies outside the femur.", where="--cut")
    return normal, point + away * normal


def on_paper(towards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (3,) to the right and up on paper: proximal is up; seen along the shaft, the front is down."""
    # Within 8 degrees of the shaft "up" would be noise.
    up = -Y if abs(towards[2]) > 0.99 else Z
    up = up - (up @ towards) * towards
    up = up / np.linalg.norm(up)
    return np.cross(up, towards), up
