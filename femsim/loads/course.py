"""How forces that rise and fall together do so over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, log, pi

import numpy as np

from femsim.arrays import freeze, frozen

GAIT_CYCLE = "% gait cycle"

# Resultant hip force over the cycle: % gait cycle, % body weight. Built on the averages of 757 OrthoLoad cycles
# (first hump 250 % at 12–24 %, mid-stance 65–70 % of it, second hump 232 % at 41–48 %, swing 7–9 %), not itself
# measured.
WAVEFORM = (
    (0, 60), (5, 125), (10, 205), (15, 244), (18, 250), (22, 243), (26, 215), (30, 188), (35, 197), (40, 219),
    (45, 232), (48, 228), (52, 198), (56, 140), (60, 80), (65, 40), (70, 25), (80, 20), (90, 25), (95, 35), (100, 60),
)  # fmt: skip
PEAK_INSTANT = 18.0  # % gait cycle, of the waveform
CYCLE_S = 1.10  # s; 1.09–1.10 ± 0.125 s, OrthoLoad trials

# Running, as quoted: one hump over 0–35 % of the cycle, peak at 12–15 %, half-width 16 %, swing 20–30 % body weight.
RUN_STANCE = 35.0  # % gait cycle
RUN_PEAK = 13.5
RUN_HALF_WIDTH = 16.0
RUN_SWING = 25.0  # % body weight


@dataclass(frozen=True)
class Course:
    """Instants and, at each, the share of the peak.

    instants, share : (t,); the largest share is exactly 1.
    unit : of the instants, "% gait cycle" or "s".
    duration_s : of the cycle or the whole.
    """

    instants: np.ndarray
    share: np.ndarray
    unit: str
    duration_s: float
    cyclic: bool

    def __post_init__(self):
        n = len(self.instants)
        freeze(
            self,
            instants=frozen(self.instants, np.float64, (n,)),
            share=frozen(self.share, np.float64, (n,)),
        )


def cycle_instants(frames: int, peak: float) -> np.ndarray:
    """(frames,) [% cycle] evenly spaced over a cycle, the peak among them."""
    return np.sort((peak + 100.0 * np.arange(frames) / frames) % 100.0)


def gait(frames: int, cycle_s: float = CYCLE_S) -> Course:
    """A cycle of level walking, 0 % at heel strike."""
    instants = cycle_instants(frames, PEAK_INSTANT)
    return Course(instants, cycle_share(instants), GAIT_CYCLE, cycle_s, cyclic=True)


def cycle_share(instants: np.ndarray) -> np.ndarray:
    """Hip force at instants (t,) [% gait cycle] over its largest; 1 exactly at the peak instant."""
    at, value = np.array(WAVEFORM, float).T
    return np.interp(np.asarray(instants, float) % 100.0, at, value / value.max())


def run(frames: int, stance_s: float, peak_percent: float) -> Course:
    """A cycle of running, 0 % at foot strike; peak_percent [% body weight] tells how little the swing is beside it."""
    instants = cycle_instants(frames, RUN_PEAK)
    share = run_share(instants, RUN_SWING / peak_percent)
    return Course(instants, share, GAIT_CYCLE, stance_s * 100.0 / RUN_STANCE, cyclic=True)


def run_share(instants: np.ndarray, swing: float) -> np.ndarray:
    """One hump on the level of the swing phase; 1 exactly at the peak instant.

    A power of a cosine, stretched to either side of the peak, whose width at half its height is RUN_HALF_WIDTH.
    """
    t = np.asarray(instants, float) % 100.0
    sides = np.where(t < RUN_PEAK, RUN_PEAK, RUN_STANCE - RUN_PEAK)
    away = np.minimum(np.abs(t - RUN_PEAK) / sides, 1.0)
    power = log(0.5) / log(cos(pi / 2 * RUN_HALF_WIDTH / RUN_STANCE))
    return 1.0 - (1.0 - swing) * (1.0 - np.cos(pi / 2 * away) ** power)


def hump(frames: int, duration_s: float) -> Course:
    """Once up and down, smooth at both ends: sin² of half a turn."""
    return _once(frames, duration_s, lambda u: np.sin(pi * u) ** 2)


def half_sine(frames: int, duration_s: float) -> Course:
    """The push of a spring that stops a mass and throws it back."""
    return _once(frames, duration_s, lambda u: np.sin(pi * u))


def _once(frames: int, duration_s: float, share: Callable[[np.ndarray], np.ndarray]) -> Course:
    """Evenly spaced with the middle among them; the ends, where nothing acts, are left out."""
    u = 0.5 + (np.arange(frames) - (frames - 1) // 2) / (frames + 1)
    return Course(u * duration_s, share(u), "s", duration_s, cyclic=False)


def hold(frames: int, duration_s: float) -> Course:
    """The same force all the time."""
    instants = duration_s * (np.arange(frames) + 0.5) / frames
    return Course(instants, np.ones(frames), "s", duration_s, cyclic=False)


def eased(instants: np.ndarray, points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Values at instants (t,) of a curve through points (instant, value), along half a cosine from each to the next."""
    at, value = np.array(points, float).T
    t = np.asarray(instants, float)
    before = np.clip(np.searchsorted(at, t, side="right") - 1, 0, len(at) - 2)
    way = (t - at[before]) / (at[before + 1] - at[before])
    return value[before] + (value[before + 1] - value[before]) * 0.5 * (1.0 - np.cos(pi * way))
