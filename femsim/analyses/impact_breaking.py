"""The bone of an impact that yields, cracks and crushes: forces, state and tangent from step to step."""

import numpy as np

from femsim.analyses.breaking_model import borne, refuse_unfit
from femsim.analyses.impact_bone import LinearBone
from femsim.fem.breaking_body import BreakingBody, Step
from femsim.fem.elasticity import Isotropic, lame_at_points, point_array
from femsim.fem.kernels import plastic_damage as columns
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.springs import Springs
from femsim.mesh.mesh import Mesh
from femsim.model import Model


def breaking_bone(model: Model, held: np.ndarray) -> "BreakingBone":
    """That of a model; beside its support and patches of force it never yields: its stress is that of clamp and patch.

    Raises
    ------
    ModelError
        Where the model does not say what its material bears, or has a grain.
    """
    refuse_unfit(model, 'take bone.anisotropy.kind = "isotropic", or analysis.bone = "linear"')
    return BreakingBone(model.mesh, model.elasticity, borne(model), held, model.springs)


class BreakingBone:
    """Internal forces of a mesh of elastoplastic, damaging material; beside LinearBone's, a tangent.

    state : (e, q, STATE) at the end of the last step. operator, coarse : of the elastic body, or of the softened one
    that `soften` last saw, for the preconditioner.
    """

    linear = False

    def __init__(
        self,
        mesh: Mesh,
        elasticity: Isotropic,
        failing: PlasticDamage,
        held: np.ndarray,
        springs: Springs | None = None,
    ):
        self.n_elements = mesh.n_elements
        self._mesh, self._held, self._springs = mesh, held, springs
        self._elasticity = Isotropic(
            *(point_array(mesh, v, "A modulus") for v in (elasticity.youngs_modulus, elasticity.poissons_ratio))
        )
        self.body = BreakingBody(mesh, self._elasticity, failing)
        self._tying = None if springs is None else springs.matrix(mesh.n_nodes).tocsr()
        self._lame = lame_at_points(mesh, self._elasticity)
        self._tangent, self._damper = self.body.tangent(held), self.body.tangent(held)
        self._free = ~held.ravel()
        self._now: Step | None = None
        self.state = self.body.start()
        self._elastic(np.ones(self.body.weights.shape))

    def _elastic(self, share: np.ndarray) -> None:
        modulus = self._elasticity.youngs_modulus * share
        one = LinearBone(self._mesh, Isotropic(modulus, self._elasticity.poissons_ratio), self._held, self._springs)
        self.operator, self.coarse = one.operator, one.coarse

    @property
    def state(self) -> np.ndarray:
        return self._state

    @state.setter
    def state(self, state: np.ndarray) -> None:
        self._state = state
        sound = 1.0 - state[..., columns.DAMAGE]
        rows = np.zeros((*sound.shape, columns.TANGENT))
        lam, mu = self._lame
        rows[..., 0], rows[..., 1] = 2 * mu * sound, lam * sound
        self._viscous = rows
        self._damper.take(rows)

    def forces(self, u: np.ndarray) -> np.ndarray:
        """(n, 3) [N] under displacement (n, 3), from the state at the start of the step."""
        self._find(u, stable=False)
        return self._now.internal if self._tying is None else self._now.internal + self._tied(u)

    def _find(self, u: np.ndarray, *, stable: bool) -> None:
        room = self._now if self._now is not None and self._now.state is not self.state else None
        self._u, self._stable = u, stable
        self._now = self.body.step(np.ascontiguousarray(u), self.state, stable=stable, room=room)

    def _tied(self, u: np.ndarray) -> np.ndarray:
        return (self._tying @ u.ravel()).reshape(-1, 3)

    def damping_forces(self, v: np.ndarray) -> np.ndarray:
        """(n, 3) K v with what was sound at the start of the step: what is broken does not hold by its damping."""
        row = np.ascontiguousarray(v).reshape(1, -1)
        forces = self._damper.apply(row, np.empty_like(row)).reshape(-1, 3)
        return forces if self._tying is None else forces + np.where(self._held, 0.0, self._tied(v))

    def tangent(self, stiffness: float, damping: float, *, stable: bool = False):
        """stiffness · dF/du + damping · K of the damper, at the last forces, as a function of a row (3n,).

        stable : takes damage as it is, and is definite.
        """
        if stable != self._stable:
            self._find(self._u, stable=stable)
        rows = stiffness * self._now.tangent
        rows[..., columns.TANGENT - 6 :] = self._now.tangent[..., columns.TANGENT - 6 :]  # the direction ŝ
        rows[..., :2] += damping * self._viscous[..., :2]
        operator = self._tangent.take(rows)
        tying = None if self._tying is None else (stiffness + damping) * self._tying

        def apply(x: np.ndarray) -> np.ndarray:
            y = operator.apply(x[None], np.empty((1, len(x))))[0]
            return y if tying is None else y + np.where(self._free, tying @ x, 0.0)

        return apply

    def soften(self) -> None:
        """Make operator and coarse space for the body as it is now."""
        self._elastic(self._now.stiffness_left(self._lame[1]))

    def commit(self) -> None:
        """The last displacement is the end of a step."""
        self.state = self._now.state

    def stored(self, u: np.ndarray, internal: np.ndarray) -> float:
        """[N·mm] recoverable energy under u."""
        springs = 0.0 if self._springs is None else self._springs.energy(u)
        return self.body.stored(self.state) + springs

    @property
    def dissipated(self) -> float:
        """[N·mm]"""
        return self.body.lost(self.state)

    @property
    def damage(self) -> np.ndarray:
        """(e,) mean over the points."""
        return self.body.damage(self.state)

    @property
    def yielded(self) -> np.ndarray:
        """(e,) equivalent plastic strain, mean over the points."""
        return self.body.yielded(self.state)
