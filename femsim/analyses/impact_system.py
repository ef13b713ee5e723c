"""A femur, the bodies beside it and what is between them, as one system in motion that a time scheme can follow."""

from typing import NamedTuple

import numpy as np

from femsim.analyses.impact_bone import LinearBone
from femsim.analyses.impact_solve import Effective
from femsim.fem.coupling import patterns_of, together
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.laws import Response
from femsim.fem.mass import lumped_mass, mass
from femsim.mesh.mesh import Mesh


class Forces(NamedTuple):
    """What acts at one instant; vectors (3n + m,) [N] of nodes, then of bodies.

    net : all but inertia, 0 where held. given : gravity and pushes. internal : of bone. damped : Rayleigh's.
    couplings : Response (k,); floor : Response (c,) or None. compressions : (k,) of the couplings.
    """

    net: np.ndarray
    given: np.ndarray
    internal: np.ndarray
    damped: np.ndarray
    couplings: Response
    floor: Response | None
    compressions: np.ndarray


class ImpactSystem:
    """M a = net(x, v, t); see `femsim.solvers.time.motion.Moving`.

    Unknowns are the displacements of the nodes, 3n, and the ways of the bodies, m.

    Parameters
    ----------
    mesh : Mesh
    bone : LinearBone, or another with its methods.
    setting : for this mesh.
    rayleigh : (a, b), damping a M + b K with K the elastic stiffness of what is sound.
    lumped : mass at the nodes, instead of the consistent matrix.
    """

    def __init__(self, mesh: Mesh, bone: LinearBone, setting: ImpactSetting, rayleigh=(0.0, 0.0), *, lumped=True):
        from scipy.sparse import csr_matrix, diags

        self.mesh, self.bone, self.setting, self.rayleigh = mesh, bone, setting, rayleigh
        self.n, self.m = mesh.n_nodes, len(setting.masses)
        self.size = 3 * self.n + self.m
        if lumped:
            nodal = diags(lumped_mass(mesh, setting.mass_density)).tocsr()
        else:
            nodal = mass(mesh, setting.mass_density).tocsr()[::3, ::3]
        self.nodal_mass = csr_matrix(nodal)
        self.moves = np.concatenate([~setting.held.ravel(), np.ones(self.m, bool)])
        self.bodies = np.array([one.mass for one in setting.masses])
        whole = patterns_of(setting.couplings, self.m, self.n)
        self._all_patterns = whole
        self.patterns = csr_matrix(whole.multiply(self.moves)) if len(setting.couplings) else whole
        self._law = together(setting.couplings)
        weights = np.array([one.mass * one.gravity for one in setting.masses])
        self._weight = np.concatenate([(self.nodal_mass @ np.ones((self.n, 1)) * setting.gravity).ravel(), weights])
        self._effective = Effective(self)

    @property
    def linear_iterations(self) -> int:
        """Of all systems solved so far."""
        return self._effective.iterations

    @property
    def start(self) -> tuple[np.ndarray, np.ndarray]:
        """Place and speed (3n + m,) at the start."""
        speeds = [one.speed for one in self.setting.masses]
        speed = np.concatenate([np.where(self.setting.held, 0.0, self.setting.velocity).ravel(), speeds])
        return np.zeros(self.size), speed

    def nodes_of(self, x: np.ndarray) -> np.ndarray:
        """(n, 3) part of a vector."""
        return x[: 3 * self.n].reshape(-1, 3)

    def given(self, time: float) -> np.ndarray:
        """(3n + m,) [N] gravity and pushes at a time [s]."""
        pulse = self.setting.pulse
        if pulse is None:
            return self._weight
        total = self._weight.copy()
        total[: 3 * self.n] += np.tensordot(pulse.at(time), pulse.loads, axes=1).ravel()
        return total

    def evaluate(self, place: np.ndarray, speed: np.ndarray, time: float) -> Forces:
        """Everything that acts at an instant."""
        u, v = self.nodes_of(place), self.nodes_of(speed)
        given, damped, internal = self.given(time), np.zeros(self.size), np.zeros(self.size)
        internal[: 3 * self.n] = self.bone.forces(u).ravel()
        a, b = self.rayleigh
        if a:
            self.nodes_of(damped)[:] += a * (self.nodal_mass @ v)
        if b:
            self.nodes_of(damped)[:] += b * self.bone.damping_forces(v * ~self.setting.held)
        compressions = self._all_patterns @ place
        couplings = self.coupled(compressions, self._all_patterns @ speed)
        net = given - damped - internal - self._all_patterns.T @ couplings.total
        floor = None
        if self.setting.floor is not None:
            floor = self.setting.floor.respond(u, v)
            self.nodes_of(net)[self.setting.floor.nodes] += floor.total[:, None] * self.setting.floor.normal
        return Forces(net * self.moves, given, internal, damped, couplings, floor, compressions)

    def coupled(self, compressions: np.ndarray, rates: np.ndarray) -> Response:
        """Answers (k,) of the couplings' laws."""
        return self._law.respond(compressions, rates)

    def inertia(self, acceleration: np.ndarray) -> np.ndarray:
        """M a (3n + m,), 0 where held."""
        force = np.empty(self.size)
        self.nodes_of(force)[:] = self.nodal_mass @ self.nodes_of(acceleration)
        force[3 * self.n :] = self.bodies * acceleration[3 * self.n :]
        return force * self.moves

    def accelerated(self, force: np.ndarray) -> np.ndarray:
        """M⁻¹ f (3n + m,), 0 where held."""
        from scipy.sparse import diags

        moves = self.moves[: 3 * self.n].reshape(-1, 3)
        result = np.zeros(self.size)
        result[3 * self.n :] = force[3 * self.n :] / self.bodies
        target, right = self.nodes_of(result), self.nodes_of(force)
        diagonal = self.nodal_mass.diagonal()
        if self.nodal_mass.nnz == self.n:
            target[:] = moves * right / diagonal[:, None]
            return result
        from scipy.sparse.linalg import cg

        for k in range(3):  # well conditioned: a few dozen steps of Jacobi's
            keep = diags(moves[:, k].astype(float))
            matrix = keep @ self.nodal_mass @ keep + diags(~moves[:, k] * diagonal)
            target[:, k] = cg(matrix, moves[:, k] * right[:, k], rtol=1e-12, M=diags(1 / diagonal))[0] * moves[:, k]
        return result

    def solve(
        self, right, forces: Forces, mass: float, damping: float, stiffness: float, rtol: float, *, stable: bool = False
    ) -> np.ndarray:
        """(mass · M + damping · C + stiffness · K)⁻¹ right, with the tangents at `forces`."""
        return self._effective.solve(right, forces, mass, damping, stiffness, rtol, stable=stable)

    def kinetic(self, speed: np.ndarray) -> float:
        """[N·mm]"""
        return 0.5 * float(speed @ self.inertia(speed))

    def stored(self, place: np.ndarray) -> float:
        """[N·mm] in couplings and floor."""
        compressions = self._all_patterns @ place
        floor = self.setting.floor
        stored = float(self._law.energy(compressions).sum())
        return stored if floor is None else stored + floor.energy(self.nodes_of(place))

    def lost_power(self, forces: Forces, change: np.ndarray) -> float:
        """[N·mm] work of the lossy parts of couplings and floor over a change (3n + m,) of place."""
        lost = float((forces.couplings.total - forces.couplings.elastic) @ (self._all_patterns @ change))
        floor = self.setting.floor
        if floor is not None:
            closing = -(self.nodes_of(change)[floor.nodes] @ floor.normal)
            lost += float((forces.floor.total - forces.floor.elastic) @ closing)
        return lost
