"""What material bears at the integration points, and how it gives way: elastoplastic, damaged, weaker in tension."""

from dataclasses import dataclass, fields

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError

# A Drucker-Prager cone through both uniaxial strengths does not close under equal biaxial compression from here on.
MOST_ASYMMETRIC = 2.9


@dataclass(frozen=True)
class PlasticDamage:
    """Strengths and toughness at the integration points; arrays are (e, q).

    tension, compression : [MPa] uniaxial strengths where yielding starts, compression at least tension and at most
        `MOST_ASYMMETRIC` times it; equal ones are von Mises' criterion.
    tension_energy, compression_energy : [N/mm] energy that a crack, or a band of crushing, takes per area until
        nothing but the rest is left; infinite where yielding never weakens.
    rest : share of the strength that stays in compression.
    hardening : [MPa] slope of uniaxial stress over plastic strain.
    dilation : share of the volume change of associated flow; 0: yields without changing its volume, 1: associated.

    Raises
    ------
    ModelError
        For values outside these ranges: which, how many, where.
    """

    tension: np.ndarray
    compression: np.ndarray
    tension_energy: np.ndarray
    compression_energy: np.ndarray
    rest: np.ndarray
    hardening: np.ndarray
    dilation: np.ndarray

    def __post_init__(self):
        shape = np.shape(self.tension)
        for one in fields(self):
            freeze(self, **{one.name: frozen(getattr(self, one.name), np.float64, shape)})
        _refuse("tension", self.tension, (self.tension > 0) & np.isfinite(self.tension), "above 0 MPa")
        ratio = self.compression / self.tension
        within = (ratio >= 1) & (ratio <= MOST_ASYMMETRIC)
        _refuse("compression over tension", ratio, within, f"1 to {MOST_ASYMMETRIC:g}")
        for name in ("tension_energy", "compression_energy"):
            _refuse(name, getattr(self, name), getattr(self, name) > 0, "above 0 N/mm")
        _refuse("rest", self.rest, (self.rest >= 0) & (self.rest <= 1), "0 to 1")
        _refuse("hardening", self.hardening, (self.hardening >= 0) & np.isfinite(self.hardening), "at least 0 MPa")
        _refuse("dilation", self.dilation, (self.dilation >= 0) & (self.dilation <= 1), "0 to 1")


def _refuse(name: str, values: np.ndarray, sound: np.ndarray, range_: str) -> None:
    if sound.all():
        return
    bad = np.argwhere(~sound)
    raise ModelError(
        f"{name} is {values[tuple(bad[0])]:g}; it must be {range_}.",
        where=f"{len(np.unique(bad[:, 0]))} of {len(values)} elements, first {bad[0, 0]}",
        why="the strength law or a factor of disease or rate leads there",
        remedy="check [bone.strength] and the density of the bone there",
    )
