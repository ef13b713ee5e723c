"""What one femur meets in an impact: what holds it, what falls on it, what it falls on, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError
from femsim.fem.contact import FloorContact
from femsim.fem.coupling import Coupling

KINDS = ("fall", "pulse", "drop")


@dataclass(frozen=True)
class Mass:
    """A body beside the mesh that moves along one line, such as the falling trunk.

    name : it is reported by. mass : [tonne]; speed : [mm/s] at the start; gravity : [mm/s²] along its way.
    """

    name: str
    mass: float
    speed: float = 0.0
    gravity: float = 0.0


@dataclass(frozen=True)
class Pulse:
    """Nodal forces over time.

    loads : (b, n, 3) [N]; times : (t,) [s], ascending; factors : (t, b) of the loads; straight in between, nothing
        before the first and after the last.
    hip : (t,) [N] size of the hip force among them.
    """

    loads: np.ndarray
    times: np.ndarray
    factors: np.ndarray
    hip: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            loads=frozen(self.loads, np.float64, (None, None, 3)),
            times=frozen(self.times, np.float64, (None,)),
            factors=frozen(self.factors, np.float64, (len(self.times), len(self.loads))),
            hip=frozen(self.hip, np.float64, (len(self.times),)),
        )

    def at(self, time: float) -> np.ndarray:
        """(b,) factors at a time [s]."""
        return np.array([np.interp(time, self.times, course, left=0.0, right=0.0) for course in self.factors.T])

    def hip_at(self, time: float) -> float:
        """[N]"""
        return float(np.interp(time, self.times, self.hip, left=0.0, right=0.0))


@dataclass(frozen=True)
class ImpactSetting:
    """Arrays per node are those of the mesh of the model that it was made for.

    kind : "fall", "pulse" or "drop".
    held : (n, 3) bool, directions that do not move.
    mass_density : (e, q) [tonne/mm³].
    velocity : (n, 3) [mm/s] at the start.
    gravity : (3,) [mm/s²] on the femur.
    masses : bodies beside the mesh, one unknown each. couplings : what ties the femur to them and to the room.
    floor, pulse : None where there is none.
    watched : name → (n, 3) pattern whose product with the displacement is a travel that is reported [mm].
    words : sentences on what is assumed.
    """

    kind: str
    held: np.ndarray
    mass_density: np.ndarray
    velocity: np.ndarray
    gravity: np.ndarray = (0.0, 0.0, 0.0)
    masses: tuple[Mass, ...] = ()
    couplings: tuple[Coupling, ...] = ()
    floor: FloorContact | None = None
    pulse: Pulse | None = None
    watched: Mapping[str, np.ndarray] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def __post_init__(self):
        n = len(self.held)
        freeze(
            self,
            held=frozen(self.held, bool, (n, 3)),
            mass_density=frozen(self.mass_density, np.float64, (None, None)),
            velocity=frozen(self.velocity, np.float64, (n, 3)),
            gravity=frozen(self.gravity, np.float64, (3,)),
            masses=tuple(self.masses),
            couplings=tuple(self.couplings),
            watched=MappingProxyType({name: frozen(one, np.float64, (n, 3)) for name, one in self.watched.items()}),
            words=tuple(self.words),
        )
        if self.kind not in KINDS:
            raise ModelError(f"An impact is one of {', '.join(KINDS)}, not {self.kind!r}.")
        for one in self.couplings:
            if len(one.vector) != n or not -1 <= one.body < len(self.masses):
                raise ModelError(f"The coupling {one.name!r} does not fit the mesh or the bodies.", where="impact")

    def harder(self, factor: float) -> "ImpactSetting":
        """The same with every speed at the start, and every force of a push, times a factor."""
        pulse = self.pulse and replace(self.pulse, factors=factor * self.pulse.factors, hip=factor * self.pulse.hip)
        masses = tuple(replace(one, speed=factor * one.speed) for one in self.masses)
        return replace(self, velocity=factor * self.velocity, masses=masses, pulse=pulse)
