"""Surfaces through rings of points: what stems and reamers are made of."""

from itertools import pairwise

import numpy as np

from femsim.mesh.surface import Surface

POLE = 1e-9  # mm: a ring no larger than this is one point


def lofted(rings: np.ndarray, *, step: float, label: int = 0) -> Surface:
    """The surface through rings, straight from each ring to the next.

    Parameters
    ----------
    rings : (k, n, 3) [mm]
        Points of each ring, in the same order around; a ring whose points fall together is a pole.
    step : float [mm]
        Longest way from a ring to the next; rings farther apart get others between them.

    Rings that run counter-clockwise seen from ahead of the walk, with the solid inside, give outward triangles.
    """
    filled, rings = [np.asarray(rings[0], float)], np.asarray(rings, float)
    for begin, end in pairwise(rings):
        count = max(1, int(np.ceil(np.linalg.norm(end - begin, axis=1).max() / step - 1e-9)))
        filled += [end if k == count else begin + k / count * (end - begin) for k in range(1, count + 1)]
    labels = np.full(len(filled) - 1, label)
    return stacked([ring[:1] if np.ptp(ring, axis=0).max() < POLE else ring for ring in filled], labels)


def stacked(rings: list[np.ndarray], labels: np.ndarray) -> Surface:
    """Rings of n points, or of one for a pole, joined by bands of triangles; one label per band."""
    n_around = max(len(ring) for ring in rings)
    rows, count = [], 0
    for ring in rings:
        rows.append(count + np.arange(n_around) % len(ring))
        count += len(ring)
    triangles, triangle_labels = [], []
    for lower, upper, label in zip(rows[:-1], rows[1:], labels, strict=True):
        lower_next, upper_next = np.roll(lower, -1), np.roll(upper, -1)
        band = []
        if lower[0] != lower[1]:
            band.append(np.column_stack([lower, lower_next, upper_next]))
        if upper[0] != upper[1]:
            band.append(np.column_stack([lower, upper_next, upper]))
        triangles += band
        triangle_labels += [label] * sum(map(len, band))
    return Surface(np.vstack(rings), np.vstack(triangles), np.array(triangle_labels))
