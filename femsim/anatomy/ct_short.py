"""Landmarks of an upper femur whose shaft the CT does not show: found on head and neck, the shaft as it is told."""

import numpy as np

from femsim.anatomy.ct_segmentation import neck_way
from femsim.anatomy.femur import Landmarks
from femsim.anatomy.frame import MIRROR, frame_of, on_directions, on_points
from femsim.anatomy.head import find_head
from femsim.anatomy.landmarks import ASSUMED_ANTEVERSION_DEG, greater_trochanter_tip
from femsim.errors import SurfaceError
from femsim.mesh.sections import outlines
from femsim.mesh.surface import Surface, transformed

# Means of ten OrthoLoad patients in the femur frame [mm] (landmarks in RWTHmediTEC/HipJointForceModel): where neck axis
# and shaft meet, and the lesser trochanter. Scaled by the head: 24 mm is the usual radius of a man's, assumed.
SHAFT_MEETS_NECK, LESSER_TROCHANTER, HEAD_OF_THEM = (42.0, -6.0, -42.0), (12.0, -15.0, -65.0), 24.0
LEAST_BELOW_HEAD = 1.1  # head radii of bone below the head centre without which there is no neck; assumed


def told_landmarks(
    surface: Surface, side: str, shaft_axis, anteversion_deg: float | None
) -> tuple[Landmarks, np.ndarray, float]:
    """Landmarks, the map (4, 4) to the femur frame, and how far below the head centre the bone reaches [mm].

    Parameters
    ----------
    surface : closed, in the axes of the patient
    shaft_axis : (3,) of the shaft, upwards, in the same axes
    """
    flip = MIRROR if side == "left" else np.eye(4)
    right = transformed(surface, flip)
    axis = on_directions(flip, np.asarray(shaft_axis, float) / np.linalg.norm(shaft_axis))
    head = find_head(right)
    reach = float(((head.centre - right.points) @ axis).max())
    if reach < LEAST_BELOW_HEAD * head.radius:
        raise SurfaceError(
            f"The bone reaches only {reach:.0f} mm below the head centre: its neck is not in the image.",
            remedy="use a CT that shows the whole upper femur",
        )
    neck_axis, neck_centre, neck_radius = _neck(right, head.centre, head.radius, neck_way("right"))
    assumed = anteversion_deg is None
    version = ASSUMED_ANTEVERSION_DEG if assumed else anteversion_deg
    to_femur = frame_of(head.centre, neck_axis, axis, version)
    points = on_points(to_femur, right.points)
    scale = head.radius / HEAD_OF_THEM
    neck = on_directions(to_femur, neck_axis)
    marks = Landmarks(
        head_radius=head.radius,
        neck_axis=neck,
        neck_centre=on_points(to_femur, neck_centre),
        neck_radius=neck_radius,
        shaft_point=scale * np.array(SHAFT_MEETS_NECK),
        shaft_axis=(0.0, 0.0, 1.0),
        greater_trochanter_tip=greater_trochanter_tip(points, head.radius, scale * np.array(SHAFT_MEETS_NECK), version),
        lesser_trochanter=scale * np.array(LESSER_TROCHANTER),
        neck_shaft_angle_deg=180.0 - float(np.degrees(np.arccos(np.clip(neck[2], -1, 1)))),
        anteversion_deg=float(version),
        offset_mm=float(scale * np.hypot(*SHAFT_MEETS_NECK[:2])),
        anteversion_is_assumed=assumed,
    )
    return marks, to_femur @ flip, reach


def _neck(surface: Surface, centre: np.ndarray, radius: float, down: np.ndarray):
    """Axis, centre and radius of the narrowest section next to the head, before the image's end cuts the sections."""
    depths = np.arange(0.85, 1.21, 0.05) * radius
    for _ in range(40):
        pieces = []
        for depth, found in zip(depths, outlines(surface, centre, down, depths)):
            near = [o for o in found if np.linalg.norm(o.centroid - centre - depth * down) < 0.5 * radius]
            if near:
                pieces.append(max(near, key=lambda outline: outline.area))
        if len(pieces) < 4:
            raise SurfaceError("No neck was found below the head.", remedy="look at the picture of the segmentation")
        area = np.array([piece.area for piece in pieces])
        middle = np.mean([piece.centroid for piece in pieces], axis=0) - centre
        new = down + 0.5 * (middle / np.linalg.norm(middle) - down)
        new /= np.linalg.norm(new)
        turn, down = np.linalg.norm(new - down), new
        if turn < 1e-4:
            break
    narrowest = pieces[int(np.argmin(area))]
    return -down, narrowest.centroid, float(np.sqrt(area.min() / np.pi))
