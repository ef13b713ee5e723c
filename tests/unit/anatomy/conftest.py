"""A toy femur of spheres and cones, symmetric from front to back, for tests that need no real anatomy."""

import numpy as np
import pytest

from femsim.anatomy.femur import DISTAL_CUT, Femur, Landmarks
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import Surface, area_vectors, centroids

RADIUS, SHAFT_X, CUT_Z = 24.0, 45.0, -140.0


def toy_shape(points):
    """Signed distance-like function: head, neck, shaft and greater trochanter, cut flat below."""
    base = np.array([SHAFT_X, 0.0, -38.0])
    parts = [
        np.linalg.norm(points, axis=1) - RADIUS,
        _capsule(points, np.zeros(3), base, 15.0),
        _capsule(points, base, [SHAFT_X, 0.0, CUT_Z - 40], 14.5),
        _capsule(points, base, [SHAFT_X + 4, 0.0, -5.0], 12.0),
    ]
    k = 3.0
    joined = -k * np.log(sum(np.exp(-part / k) for part in parts))
    return np.maximum(joined, CUT_Z - points[:, 2])


def _capsule(points, start, end, radius):
    start, end = np.asarray(start, float), np.asarray(end, float)
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0, 1)
    return np.linalg.norm(points - start - share[:, None] * along, axis=1) - radius


@pytest.fixture(scope="session")
def toy_femur() -> Femur:
    return make_toy_femur()


def make_toy_femur(spacing=2.0) -> Femur:
    surface = isosurface(toy_shape, (-32, -32, CUT_Z - 6), (72, 32, 32), spacing)
    normals = area_vectors(surface)
    down = normals[:, 2] < -0.9 * np.linalg.norm(normals, axis=1)
    flat = down & (centroids(surface)[:, 2] < CUT_Z + 1)
    axis = -np.array([SHAFT_X, 0.0, -38.0])
    axis /= np.linalg.norm(axis)
    landmarks = Landmarks(
        head_radius=RADIUS,
        neck_axis=axis,
        neck_centre=-26.0 * axis,
        neck_radius=15.5,
        shaft_point=np.array([SHAFT_X, 0.0, -100.0]),
        shaft_axis=np.array([0.0, 0.0, 1.0]),
        greater_trochanter_tip=np.array([SHAFT_X + 4, 0.0, 7.0]),
        lesser_trochanter=np.array([SHAFT_X - 14, 0.0, -60.0]),
        neck_shaft_angle_deg=180.0 - np.degrees(np.arccos(axis[2])),
        anteversion_deg=0.0,
        offset_mm=SHAFT_X,
    )
    labelled = Surface(surface.points, surface.triangles, np.where(flat, DISTAL_CUT, 0))
    return Femur(labelled, landmarks, "right", np.eye(4))
