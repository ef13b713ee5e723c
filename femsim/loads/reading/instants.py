"""At which instants a recording is computed: as recorded, or fewer, evenly spaced, with the peak among them."""

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ScenarioError

MOST_FRAMES = 1000
# Share of the peak by which the force at the end of a cycle may differ from that at its beginning. Steps of one person
# differ (SD 18 % of the first peak over 757 recorded cycles, OrthoLoad); more is no cycle.
WIDEST_GAP = 0.25


class Course:
    """Values over time at chosen instants.

    instants : (f,) in the file's unit, or in % of the cycle.
    """

    def __init__(self, at: np.ndarray, forces: np.ndarray, frames: int, *, cyclic: bool, where: str):
        """at : (t,) increasing; forces : (t, 3); frames : how many at the most, 0 for all; cyclic : at[-1] is at[0]."""
        self._at, self._period = at, at[-1] - at[0] if cyclic else 0.0
        size = np.linalg.norm(forces, axis=1)
        if cyclic:
            _closed(at, forces, size, where)
        n = len(at) - cyclic
        if (frames == 0 or frames >= n) and n > MOST_FRAMES:
            raise ScenarioError(
                f"{n} instants, above {MOST_FRAMES}: each is a load case of its own.",
                where=where,
                remedy="give load.frames, or a window by load.begin and load.end",
            )
        peak = at[:n][np.argmax(size[:n])]
        if frames == 0 or frames >= n:
            taken = at[:n]
        elif cyclic:
            taken = at[0] + np.sort((peak - at[0] + self._period * np.arange(frames) / frames) % self._period)
        elif frames == 1:
            taken = np.array([peak])
        else:
            taken = np.linspace(at[0], at[-1], frames)
            taken[np.argmin(np.abs(taken - peak))] = peak
        self._taken = taken
        freeze(self, instants=frozen(100.0 * (taken - at[0]) / self._period if cyclic else taken))

    @property
    def span(self) -> float:
        """From the first to the last, in the file's unit; of a cycle, its period."""
        return float(self._at[-1] - self._at[0])

    def of(self, values: np.ndarray) -> np.ndarray:
        """(f, …) of values (t, …) at the recorded instants, linear between them."""
        values = np.asarray(values, float)
        columns = values.reshape(len(values), -1).T
        return np.stack([np.interp(self._taken, self._at, c) for c in columns], axis=1).reshape(-1, *values.shape[1:])


def _closed(at: np.ndarray, forces: np.ndarray, size: np.ndarray, where: str) -> None:
    if len(at) < 3:
        raise ScenarioError(
            f"{len(at)} instants are no cycle.",
            where=where,
            remedy="give a window of one whole cycle, or load.cyclic = false",
        )
    gap = np.linalg.norm(forces[-1] - forces[0]) / size.max()
    if gap > WIDEST_GAP:
        raise ScenarioError(
            f"The end of the cycle differs from its beginning by {100 * gap:.0f} % of the peak, above "
            f"{100 * WIDEST_GAP:.0f} %.",
            where=where,
            why=f"from {at[0]:g} to {at[-1]:g} is not one cycle",
            remedy="choose load.begin and load.end one cycle apart, or load.cyclic = false",
        )
