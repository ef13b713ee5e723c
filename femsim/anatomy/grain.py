"""Which way bone is stiffest, by its anatomy: along the bundles of trabeculae, and along the shaft in its cortex."""

import numpy as np

from femsim.anatomy.femur import Femur, outer_surface
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.trabeculae import beside, compressive_column, tensile_band, trochanteric_band
from femsim.arrays import frozen
from femsim.mesh.closest import closest_points

# Amplitude of the bundles over each other, as the density rule has them [g/cm³], and widths in head radii.
_BUNDLES = (
    (compressive_column, 0.30, 0.50),
    (tensile_band, 0.18, 0.30),
    (trochanteric_band, 0.08, 0.30),
)
_SHAFT = 1.0  # weight of the shaft axis where bone is shaft: more than all bundles
_ELSEWHERE = 1e-3  # far from every bundle; decides only where nothing else does
# Depth [mm] down to which bone is all cortex and from which it is none: thin cortices are 1 to 2 mm.
_CORTEX, _CORE = 1.5, 3.0


def trajectories(femur: Femur, points: np.ndarray) -> np.ndarray:
    """Directions of orthotropic bone from landmarks.

    Every bundle gives its tangent at the nearest of its places, weighted as it thins out beside its path; the shaft
    gives its axis, from the lesser trochanter down. What is summed are dyads, in which a direction has no sign; the
    first direction is their principal one. In the cortex only what lies along its surface counts.

    Parameters
    ----------
    points : (k, 3) [mm] in the femur frame.

    Returns
    -------
    (k, 3, 3) : rows are unit, perpendicular directions: 1 along the grain, 2 across it from side to side, 3 from back
        to front.
    """
    marks, neck = femur.landmarks, neck_frame(femur.landmarks)
    lesser, radius = marks.lesser_trochanter[2], marks.head_radius
    share = np.clip((-points[:, 2] + 0.55 * lesser) / (-0.45 * lesser + marks.offset_mm), 0.0, 1.0)
    shaft = np.outer(marks.shaft_axis, marks.shaft_axis)
    dyads = (_ELSEWHERE + _SHAFT * share * share * (3.0 - 2.0 * share))[:, None, None] * shaft
    for bundle, amplitude, width in _BUNDLES:
        path = bundle(marks, neck)
        tangents = np.gradient(path, axis=0)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        distance, row = beside(points, path, neck.anterior)
        weight = amplitude * np.exp(-0.5 * (distance / (width * radius)) ** 2)
        dyads = dyads + weight[:, None, None] * (tangents[row][:, :, None] * tangents[row][:, None, :])
    along_it = np.eye(3) - _inward(femur, points)
    along = np.linalg.eigh(along_it @ dyads @ along_it)[1][:, :, 2]
    return frames_around(along, neck.anterior)


def _inward(femur: Femur, points: np.ndarray) -> np.ndarray:
    """(k, 3, 3) dyad of the direction to the surface, at full length in the cortex and gone in the core."""
    nearest = closest_points(outer_surface(femur), points, within=_CORE)
    found = np.isfinite(nearest.distance) & (nearest.distance > 1e-9)
    dyads = np.zeros((len(points), 3, 3))
    away = (nearest.foot[found] - points[found]) / nearest.distance[found][:, None]
    share = np.clip((_CORE - nearest.distance[found]) / (_CORE - _CORTEX), 0.0, 1.0)
    dyads[found] = share[:, None, None] * away[:, :, None] * away[:, None, :]
    return dyads


def frames_around(along: np.ndarray, front: np.ndarray) -> np.ndarray:
    """(k, 3, 3) rows: the directions `along` (k, 3) unit, across them, and as far to the front (3,) as is left."""
    third = front - (along @ front)[:, None] * along
    length = np.linalg.norm(third, axis=1)
    # Grain that runs to the front itself: any direction across it will do, and the same one every time.
    spare = np.where(np.abs(along[:, [0]]) < 0.7, [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]])
    spare = spare - np.sum(spare * along, axis=1, keepdims=True) * along
    third = np.where((length > 1e-3)[:, None], third, spare)
    third = third / np.linalg.norm(third, axis=1, keepdims=True)
    return frozen(np.stack([along, np.cross(third, along), third], axis=1))
