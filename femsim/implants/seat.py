"""How an implant is put on the head and neck: its axis, its centre, and what goes wrong on the way."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.arrays import freeze, frozen
from femsim.registry import parameter


@dataclass(frozen=True)
class Placement:
    """The surgery of an implant that sits on the neck; all 0 is the natural head centre and the neck's own axis."""

    varus_valgus_deg: float = parameter(
        0.0, text="tilt of the stem against the neck axis; positive is valgus (steeper)", unit="deg", low=-20, high=20
    )
    version_deg: float = parameter(
        0.0,
        text="turn of the stem against the neck axis; positive points the cap further forward",
        unit="deg",
        low=-20,
        high=20,
    )
    superior_shift_mm: float = parameter(
        0.0, text="implant moved across its axis, upwards and laterally", unit="mm", low=-10, high=10
    )
    anterior_shift_mm: float = parameter(
        0.0, text="implant moved across its axis, forwards", unit="mm", low=-10, high=10
    )
    depth_mm: float = parameter(
        0.0,
        text="bone reamed and implant seated this much deeper along its axis than the natural head centre asks for",
        unit="mm",
        low=-5,
        high=10,
    )
    notch_mm: float = parameter(
        0.0,
        text="depth of a notch that the reamer cut into the superior neck beside the rim",
        unit="mm",
        low=0,
        high=8,
    )


@dataclass(frozen=True)
class Seat:
    """Frame of an implant on the neck, in the femur frame.

    origin : (3,) its centre [mm]. axis, superior, anterior : unit (3,), right-handed; the axis points out of the bone,
        `superior` across it to the side that faces up and laterally.
    """

    origin: np.ndarray
    axis: np.ndarray
    superior: np.ndarray
    anterior: np.ndarray

    def __post_init__(self):
        for name in ("origin", "axis", "superior", "anterior"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


def seat_of(placement: Placement, femur: Femur) -> Seat:
    """Where the surgery puts the implant."""
    axis = stem_axis(femur, placement.varus_valgus_deg, placement.version_deg)
    superior = femur.landmarks.shaft_axis - (femur.landmarks.shaft_axis @ axis) * axis
    superior /= np.linalg.norm(superior)
    anterior = np.cross(axis, superior)
    origin = placement.superior_shift_mm * superior + placement.anterior_shift_mm * anterior - placement.depth_mm * axis
    return Seat(origin, axis, superior, anterior)


def stem_axis(femur: Femur, varus_valgus_deg: float, version_deg: float) -> np.ndarray:
    """Unit (3,) direction of the stem towards the head: the neck axis tilted in the neck–shaft plane, then turned."""
    neck, shaft = femur.landmarks.neck_axis, femur.landmarks.shaft_axis
    forward = np.cross(neck, shaft)
    forward /= np.linalg.norm(forward)
    upward = np.cross(forward, neck)
    tilt, turn = np.radians(varus_valgus_deg), np.radians(version_deg)
    tilted = np.cos(tilt) * neck + np.sin(tilt) * upward
    return np.cos(turn) * tilted + np.sin(turn) * forward
