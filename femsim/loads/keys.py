"""Scenario keys that many activities share."""

from dataclasses import dataclass

from femsim.loads.course import CYCLE_S
from femsim.registry import parameter


@dataclass(frozen=True)
class HipKeys:
    """Keys of an activity whose forces rise and fall together."""

    scale: float = parameter(
        1.0,
        text="multiplies all forces together",
        unit="-",
        low=0.8,
        high=1.6,
        assumed=True,
        source="spread between patients",
    )
    frames: int = parameter(
        20,
        text="instants, evenly spaced with the peak among them; 1 is the peak alone",
        unit="-",
        low=1,
        high=1000,
    )


@dataclass(frozen=True)
class MuscleKeys(HipKeys):
    """… and that muscles take part in."""

    muscles: bool = parameter(
        True, text="whether muscles act beside the hip force, each in proportion to it", assumed=True
    )


@dataclass(frozen=True)
class GaitKeys(MuscleKeys):
    """… over a cycle of two steps on the level."""

    cycle_s: float = parameter(
        CYCLE_S,
        text="duration of a cycle; moves no static force",
        unit="s",
        low=0.5,
        high=3.0,
        source="1.09–1.10 ± 0.125 s on the level at normal speed, 155 OrthoLoad trials; assumed for other speeds",
    )


def km_per_cycle(speed_km_per_h: float, cycle_s: float) -> float:
    """The way that one cycle covers [km]."""
    return speed_km_per_h * cycle_s / 3600.0
