"""Risk over the directions of the hip force, as a chart seen along the shaft.

A place (x, y) on the chart, in degrees, is a direction of force: straight down at the middle, x to lateral, y to
anterior, and its distance from the middle is the angle to straight down (azimuthal equidistant).
"""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.capacity.hip_risk import HipRisk
from femsim.capacity.load_sets import Face

_LINES = 91  # of the chart's grid, each way
_ROOM = 1.35  # around the outline of a set, over its size


@dataclass(frozen=True)
class RiskMap:
    """risk (m, n) over places x (n,), y (m,) [deg]; NaN where no force of the set's size can be judged."""

    x: np.ndarray
    y: np.ndarray
    risk: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            x=frozen(self.x, np.float64, (None,)),
            y=frozen(self.y, np.float64, (None,)),
            risk=frozen(self.risk, np.float64, (len(self.y), len(self.x))),
        )


def on_chart(forces: np.ndarray) -> np.ndarray:
    """(…, 2) [deg] of forces (…, 3), Bergmann frame."""
    forces = np.asarray(forces, float)
    across = np.linalg.norm(forces[..., :2], axis=-1)
    angle = np.degrees(np.arctan2(across, -forces[..., 2]))
    return forces[..., :2] * (angle / np.maximum(across, 1e-300))[..., None]


def directions_at(places: np.ndarray) -> np.ndarray:
    """(…, 3) unit vectors of places (…, 2) [deg]; those farther than 180° from the middle have none, NaN."""
    angle = np.radians(np.linalg.norm(places, axis=-1, keepdims=True))
    side = np.radians(places) * np.sinc(angle / np.pi)
    return np.where(angle <= np.pi, np.concatenate([side, -np.cos(angle)], axis=-1), np.nan)


def window(face: Face, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and largest place (2,) [deg] of a chart of a set, or of directions (k, 3) where it has no outline."""
    outline = face.outline()
    places = on_chart(directions if outline is None else outline)
    low, high = places.min(axis=0), places.max(axis=0)
    half = 0.5 * (high - low).max() * (1.05 if outline is None else _ROOM)
    return 0.5 * (low + high) - half, 0.5 * (low + high) + half


def risk_map(risk: HipRisk, face: Face, low: np.ndarray, high: np.ndarray) -> RiskMap:
    """The largest risk of the forces of a set in every direction of a window of the chart.

    A set about the zero force is continued beyond its rim, at its size.
    """
    x, y = (np.linspace(low[axis], high[axis], _LINES) for axis in range(2))
    directions = directions_at(np.stack(np.meshgrid(x, y), axis=-1)).reshape(-1, 3)
    known = np.flatnonzero(np.isfinite(directions).all(axis=1))
    values = np.full(len(directions), np.nan)
    for size in face.reach(directions[known]) if not face.is_round else face.reach(directions[known])[:1]:
        there = np.flatnonzero(np.isfinite(size))
        found, _ = risk.largest(size[there, None] * directions[known[there]])
        values[known[there]] = np.fmax(values[known[there]], found)
    return RiskMap(x, y, values.reshape(len(y), len(x)))
