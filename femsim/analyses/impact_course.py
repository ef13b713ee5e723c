"""What happened to one model during an impact."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.model import Model


@dataclass(frozen=True)
class Breakage:
    """What became of bone that may break, at every output.

    yielded : (s,) [mm³] largest contiguous volume past yield; a first crack from `crack_volume` on.
    crack_area : (s,) [mm²] largest contiguous broken volume over the width of the band that a crack takes there; a
        fracture from `fracture_area` on.
    """

    yielded: np.ndarray
    crack_area: np.ndarray
    crack_volume: float
    fracture_area: float

    def __post_init__(self):
        freeze(
            self,
            yielded=frozen(self.yielded, np.float64, (None,)),
            crack_area=frozen(self.crack_area, np.float64, (len(self.yielded),)),
        )

    @property
    def first_crack(self) -> int | None:
        """Row from which on there is one."""
        return _first(self.yielded >= self.crack_volume)

    @property
    def fracture(self) -> int | None:
        """Row from which on it has broken."""
        return _first(self.crack_area >= self.fracture_area)


def _first(reached: np.ndarray) -> int | None:
    rows = np.flatnonzero(reached)
    return int(rows[0]) if len(rows) else None


@dataclass(frozen=True)
class ImpactCourse:
    """The time course of an impact; mappings hold arrays (s,), one value per output time.

    model : Model
    times : (s,) [s] from first contact, or the start of the pulse.
    forces : [N] name → course: "floor", "hip", "knee", … as the impact has them; compression positive.
    travels : [mm] name → course: "hip", "trochanter", …; towards the floor positive.
    energies : [N·mm] name → course: "kinetic", "strain" (recoverable, of the femur), "damage" (dissipated in bone),
        "damping", "surroundings" (stored in what the femur touches), "surroundings_lost", "external" (work of gravity
        and of given forces).
    balance : (s,) error of the balance of energy over the largest energy there was; dimensionless.
    frames : (f,) rows of the times whose fields are kept; the largest force among them.
    displacement : (f, n, 3) [mm]; damage : (f, e), zeros where bone is linear.
    scheme : a sentence on time scheme, step and how it was chosen.
    breakage : None where bone was linear.
    warnings : sentences.
    """

    model: Model
    times: np.ndarray
    forces: Mapping[str, np.ndarray]
    travels: Mapping[str, np.ndarray]
    energies: Mapping[str, np.ndarray]
    balance: np.ndarray
    frames: np.ndarray
    displacement: np.ndarray
    damage: np.ndarray
    scheme: str
    warnings: tuple[str, ...] = ()
    breakage: Breakage | None = None

    def __post_init__(self):
        s, f = len(self.times), len(self.frames)
        e, n = self.model.mesh.n_elements, self.model.mesh.n_nodes
        for name in ("forces", "travels", "energies"):
            courses = {key: frozen(values, np.float64, (s,)) for key, values in getattr(self, name).items()}
            freeze(self, **{name: MappingProxyType(courses)})
        freeze(
            self,
            times=frozen(self.times, np.float64, (s,)),
            balance=frozen(self.balance, np.float64, (s,)),
            frames=frozen(self.frames, np.int64, (f,)),
            displacement=frozen(self.displacement, np.float64, (f, n, 3)),
            damage=frozen(self.damage, np.float64, (f, e)),
            warnings=tuple(self.warnings),
        )
