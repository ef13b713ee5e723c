"""Takes what is in motion from step to step, implicitly: where a step starts to look, and what if it finds nothing."""

import numpy as np

from femsim.analyses.impact_system import ImpactSystem
from femsim.errors import ConvergenceError
from femsim.solvers.time import HHTAlpha
from femsim.solvers.time.motion import Motion

CUTS = 7  # times that a step which does not converge is halved
STOPPING = 1e-3  # of the force that would stop the motion within a step: what counts before anything is touched


class Steps:
    """Steps of one length.

    Parameters
    ----------
    step : [s]. start : the motion it begins with.
    tolerance : forces that may be left unbalanced, over the largest there were.
    """

    def __init__(self, system: ImpactSystem, scheme: HHTAlpha, start: Motion, step: float, tolerance: float):
        self.system, self._scheme, self._step, self._tolerance = system, scheme, step, tolerance
        self.iterations = self.cuts = 0
        self._reference, self._before = _expected(system, start, step), None

    def further(self, motion: Motion) -> list[Motion]:
        """What follows a motion a step later, the last; before it the ends of the parts that the step was cut into.

        Raises
        ------
        ConvergenceError
            Where a 128th of the step does not converge.
        """
        self._reference = max(self._reference, _size(self.system, motion))
        state = self.system.bone.state
        for cut in range(CUTS + 1):
            if cut:
                self.system.bone.state = state
            try:
                found = self._in_parts(motion, 2**cut)
            except ConvergenceError:
                if cut == CUTS:
                    raise
                self.cuts += 1
                continue
            self._before = motion if cut == 0 else None
            return found

    def _in_parts(self, motion: Motion, parts: int) -> list[Motion]:
        found = [motion]
        # Motion is smooth where nothing new is touched: acceleration goes on as it did.
        smooth = parts == 1 and self._before is not None
        guess = 2 * motion.acceleration - self._before.acceleration if smooth else None
        for _ in range(parts):
            further, taken = self._scheme.step(
                self.system, found[-1], self._step / parts, self._tolerance * self._reference, guess
            )
            self.system.bone.commit()
            found.append(further)
            self.iterations += taken
        return found[1:]


def _size(system: ImpactSystem, motion: Motion) -> float:
    """[N] what forces are measured against: the largest of their kinds."""
    forces = motion.forces
    kinds = (forces.internal, forces.given, system.inertia(motion.acceleration), forces.net)
    return max(float(np.linalg.norm(one)) for one in kinds)


def _expected(system: ImpactSystem, motion: Motion, step: float) -> float:
    """[N] before anything is touched: the largest push to come, or a share of what would stop the motion in a step."""
    stopping = max(STOPPING * float(np.linalg.norm(system.inertia(motion.speed))) / step, 1e-12)
    pulse = system.setting.pulse
    if pulse is None:
        return stopping
    crossed = np.einsum("bni,cni->bc", pulse.loads, pulse.loads)
    squares = np.einsum("tb,bc,tc->t", pulse.factors, crossed, pulse.factors)
    return max(stopping, float(np.sqrt(squares.max())))
