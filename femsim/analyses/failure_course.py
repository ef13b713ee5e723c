"""What happened to one model while its load grew until past the peak."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.beside import unbreakable
from femsim.analyses.outcome import MARROW
from femsim.arrays import freeze, frozen
from femsim.model import Model

SEEN = 1e-6  # equivalent plastic strain from which on an element has yielded


def breakable(model: Model) -> np.ndarray:
    """(e,) bool: all but bone so light that it is marrow: that strains and does not break."""
    return ~(model.density.mean(axis=1) < MARROW)


def judged_bone(model: Model) -> np.ndarray:
    """(e,) bool: solid bone away from the support and from patches of force, where a first crack is looked for."""
    return (model.zone_of >= 0) & ~unbreakable(model) & breakable(model)


@dataclass(frozen=True)
class FailureCourse:
    """Converged states of a model whose load, in the proportions of its activity's peak, grew until it broke.

    Row 0 is the unloaded state; the arrays below have one row per state.

    model : Model
    factor : (s,) load over that at the peak of the activity; falls past the peak.
    travel : (s,) [mm] how far the load moved along itself: work-conjugate to the resultant hip force, or to the
        resultant of whatever drives it.
    force : (s,) [N] what is conjugate to `travel`; force = factor · force at the peak of the activity.
    work, stored, dissipated : (s,) [N·mm] of the load, elastic, by yielding and cracking. Work less the sum of the
        others is the error of the integration over the steps.
    yielded : (s,) [mm³] largest contiguous volume past yield.
    first_yield : factor at which that volume first reached `crack_volume`; None where it never did.
    crack_volume : [mm³] how large it must be to count.
    frames : (f,) rows of the states whose fields are kept; the first yield, the peak and the last among them.
    displacement : (f, n, 3) [mm].
    damage : (f, e) 0 sound … 1 broken, mean over the points of an element.
    plastic_strain : (f, e) equivalent plastic strain, mean over the points.
    iterations : (s,) Newton iterations of the step that led to the state.
    ending : a sentence on why it stopped; past_peak : whether the load fell as far as was asked for.
    log : lines on every step, cuts included.
    """

    model: Model
    factor: np.ndarray
    travel: np.ndarray
    force: np.ndarray
    work: np.ndarray
    stored: np.ndarray
    dissipated: np.ndarray
    yielded: np.ndarray
    first_yield: float | None
    crack_volume: float
    frames: np.ndarray
    displacement: np.ndarray
    damage: np.ndarray
    plastic_strain: np.ndarray
    iterations: np.ndarray
    ending: str
    past_peak: bool
    log: tuple[str, ...] = ()

    def __post_init__(self):
        s = len(self.factor)
        for name in ("factor", "travel", "force", "work", "stored", "dissipated", "yielded"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (s,))})
        f, e, n = len(self.frames), self.model.mesh.n_elements, self.model.mesh.n_nodes
        freeze(
            self,
            iterations=frozen(self.iterations, np.int64, (s,)),
            frames=frozen(self.frames, np.int64, (f,)),
            displacement=frozen(self.displacement, np.float64, (f, n, 3)),
            damage=frozen(self.damage, np.float64, (f, e)),
            plastic_strain=frozen(self.plastic_strain, np.float64, (f, e)),
            log=tuple(self.log),
        )

    @property
    def peak(self) -> int:
        """Row of the largest load."""
        return int(np.argmax(self.factor))

    @property
    def hip_force(self) -> np.ndarray:
        """(s,) [N] size of the hip force in each state."""
        history = self.model.history
        return self.factor * float(np.linalg.norm(history.hip[history.peak]))
