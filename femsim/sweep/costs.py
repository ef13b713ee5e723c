"""What a sweep will cost: seconds by stage and memory, from costs that were measured; an estimate, not a promise."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from femsim.scenario.reading import Scenario

FROM = (
    "measured for walking with a resurfacing cap on one core of a shared machine, 27 November 2026, by mesh size "
    "and order; other implants, femora from files and other machines differ by a factor of 2 or so"
)
# edge length [mm], order → seconds of (femur and mesh, build and solve both models, measures), peak memory [MB].
MEASURED = {
    (10.0, 1): ((6.8, 2.3, 0.4), 440),
    (5.0, 1): ((5.1, 3.8, 0.5), 500),
    (3.0, 1): ((5.9, 4.9, 1.1), 620),
    (5.0, 2): ((6.4, 9.2, 1.3), 620),
    (3.0, 2): ((5.9, 13.4, 2.6), 850),
    (2.0, 2): ((8.3, 33.5, 8.7), 1470),
}
# Another load on a stiffness that is solved costs its measures alone, and less than the first time: spheres and places
# are found. Seconds of each metric then, walking with a resurfacing cap, 6 mm TET10, as above; the rest take nothing.
AGAIN = {
    **{"risk_factor": 0.046, "risk_over_activity": 0.016, "criteria": 0.282, "strain_energy_change": 0.038},
    **{"stimulus": 0.120, "strain_change": 0.092, "neck_strain": 0.035, "load_share": 0.144},
    **{"implant_stress": 0.073, "cement_stress": 0.026, "interface_pull": 0.008},
}
AGAIN_AT = (6.0, 2)  # edge length [mm] and order that these are of


@dataclass(frozen=True)
class Cost:
    """Of one scenario, by stage [s], and the memory that its process takes [MB]."""

    mesh: float
    solve: float
    measures: float
    memory_mb: float


@dataclass(frozen=True)
class Estimate:
    """Of a whole sweep.

    n_meshes, n_stiffnesses : different ones; each is made once.
    mesh, solve, measures : seconds on one core, of all cases together.
    memory_mb : of one process, the largest.
    """

    n_meshes: int
    n_stiffnesses: int
    mesh: float
    solve: float
    measures: float
    memory_mb: float

    @property
    def seconds(self) -> float:
        """On one core."""
        return self.mesh + self.solve + self.measures


def cost_of(scenario: Scenario) -> Cost:
    """What a scenario costs with all metrics; between measured mesh sizes on a straight line of logarithms."""
    return _cost_at(scenario.mesh.size_mm, scenario.mesh.order)


def _cost_at(size: float, order: int) -> Cost:
    sizes = sorted(of for of, known in MEASURED if known == order)
    rows = [(*MEASURED[of, order][0], MEASURED[of, order][1]) for of in sizes]
    at = np.log(size)
    found = [float(np.exp(np.interp(at, np.log(sizes), np.log(column)))) for column in zip(*rows)]
    if size < sizes[0]:  # finer than was measured: as the number of elements
        finer = (sizes[0] / size) ** 3
        found = [one * finer for one in found]
    return Cost(*found)


class Reckoning:
    """Adds up the cost of cases as they are planned: a mesh and a stiffness count once.

    metrics : names of what is measured.
    """

    def __init__(self, metrics: Iterable[str]):
        self._again = sum(AGAIN.get(name, 0.0) for name in metrics)
        self._share = self._again / sum(AGAIN.values())
        self._meshes: set[str] = set()
        self._stiffnesses: set[str] = set()
        self._sums = np.zeros(3)
        self._memory = 0.0
        self._costs: dict[tuple[float, int], Cost] = {}

    def add(self, scenario: Scenario, mesh_key: str, stiffness_key: str) -> None:
        """One more case."""
        size = (scenario.mesh.size_mm, scenario.mesh.order)
        cost = self._costs.setdefault(size, cost_of(scenario))
        self._memory = max(self._memory, cost.memory_mb)
        if mesh_key not in self._meshes:
            self._meshes.add(mesh_key)
            self._sums[0] += cost.mesh
        if stiffness_key not in self._stiffnesses:
            self._stiffnesses.add(stiffness_key)
            self._sums[1:] += cost.solve, cost.measures * self._share
        else:
            self._sums[2] += self._again * cost.measures / _cost_at(*AGAIN_AT).measures

    def estimate(self) -> Estimate:
        """Of all that were added."""
        return Estimate(len(self._meshes), len(self._stiffnesses), *map(float, self._sums), self._memory)
