"""A breaking body under one load in its proportions, driven by the travel of that load: the equations of a step."""

from dataclasses import fields
from functools import cached_property

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.breaking_body import BreakingBody, Step
from femsim.fem.constraints import held_directions
from femsim.fem.elasticity import Isotropic, point_array
from femsim.fem.geometry import centroids
from femsim.fem.ordering import near_order, renumbered
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.springs import Springs
from femsim.mesh.mesh import Mesh

# How much stiffer than the body the machine is that drives the load: it controls the travel, but for a thousandth.
MACHINE = 1000.0
TIRED = 40  # linear iterations a Newton step, from which on the preconditioner is made anew


class LoadedBody:
    """A body under P c, c the nodal forces of its load over their size [N/N].

    The machine moves: P = ρ (δ - c·u), ρ far above the stiffness of the body, so that δ is the travel c·u that is
    conjugate to P, and P may fall.

    Parameters
    ----------
    mesh, elasticity, failing, held, springs : the body, in the numbers of its own mesh; arrays of points (e, q).
    loads : (n, 3) [N], in balance with what is held.
    size : [N] what P is told in: the hip force of these loads, or their resultant.
    judged : (e,) bool, where a first crack is looked for; everywhere when not given.
    """

    def __init__(
        self,
        mesh: Mesh,
        elasticity: Isotropic,
        failing: PlasticDamage,
        held: np.ndarray,
        loads: np.ndarray,
        *,
        size: float,
        springs: Springs | None = None,
        judged: np.ndarray | None = None,
    ):
        self.order, self._rows = near_order(mesh.nodes), near_order(centroids(mesh))
        near, rows = renumbered(mesh, self.order), self._rows
        self._mesh = Mesh(near.nodes, near.elements[rows], near.region_of[rows], near.regions)
        moduli = (
            point_array(mesh, v, "A modulus")[rows] for v in (elasticity.youngs_modulus, elasticity.poissons_ratio)
        )
        self.elasticity = Isotropic(*moduli)
        failing = PlasticDamage(**{one.name: getattr(failing, one.name)[rows] for one in fields(failing)})
        self.breaking = BreakingBody(self._mesh, self.elasticity, failing)
        self.judged = np.ones(mesh.n_elements, bool) if judged is None else judged[rows]
        self._held = held_directions(mesh, held)[self.order]
        self._springs = springs and springs.renumbered(self.order)
        self._spring_matrix = self._springs.matrix(mesh.n_nodes).tocsr() if self._springs else None
        self.size = size
        self.pattern = np.where(self._held, 0.0, loads[self.order] / size).ravel()
        self._operator = self.breaking.tangent(self._held)
        self._prepare(np.ones(self.breaking.weights.shape))
        self.linear, self.linear_travel = size * self._pulled, size * self._give  # under the load itself
        self.machine = MACHINE / self._give
        self.travel, self.old, self.relax, self.largest = 0.0, self.breaking.start(), 1.0, 0.0
        self.now: Step | None = None

    def yield_ratio(self) -> np.ndarray:
        """(e, q) of the linear stress at the peak of the activity over what yields."""
        elastic = self.breaking.elastic_stress(self.linear.reshape(-1, 3))
        return self.breaking.yield_ratio(elastic)

    # The equations of one state, for `Newton`.

    def residual(self, u: np.ndarray) -> tuple[np.ndarray, float]:
        """(3n,) forces that are out of balance, and the size of the load."""
        self._u = u
        self._find(stable=False)
        internal = self.now.internal.ravel()
        if self._springs:
            internal = internal + self._spring_matrix @ u
        force = self.force(u)
        r = np.where(self._held.ravel(), 0.0, force * self.pattern - internal)
        return r, max(abs(force), self.largest) * float(np.linalg.norm(self.pattern)) or 1.0

    def _find(self, stable: bool) -> None:
        room = self.now if self.now is not None and self.now.state is not self.old else None
        self._stable = stable
        self.now = self.breaking.step(self._u.reshape(-1, 3), self.old, self.relax, stable=stable, room=room)

    def force(self, u: np.ndarray) -> float:
        """[N] of the machine."""
        return self.machine * (self.travel - float(self.pattern @ u))

    def linearised(self, stable: bool = False):
        """The tangent at the last u, machine and springs included; a stable one takes damage as it is."""
        if stable != self._stable:
            self._find(stable)
        operator, pattern = self._operator.take(self.now.tangent), self.pattern
        free = ~self._held.ravel()

        def apply(x):
            y = operator.apply(x[None], np.empty((1, len(x))))[0]
            if self._springs:
                y += np.where(free, self._spring_matrix @ x, 0.0)
            return y + (self.machine * float(pattern @ x)) * pattern

        return apply

    def precondition(self, r: np.ndarray) -> np.ndarray:
        """By the elastic body, or the softened one it was last made for, and the machine by Sherman & Morrison."""
        z = self._prepared.precondition(r)
        return z - self._pulled * (self.machine * float(self._pulled @ r) / (1 + self.machine * self._give))

    def soften(self) -> None:
        """Make the preconditioner for the body as it is now."""
        self._prepare(self.now.stiffness_left(self._shear))

    def _prepare(self, share: np.ndarray) -> None:
        elasticity = Isotropic(self.elasticity.youngs_modulus * share, self.elasticity.poissons_ratio)
        problem = prepare_static(self._mesh, elasticity, self._held, springs=self._springs)
        self._prepared = _Ordered(problem)
        found = problem.solve(self.pattern.reshape(-1, 3), rtol=1e-6)
        self._pulled = np.where(self._held.ravel(), 0.0, found.displacements[0].ravel())
        self._give = float(self.pattern @ self._pulled)  # [mm/N]

    @cached_property
    def _shear(self) -> np.ndarray:
        return self.elasticity.youngs_modulus / (2 * (1 + self.elasticity.poissons_ratio))

    def accept(self) -> None:
        """Make the last state asked for the start of the next step."""
        self.old = self.now.state

    # What is told of a state, in the numbers of the mesh that was given.

    def motion(self, u: np.ndarray) -> np.ndarray:
        """(n, 3) [mm]"""
        motion = np.empty((len(self.order), 3))
        motion[self.order] = u.reshape(-1, 3)
        return motion

    def of_elements(self, values: np.ndarray) -> np.ndarray:
        """(e,) in the order of the mesh that was given, of values in that of `breaking`."""
        result = np.empty(len(values))
        result[self._rows] = values
        return result

    def stored(self, u: np.ndarray) -> float:
        """[N·mm], springs included."""
        springs = self._springs.energy(u.reshape(-1, 3)) if self._springs else 0.0
        return self.breaking.stored(self.now.state) + springs

    def yielded(self) -> np.ndarray:
        """(e,) equivalent plastic strain, mean over the points, in the order of `breaking`."""
        return self.breaking.yielded(self.now.state)

    def damage(self) -> np.ndarray:
        """(e,) mean over the points, in the order of `breaking`."""
        return self.breaking.damage(self.now.state)


class _Ordered:
    """A prepared problem that is asked in the numbers of its mesh."""

    def __init__(self, problem):
        self._problem = problem

    def precondition(self, r: np.ndarray) -> np.ndarray:
        order = self._problem.order
        z = np.empty_like(r)
        z.reshape(-1, 3)[order] = self._problem.prepared.precondition(r.reshape(-1, 3)[order].ravel()).reshape(-1, 3)
        return z
