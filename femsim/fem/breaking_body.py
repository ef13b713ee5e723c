"""A mesh whose material yields, cracks and crushes: internal forces, state and tangent under a displacement."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic, lame_at_points
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_weights, is_straight
from femsim.fem.kernels import gradients
from femsim.fem.kernels import plastic_damage as kernels
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.recovery import strain, stress, von_mises
from femsim.fem.softening import band_width, bearable, lowered, softening_rate
from femsim.fem.tangent import tangent_of
from femsim.mesh.mesh import Mesh

_ROOT3 = np.sqrt(3.0)
SOFTEST = 0.01  # of the elastic modulus, the least that a preconditioner is made with


@dataclass(frozen=True)
class Step:
    """What a displacement does to the body.

    internal : (n, 3) [N] nodal forces of the nominal stress.
    state : (e, q, STATE), see `kernels.plastic_damage`.
    tangent : (e, q, TANGENT).
    """

    internal: np.ndarray
    state: np.ndarray
    tangent: np.ndarray

    def stiffness_left(self, shear: np.ndarray) -> np.ndarray:
        """(e, q) share of the shear modulus (e, q) [MPa] that is left, for a preconditioner; SOFTEST at the least."""
        return np.clip(self.tangent[..., 0] / (2 * shear), SOFTEST, 1.0)


class BreakingBody:
    """Internal forces of a mesh of elastoplastic, damaging material, for small strains.

    Parameters
    ----------
    mesh : TET4, or TET10 with straight sides.
    elasticity : Isotropic, as of integration points.
    failing : PlasticDamage (e, q)

    `lowered` (e, q) tells what share of its strength is left where elements are large for their fracture energy.

    Raises
    ------
    ModelError
        For curved elements, or where an element is far too large for its fracture energy.
    """

    def __init__(self, mesh: Mesh, elasticity: Isotropic, failing: PlasticDamage):
        if not is_straight(mesh):
            raise ModelError("Elements with curved sides cannot break.", remedy="mesh with straight sides")
        self.mesh, self.elasticity, self.failing = mesh, elasticity, failing
        self._element = element_of(mesh.elements)
        self.weights = integration_weights(mesh)
        self.lowered = lowered(mesh, elasticity, failing)
        self._properties = _properties(mesh, elasticity, bearable(failing, self.lowered)).reshape(
            -1, kernels.PROPERTIES
        )
        self._places = np.argsort(mesh.elements.ravel(), kind="stable")
        self._start = np.concatenate([[0], np.cumsum(np.bincount(mesh.elements.ravel(), minlength=mesh.n_nodes))])
        self._strain = np.empty((*self.weights.shape, 6))
        self._shares = np.empty((*mesh.elements.shape, 3))

    def start(self) -> np.ndarray:
        """(e, q, STATE) of the unloaded, sound body."""
        return np.zeros((*self.weights.shape, kernels.STATE))

    def step(
        self, displacement: np.ndarray, old: np.ndarray, relax: float = 1.0, *, stable: bool = False, room=None
    ) -> Step:
        """State and forces under a displacement (n, 3) [mm], from the state at the start of the step.

        Parameters
        ----------
        relax : share of the way that damage goes towards what the strain asks for, 1 without viscosity.
        stable : a tangent that takes damage as it is, in place of the consistent one.
        room : a Step that is no longer needed, whose arrays are written over.
        """
        mesh = self.mesh
        gradients.fill_strain(mesh.nodes, mesh.elements, self._element.gradients, displacement, self._strain)
        shape = (*self.weights.shape, kernels.TANGENT)
        new, tangent = (room.state, room.tangent) if room else (np.empty_like(old), np.empty(shape))
        follow = 0.0 if stable else 1.0
        kernels.fill_points(
            self._strain.reshape(-1, 6), old.reshape(-1, kernels.STATE), self._properties, relax, follow,
            new.reshape(-1, kernels.STATE), tangent.reshape(-1, kernels.TANGENT),
        )  # fmt: skip
        stress = np.ascontiguousarray(new[..., kernels.STRESS : kernels.STRESS + 6])
        return Step(self._forces(stress), new, tangent)

    def tangent(self, held: np.ndarray):
        """Room for a tangent operator of this body, to be filled by its `take`; held (n, 3) bool."""
        return tangent_of(self, held)

    def stored(self, state: np.ndarray) -> float:
        """[N·mm] of elastic energy."""
        return float(np.sum(self.weights * state[..., kernels.STORED]))

    def lost(self, state: np.ndarray) -> float:
        """[N·mm] dissipated since the start, by the trapezoidal rule over the steps."""
        return float(np.sum(self.weights * state[..., kernels.LOST]))

    def yielded(self, state: np.ndarray) -> np.ndarray:
        """(e,) equivalent plastic strain, mean over the points."""
        return (state[..., kernels.KAPPA_T] + state[..., kernels.KAPPA_C]).mean(axis=1)

    def damage(self, state: np.ndarray) -> np.ndarray:
        """(e,) mean over the points."""
        return state[..., kernels.DAMAGE].mean(axis=1)

    def elastic_stress(self, displacement: np.ndarray) -> np.ndarray:
        """(e, q, 6) [MPa] of the sound body under a displacement (n, 3) [mm]."""
        return stress(strain(self.mesh, displacement), self.elasticity)

    def yield_ratio(self, stress: np.ndarray) -> np.ndarray:
        """(e, q) of a stress (e, q, 6) [MPa] over that in its proportions which yields; at least 0."""
        first = stress[..., :3].sum(axis=-1)
        root = von_mises(stress) / _ROOT3
        alpha, cohesion = (self._properties[:, k].reshape(root.shape) for k in (kernels.ALPHA, kernels.COHESION))
        return np.maximum((root + alpha * first) / cohesion, 0.0)

    def _forces(self, stress: np.ndarray) -> np.ndarray:
        mesh, rule = self.mesh, self._element.rule
        gradients.fill_stress_forces(
            mesh.nodes, mesh.elements, self._element.gradients, rule.weights, stress, self._shares
        )
        sums = np.empty((mesh.n_nodes, 3))
        gradients.fill_nodal_sums(self._start, self._places, self._shares.reshape(-1, 3), sums)
        return sums

    def tangent_forces(self, tangent: np.ndarray, motion: np.ndarray) -> np.ndarray:
        """(n, 3) tangent (e, q, TANGENT) times a motion (n, 3), for any element."""
        mesh = self.mesh
        gradients.fill_strain(mesh.nodes, mesh.elements, self._element.gradients, motion, self._strain)
        stress = np.empty_like(self._strain)
        kernels.fill_tangent_stress(
            self._strain.reshape(-1, 6), tangent.reshape(-1, kernels.TANGENT), stress.reshape(-1, 6)
        )
        return self._forces(stress)


def _properties(mesh: Mesh, elasticity: Isotropic, failing: PlasticDamage) -> np.ndarray:
    """(e, q, PROPERTIES) rows of what the kernel asks for."""
    lam, mu = lame_at_points(mesh, elasticity)
    t, c = failing.tension, failing.compression
    modulus = mu * (3 * lam + 2 * mu) / (lam + mu)
    alpha = (c - t) / (_ROOT3 * (c + t))
    beta = failing.dilation * alpha
    width = band_width(mesh)[:, None]
    tension = softening_rate(width, modulus, failing.tension_energy, t, 1 + _ROOT3 * beta, 1.0)
    compression = softening_rate(width, modulus, failing.compression_energy, c, 1 - _ROOT3 * beta, 1 - failing.rest)
    return np.stack(
        [
            lam, mu, alpha, 2 * c * t / (_ROOT3 * (c + t)), beta, failing.hardening / _ROOT3, tension, 2 * compression,
            failing.rest,
        ],
        axis=-1,
    )  # fmt: skip
