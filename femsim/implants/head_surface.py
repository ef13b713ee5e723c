"""Where the natural head bears the hip force."""

import numpy as np

from femsim.anatomy.femur import Femur

BEARING_DEPTH = 0.15  # share of the head radius by which its surface may differ from the sphere and still bear
BEARING_EDGE = 0.35  # share of the head radius, below its centre, down to which its surface bears


def on_head(femur: Femur, faces: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """(f,) bool: faces on the articular part of the natural head: near its sphere, above the neck."""
    radius, neck = femur.landmarks.head_radius, femur.landmarks.neck_axis
    centres = nodes[faces].mean(axis=1)
    near = np.abs(np.linalg.norm(centres, axis=1) - radius) < BEARING_DEPTH * radius
    return near & (centres @ neck > -BEARING_EDGE * radius)
