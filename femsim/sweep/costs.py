"""What a sweep will cost: seconds by stage and memory, from costs that were measured; an estimate, not a promise."""

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
# What another load on a solved stiffness costs: the most that benchmarks allow, 1000 in a minute.
SECONDS_PER_LOAD = 0.06


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
    """What a scenario costs by itself, between measured mesh sizes on a straight line of logarithms."""
    order = scenario.mesh.order
    sizes = sorted(size for size, known in MEASURED if known == order)
    rows = [(*MEASURED[size, order][0], MEASURED[size, order][1]) for size in sizes]
    at = np.log(scenario.mesh.size_mm)
    found = [float(np.exp(np.interp(at, np.log(sizes), np.log(column)))) for column in zip(*rows)]
    if scenario.mesh.size_mm < sizes[0]:  # finer than was measured: as the number of elements
        finer = (sizes[0] / scenario.mesh.size_mm) ** 3
        found = [one * finer for one in found]
    return Cost(*found)


class Reckoning:
    """Adds up the cost of cases as they are planned: a mesh and a stiffness count once."""

    def __init__(self):
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
            self._sums[1:] += cost.solve, cost.measures
        else:
            self._sums[2] += SECONDS_PER_LOAD

    def estimate(self) -> Estimate:
        """Of all that were added."""
        return Estimate(len(self._meshes), len(self._stiffnesses), *map(float, self._sums), self._memory)
