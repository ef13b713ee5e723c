"""The implicit scheme of Hilber, Hughes and Taylor; with α = 0 it is Newmark's average acceleration."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError
from femsim.registry import parameter
from femsim.solvers.time.motion import Motion, Moving

MOST_ITERATIONS = 25
MOST_TRIES = 5  # along a Newton step that does not lower the residual
FALLEN = 0.8  # share of its slope that the search along a step must get rid of, where it does not halve the residual
# Fall of the residual above which the next iterations take the stable tangent, one, then two, then four: the exact one
# may go to and fro for ever between two sides of a kink.
CIRCLING = 0.9
PATIENCE = 5  # iterations that must halve the residual, or a shorter step is cheaper
SINGLE_STEP = 1e-3  # relative residual of the linear solve in one Newton iteration


@dataclass(frozen=True)
class HHTAlpha:
    """Second order, unconditionally stable for a linear problem; damps the frequencies that the step cannot resolve.

    Source
    ------
    Hilber, Hughes & Taylor, Earthquake Eng. Struct. Dyn. 5 (1977) 283-292, doi:10.1002/eqe.4290050306.
    """

    alpha: float = parameter(
        -0.05, text="damping of the highest frequencies, 0 none, -1/3 most", low=-1 / 3, high=0.0, assumed=True
    )

    @property
    def gamma(self) -> float:
        return 0.5 - self.alpha

    @property
    def beta(self) -> float:
        return (1 - self.alpha) ** 2 / 4

    def step(
        self, problem: Moving, motion: Motion, step: float, limit: float, guess: np.ndarray | None = None
    ) -> tuple[Motion, int]:
        """The motion a step later, and the Newton iterations it took.

        limit : [N] norm of the forces that may be left unbalanced. guess : of the acceleration then.

        Raises
        ------
        ConvergenceError
            Where they are still above after 25 iterations, or five iterations bring nothing.
        """
        a, beta, gamma, h = self.alpha, self.beta, self.gamma, step
        time = motion.time + h
        place = motion.place + h * motion.speed + h**2 * (0.5 - beta) * motion.acceleration
        speed = motion.speed + h * (1 - gamma) * motion.acceleration
        carried = a * motion.forces.net

        def tried(acceleration):
            forces = problem.evaluate(place + beta * h**2 * acceleration, speed + gamma * h * acceleration, time)
            return forces, (1 + a) * forces.net - carried - problem.inertia(acceleration)

        acceleration = motion.acceleration if guess is None else guess
        forces, rest = tried(acceleration)
        sizes, circles, steady = [float(np.linalg.norm(rest))], 0, 0
        for iteration in range(MOST_ITERATIONS + 1):
            size = sizes[-1]
            if size <= limit:
                return Motion(
                    time, place + beta * h**2 * acceleration, speed + gamma * h * acceleration, acceleration, forces
                ), iteration
            stuck = iteration >= PATIENCE and size > 0.5 * sizes[-1 - PATIENCE]
            if iteration == MOST_ITERATIONS or not np.isfinite(size) or stuck:
                break
            change = problem.solve(
                rest, forces, 1 / (beta * h**2), (1 + a) * gamma / (beta * h), 1 + a,
                max(0.3 * limit / size, SINGLE_STEP), **({"stable": True} if steady else {}),
            ) / (beta * h**2)  # fmt: skip
            acceleration, forces, rest = _along(tried, acceleration, change, rest)
            sizes.append(float(np.linalg.norm(rest)))
            if steady:
                steady -= 1
            elif sizes[-1] > CIRCLING * size:
                circles += 1
                steady = 2 ** (circles - 1)
        raise ConvergenceError(
            f"The step to {1e3 * time:.4g} ms did not converge: {size:.1e} N are left unbalanced, above {limit:.1e} N.",
            where=f"implicit step of {1e6 * h:.3g} µs, after {iteration} iterations",
            why="the step is too long for what happens in it",
            remedy="shorten the step: analysis.step_us",
        )


def _along(tried, start: np.ndarray, change: np.ndarray, rest: np.ndarray):
    """The place along a change where the residual does little work along it or is halved, else where it is least."""
    before, norm = float(change @ rest), float(np.linalg.norm(rest))
    share, best = 1.0, None
    for _ in range(MOST_TRIES):
        there = start + share * change
        forces, left = tried(there)
        work, size = float(change @ left), float(np.linalg.norm(left))
        if np.isfinite(size):
            if best is None or size < best[0]:
                best = size, there
            if size <= 0.5 * norm or (abs(work) <= FALLEN * abs(before) and size < 2 * norm):
                return there, forces, left
        secant = before / (before - work) if before != work and np.isfinite(work) else 0.25
        share *= float(np.clip(secant, 0.2, 0.7)) if 0 < secant < 1 else 0.5
    there = start if best is None else best[1]
    return there, *tried(there)  # so that the problem stands where the motion does
