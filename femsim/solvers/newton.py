"""Newton's method with a line search, for equations whose tangent need not be symmetric."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femsim.solvers.gmres import gmres
from femsim.solvers.line_search import Circling, along

TIGHTEST, LOOSEST = 1e-8, 1e-2  # of the linear equations inside
UNSOLVED = 0.3  # residual of the linear equations above which their solution is not used
HALVED = 0.5  # what `patience` iterations must bring, or a shorter step is cheaper
_REACH = {"restart": 60, "most": 60}  # linear iterations a step may take


class Equations(Protocol):
    """r(u) = 0."""

    def residual(self, u: np.ndarray) -> tuple[np.ndarray, float]:
        """r (n,), 0 where held, and the size it is measured against."""

    def linearised(self, stable: bool) -> Callable[[np.ndarray], np.ndarray]:
        """-dr/du at the last u asked for, as a function of a motion (n,); `stable`: near it, and definite."""

    def precondition(self, r: np.ndarray) -> np.ndarray:
        """An approximate solution of the linearised equations."""


class Diverged(Exception):
    """The iteration got nowhere; `norms` tell how."""

    def __init__(self, why: str, norms: tuple[float, ...]):
        super().__init__(why)
        self.norms = norms


@dataclass(frozen=True)
class Reached:
    """A solution.

    u : (n,); iterations, linear_iterations; norms : of the residual over its size, one more than the iterations.
    """

    u: np.ndarray
    iterations: int
    linear_iterations: int
    norms: tuple[float, ...] = ()


@dataclass(frozen=True)
class Newton:
    """rtol : of the residual over its size; most : iterations; tightest : of the linear equations.

    patience : iterations that must halve the residual, else it gives up; sooner by one where each brings hardly any.
    """

    rtol: float = 1e-6
    most: int = 16
    tightest: float = TIGHTEST
    patience: int = 4

    def solve(self, equations: Equations, u: np.ndarray) -> Reached:
        """A solution near to u.

        The linear equations are solved as far as the last step calls for, so that the end is still quadratic
        (Eisenstat & Walker, SIAM J. Sci. Comput. 17 (1996) 16-32, choice 2).

        Raises
        ------
        Diverged
            Where it is not reached in so many iterations, a value is not finite, or no step makes it smaller.
        """
        r, size = equations.residual(u)
        norms, inner, forcing, slow = [float(np.linalg.norm(r)) / size], 0, LOOSEST, 0
        circling = Circling()
        for iteration in range(self.most):
            if not np.isfinite(norms[-1]):
                raise Diverged("a value is not a number", tuple(norms))
            if norms[-1] <= self.rtol:
                return Reached(u, iteration, inner, tuple(norms))
            found = gmres(equations.linearised(circling.is_steady), equations.precondition, r, rtol=forcing, **_REACH)
            inner += found.iterations
            if not circling.is_steady and (found.residual > UNSOLVED or not float(found.x @ r) > 0):
                found = gmres(equations.linearised(True), equations.precondition, r, rtol=forcing, **_REACH)
                inner += found.iterations
            reached = along(equations.residual, u, found.x, r)
            if reached is None:
                raise Diverged("a value is not a number", ())
            u, r, size = reached
            norms.append(float(np.linalg.norm(r)) / size)
            fallen = norms[-1] / norms[-2]
            slow = slow + 1 if fallen > 0.8 else 0
            circling.fell(fallen)
            stuck = len(norms) > self.patience + 1 and norms[-1] > HALVED * norms[-1 - self.patience]
            if norms[-1] > self.rtol and (slow >= self.patience - 1 or stuck):
                raise Diverged("the residual no longer falls", tuple(norms))
            tightest = max(self.tightest, 0.1 * self.rtol / max(norms[-1], self.rtol))
            forcing = min(max(0.5 * fallen**2, tightest), LOOSEST)
        if norms[-1] <= self.rtol:
            return Reached(u, self.most, inner, tuple(norms))
        raise Diverged(f"no solution in {self.most} iterations", tuple(norms))
