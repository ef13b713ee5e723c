"""Surfaces of revolution: a profile in (r, z) turned about an axis."""

import numpy as np

from femsim.mesh.loft import POLE, stacked
from femsim.mesh.surface import Surface

# An even number keeps a revolved body symmetric; 96 puts a 25 mm circle within 0.014 mm of its polygon.
N_AROUND = 96


def rotation_to(axis: np.ndarray) -> np.ndarray:
    """Rotation matrix (3, 3) that turns (0, 0, 1) into the unit vector `axis` the short way."""
    x, y, z = axis
    if z < -1 + 1e-12:
        return np.diag([1.0, -1.0, -1.0])
    skew = np.array([[0, 0, x], [0, 0, y], [-x, -y, 0]])  # cross-product matrix of (0, 0, 1) × axis
    return np.eye(3) + skew + skew @ skew / (1 + z)


def arc(radius: float, start: tuple[float, float], end: tuple[float, float], *, step: float) -> np.ndarray:
    """Points (k, 2) on a circle about (0, 0) from one of its points to another, both included, [mm]."""
    from_angle, to_angle = np.arctan2(start[1], start[0]), np.arctan2(end[1], end[0])
    count = max(2, int(np.ceil(abs(to_angle - from_angle) * radius / step)) + 1)
    angles = np.linspace(from_angle, to_angle, count)
    points = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    points[0], points[-1] = start, end
    return points


def revolved(
    profile: np.ndarray,
    labels: np.ndarray,
    *,
    origin: np.ndarray,
    axis: np.ndarray,
    step: float,
    n_around: int = N_AROUND,
) -> Surface:
    """The surface a profile sweeps when turned about the axis through the origin.

    profile : (k, 2) radius and height [mm]; a radius of 0 is a pole.
    labels : (k-1,) int, one per segment, given to the triangles it makes.
    step : longest piece of a segment along the profile [mm].

    The material on the left of the profile is behind the surface: a profile that runs counter-clockwise in the (r, z)
    half-plane, with its solid on the left, gives outward triangles.
    """
    rings, ring_labels = [profile[0]], []
    for begin, end, label in zip(profile[:-1], profile[1:], labels, strict=True):
        count = max(1, int(np.ceil(np.hypot(*(end - begin)) / step - 1e-9)))
        fractions = np.arange(1, count + 1) / count
        rings += [end if f == 1 else begin + f * (end - begin) for f in fractions]
        ring_labels += [label] * count

    angles = 2 * np.pi * np.arange(n_around) / n_around
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    turned = []
    for radius, height in rings:
        around = 1 if radius < POLE else n_around
        ring = np.column_stack([radius * circle[:around], np.full(around, height)])
        turned.append(ring @ rotation_to(axis).T + origin)
    return stacked(turned, np.array(ring_labels))
