"""The explicit scheme: central differences, velocities half a step behind."""

from dataclasses import dataclass

from femsim.solvers.time.motion import Motion, Moving


@dataclass(frozen=True)
class CentralDifference:
    """Second order, conditionally stable: ω h ≤ 2. Damping sees the velocity half a step behind.

    The `speed` of its motions is that at their instant, the mean of the halves; what it needs of the one behind it
    finds from the acceleration.
    """

    def step(self, problem: Moving, motion: Motion, step: float, limit: float = 0.0) -> tuple[Motion, int]:
        """The motion a step later; nothing is iterated, `limit` is not asked."""
        ahead = motion.speed + 0.5 * step * motion.acceleration
        place, time = motion.place + step * ahead, motion.time + step
        forces = problem.evaluate(place, ahead, time)
        acceleration = problem.accelerated(forces.net)
        return Motion(time, place, ahead + 0.5 * step * acceleration, acceleration, forces), 0
