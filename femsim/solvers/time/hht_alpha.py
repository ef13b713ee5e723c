"""The implicit scheme of Hilber, Hughes and Taylor; with α = 0 it is Newmark's average acceleration."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ConvergenceError
from femsim.registry import parameter
from femsim.solvers.line_search import Circling, along
from femsim.solvers.time.motion import Motion, Moving

MOST_ITERATIONS = 25
HARDEST = 2.0  # times the residual before, what a step may leave although it does little work along it
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
            return (1 + a) * forces.net - carried - problem.inertia(acceleration), forces

        acceleration = motion.acceleration if guess is None else guess
        rest, forces = tried(acceleration)
        sizes, circling = [float(np.linalg.norm(rest))], Circling()
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
                max(0.3 * limit / size, SINGLE_STEP), stable=circling.is_steady,
            ) / (beta * h**2)  # fmt: skip
            # Where nothing is finite it stays, and the step is given up.
            reached = along(tried, acceleration, change, rest, most=HARDEST)
            acceleration, rest, forces = reached or (acceleration, *tried(acceleration))
            sizes.append(float(np.linalg.norm(rest)))
            circling.fell(sizes[-1] / size)
        raise ConvergenceError(
            f"The step to {1e3 * time:.4g} ms did not converge: {size:.1e} N are left unbalanced, above {limit:.1e} N.",
            where=f"implicit step of {1e6 * h:.3g} µs, after {iteration} iterations",
            why="the step is too long for what happens in it",
            remedy="shorten the step: analysis.step_us",
        )
