"""Shapes as functions of space, negative inside and about the distance [mm] near their surface, and how they blend."""

import numpy as np


def sphere(points: np.ndarray, centre, radius: float) -> np.ndarray:
    """(n,) exact signed distance of points (n, 3)."""
    return np.sqrt(((points - centre) ** 2).sum(axis=1)) - radius


def round_cone(points: np.ndarray, start, end, start_radius: float, end_radius: float) -> np.ndarray:
    """(n,) signed distance to the hull of two balls, exact outside.

    Source
    ------
    I. Quilez, "Distance functions" (round cone), iquilezles.org/articles/distfunctions
    """
    start, along = np.asarray(start, float), np.asarray(end, float) - start
    length = np.sqrt(along @ along)
    sine = (start_radius - end_radius) / length
    if abs(sine) >= 1:  # one ball holds the other
        centre, radius = (start, start_radius) if sine > 0 else (end, end_radius)
        return sphere(points, centre, radius)
    cosine = np.sqrt(1 - sine**2)
    offset = points - start
    axial = offset @ (along / length)
    radial = np.sqrt(np.maximum((offset**2).sum(axis=1) - axial**2, 0.0))
    # Height on the axis of the ball that touches the hull at the foot of the point.
    foot = np.clip(axial - radial * sine / cosine, 0.0, length)
    return np.sqrt((axial - foot) ** 2 + radial**2) - (start_radius - foot * sine)


def elliptic_tube(across: np.ndarray, half_widths: np.ndarray) -> np.ndarray:
    """(n,) distance, to first order near its surface, from a tube: points (n, 2) from its axis, half-widths (n, 2)."""
    scaled = across / half_widths
    k0 = np.sqrt((scaled**2).sum(axis=1))
    k1 = np.sqrt(((scaled / half_widths) ** 2).sum(axis=1))
    return np.where(k1 > 1e-9, k0 * (k0 - 1) / np.maximum(k1, 1e-9), -half_widths.min(axis=1))


def blend(a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """Union with a fillet: min(a, b) wherever they differ by more than `width` [mm], smooth in between."""
    return np.minimum(a, b) - np.maximum(width - np.abs(a - b), 0.0) ** 2 / (4 * width)


def carve(a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """a without b, with a rounded edge of `width` [mm]."""
    return -blend(-a, b, width)


def merge(parts: list[np.ndarray], width: float) -> np.ndarray:
    """Union of many shapes that flow into each other over about `width` [mm], whatever their order."""
    nearest = np.minimum.reduce(parts)
    return nearest - width * np.log(sum(np.exp((nearest - part) / width) for part in parts))
