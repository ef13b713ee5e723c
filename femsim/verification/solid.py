"""A loaded solid, solved, and its answers at places."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.errors import MeshError
from femsim.fem.elasticity import Elasticity
from femsim.fem.forces import strain_at_points
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import NodalField, nodal_average, strain, stress
from femsim.mesh.mesh import Mesh

# Share of the size of a mesh within which a node is where a case asks for it.
_SAME_PLACE = 1e-6


@dataclass(frozen=True)
class Solved:
    """A solved static problem.

    u [mm], reactions [N] : (n, 3)
    strain, stress [MPa] : (e, q, 6) XX YY ZZ XY YZ XZ, at the integration points.
    """

    mesh: Mesh
    u: np.ndarray
    reactions: np.ndarray
    strain: np.ndarray
    stress: np.ndarray

    def displacement_at(self, point) -> np.ndarray:
        """(3,) [mm] of the node at a point."""
        return self.u[node_at(self.mesh, point)]

    def stress_at(self, point, region: str | None = None) -> np.ndarray:
        """(6,) [MPa] at the node at a point: integration points extrapolated, averaged within one region.

        region : where regions meet, the one whose stress is asked for.
        """
        node = self._stress.node == node_at(self.mesh, point)
        if region is not None:
            node &= self._stress.region == self.mesh.regions.index(region)
        (found,) = self._stress.values[node]
        return found

    def mean_stress(self, region: str) -> np.ndarray:
        """(6,) [MPa] volume mean over a region."""
        inside = self.mesh.in_region(region)
        weights = integration_weights(self.mesh)[inside]
        return np.einsum("eq,eqi->i", weights, self.stress[inside]) / weights.sum()

    @cached_property
    def _stress(self) -> NodalField:
        return nodal_average(self.mesh, self.stress)


def solve(
    mesh: Mesh, elasticity: Elasticity, supports: np.ndarray, loads: np.ndarray | None = None,
    *, prescribed: np.ndarray | None = None, initial_strain: np.ndarray | None = None,
) -> Solved:  # fmt: skip
    """Displacement, strain and stress under one load.

    Parameters
    ----------
    supports : (n, 3) bool
    loads : (n, 3) [N]; none when not given.
    prescribed : (n, 3) [mm] of the supported directions; 0 when not given.
    initial_strain : (e, q, 6); stress comes from strain beyond it.
    """
    loads = np.zeros((mesh.n_nodes, 3)) if loads is None else loads
    solution = prepare_static(mesh, elasticity, supports).solve(
        loads, prescribed=prescribed, initial_strain=initial_strain
    )
    (u,), (reactions,) = solution.displacements, solution.reactions
    total = strain(mesh, u)
    elastic = total if initial_strain is None else total - strain_at_points(mesh, initial_strain)
    return Solved(mesh, u, reactions, total, stress(elastic, elasticity))


def held(mesh: Mesh, *, x=(), y=(), z=()) -> np.ndarray:
    """(n, 3) bool: the nodes of the named surfaces held along x, y and z; a name or several."""
    supports = np.zeros((mesh.n_nodes, 3), bool)
    for direction, names in enumerate((x, y, z)):
        for name in (names,) if isinstance(names, str) else names:
            supports[np.unique(mesh.surface(name)), direction] = True
    return supports


def node_at(mesh: Mesh, point) -> int:
    """The node at a point (3,) [mm].

    Raises
    ------
    MeshError
        Where there is none.
    """
    distances = np.linalg.norm(mesh.nodes - point, axis=1)
    nearest = int(np.argmin(distances))
    if distances[nearest] > _SAME_PLACE * np.ptp(mesh.nodes, axis=0).max():
        raise MeshError(f"No node lies at {tuple(point)}; the nearest is {distances[nearest]:.3g} mm away.")
    return nearest
