"""Arrows of forces as one surface: twenty of them in a millisecond, while a slider moves."""

from collections.abc import Sequence

import numpy as np

from femsim.view.figures.loads import Arrow

N = 14  # sides
SHAFT, HEAD, HEAD_LONG = 0.9, 2.4, 7.0  # mm: radii of shaft and head, length of the head
LONGEST_HEAD = 0.45  # of the arrow


def arrow_surface(arrows: Sequence[Arrow]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (p, 3) [mm], triangles (t, 3) and their colours (t, 3) uint8 of all arrows."""
    around = 2.0 * np.pi * np.arange(N) / N
    circle = np.stack([np.cos(around), np.sin(around)], axis=1)
    points, colours = [np.empty((0, 3))], [np.empty((0, 3), np.uint8)]
    for one in arrows:
        along = one.tip - one.tail
        length = float(np.linalg.norm(along))
        along = along / length
        side = np.cross(along, np.eye(3)[np.argmin(np.abs(along))])
        side = side / np.linalg.norm(side)
        ring = circle @ np.stack([side, np.cross(along, side)])
        neck = one.tail + (length - min(HEAD_LONG, LONGEST_HEAD * length)) * along
        points += [one.tail + SHAFT * ring, neck + SHAFT * ring, neck + HEAD * ring, [one.tail, neck, one.tip]]
        colours.append(np.tile(np.round(255 * np.array(one.colour)).astype(np.uint8), (len(_TRIANGLES), 1)))
    shifts = (3 * N + 3) * np.arange(len(arrows))[:, None, None]
    return np.concatenate(points), (_TRIANGLES[None] + shifts).reshape(-1, 3), np.concatenate(colours)


def _triangles() -> np.ndarray:
    """Of one arrow: rings of tail, neck and head, then the middles of tail and neck and the tip."""
    here, after = np.arange(N), np.roll(np.arange(N), -1)
    tail, neck, tip = 3 * N, 3 * N + 1, 3 * N + 2
    fill = np.full(N, 0)
    parts = [
        np.stack([here, after, N + after], axis=1),
        np.stack([here, N + after, N + here], axis=1),
        np.stack([after, here, fill + tail], axis=1),
        np.stack([2 * N + after, 2 * N + here, fill + neck], axis=1),
        np.stack([2 * N + here, 2 * N + after, fill + tip], axis=1),
    ]
    return np.concatenate(parts)


_TRIANGLES = _triangles()
