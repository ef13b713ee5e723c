"""Where the numbers of arrows stand on paper: beyond their free ends, clear of each other and of the other arrows."""

from collections.abc import Sequence

import numpy as np

ROUNDS = 200  # of pushing apart; some ten are enough unless a crowd has no room at all
_SLANT = np.array([0.8, 0.6])  # where an arrow points at the eye, or two numbers fall on one spot


def clear_places(free: Sequence, inner: Sequence, *, beyond: float, apart: float, beside: float) -> np.ndarray:
    """(k, 2) middles of the numbers, all in mm on paper.

    Parameters
    ----------
    free, inner : (k, 2) ends of the arrows; a number stands at the free one.
    beyond : from the free end, where nothing is in the way.
    apart : between the middles of two numbers.
    beside : from the middle of a number to another arrow.
    """
    free, inner = np.asarray(free, float), np.asarray(inner, float)
    length = np.linalg.norm(free - inner, axis=1, keepdims=True)
    away = np.where(length > 1.0, (free - inner) / np.maximum(length, 1e-9), _SLANT)
    places = free + beyond * away
    for _ in range(ROUNDS):
        push = np.zeros_like(places)
        for k in range(len(places)):
            for other in range(k):
                step = _off(places[k] - places[other], away[k] + 1e-3 * _SLANT * k, apart)
                push[k] += 0.5 * step
                push[other] -= 0.5 * step
            for other in range(len(places)):
                if other != k:
                    nearest = _on_segment(places[k], inner[other], free[other])
                    side = np.array([-away[other][1], away[other][0]])
                    push[k] += _off(places[k] - nearest, side, beside)
        if np.abs(push).max(initial=0.0) < 0.01:
            break
        places = places + 0.6 * push
    return places


def _off(gap: np.ndarray, fallback: np.ndarray, wanted: float) -> np.ndarray:
    """The step that widens a gap to what is wanted; along the fallback where there is none."""
    size = np.linalg.norm(gap)
    if size >= wanted:
        return np.zeros(2)
    way = gap / size if size > 1e-6 else fallback / np.linalg.norm(fallback)
    return (wanted - size) * way


def _on_segment(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The point of a segment nearest to another."""
    along = end - start
    share = np.clip((point - start) @ along / max(along @ along, 1e-12), 0.0, 1.0)
    return start + share * along
