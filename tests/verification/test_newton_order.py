"""Newton's method ends quadratically with the consistent tangent, and linearly with the stable one."""

from dataclasses import dataclass

import numpy as np
import pytest

from femsim.analyses.loaded_body import LoadedBody
from femsim.fem.kernels.plastic_damage import DAMAGE, KAPPA_C, KAPPA_T
from femsim.solvers.gmres import gmres
from femsim.solvers.newton import Newton
from femsim.verification.yielding import pushed
from tests.necked_bar import bar

AWAY = np.array([1e-3, 1e-4, 3e-5])  # from the solution, share of its size; nearer, round-off blurs it


@dataclass(frozen=True)
class Place:
    """A body at the end of a step, with the state at the start of it.

    u : (3n,) the solution; last : (3n,) that of the step before. way : (3n,) some other motion, smooth, as large as u.
    """

    body: LoadedBody
    u: np.ndarray
    last: np.ndarray
    way: np.ndarray

    def after_one_iteration(self, away: float, stable: bool) -> tuple[float, float]:
        """Residual over the load so far from the solution, and after an iteration with well solved equations."""
        before, u, _ = self._iterated(self.u + away * self.way, stable)
        return before, self._norm(u)

    def _iterated(self, u, stable):
        norm = self._norm(u)
        r, _ = self.body.residual(u)
        step = gmres(self.body.linearised(stable), self.body.precondition, r, rtol=1e-12, restart=200, most=200)
        return norm, u + step.x, step

    def _norm(self, u) -> float:
        r, size = self.body.residual(u)
        return float(np.linalg.norm(r)) / size

    def norms(self, n: int, stable: bool) -> np.ndarray:
        """Residuals of the step, from where it starts."""
        u, norms = self.last, []
        for _ in range(n):
            norm, u, _ = self._iterated(u, stable)
            norms.append(norm)
        return np.array([*norms, self._norm(u)])


def placed(body: LoadedBody, travels) -> Place:
    *_, last, here = pushed(
        body, np.asarray(travels) * body.linear_travel / float(body.yield_ratio().max()), rtol=1e-11
    )
    body.old = last.points
    u, before = (state.u[body.order].ravel() for state in (here, last))
    way = body.precondition(np.random.default_rng(0).normal(size=len(u)))
    return Place(body, u, before, way * np.linalg.norm(u) / np.linalg.norm(way))


METAL = {"tension": 60, "compression": 60, "hardening": 600, "dilation": 1}
BONE = {"tension": 60, "compression": 120, "tension_energy": 20, "compression_energy": 300, "rest": 0.4}
CRACKED, CRUSHED = [0.9, *np.arange(1, 1.4, 0.02)], [0.9, *np.arange(1, 3, 0.1)]
# name → material, pull, times the travel at which it yields first
BARS = {
    "metal that yields": (METAL, 1, [0.9, 1.2, 1.6, 2.0]),
    "bone that cracks": (BONE, 1, CRACKED),
    "bone that cracks and dilates": (BONE | {"dilation": 0.5}, 1, CRACKED),
    "bone that is crushed": (BONE | {"compression_energy": 60}, -1, CRUSHED),
}
DAMAGED = [name for name in BARS if name.startswith("bone")]


@pytest.fixture(scope="module")
def places():
    found = {}

    def place(name) -> Place:
        if name not in found:
            strengths, pull, travels = BARS[name]
            found[name] = placed(bar(2, pull=pull, **strengths), travels)
        return found[name]

    return place


def order(place, stable) -> np.ndarray:
    """Of the residual after an iteration in the distance before it."""
    after = [place.after_one_iteration(away, stable)[1] for away in AWAY]
    return np.diff(np.log(after)) / np.diff(np.log(AWAY))


@pytest.mark.parametrize("name", BARS)
def test_the_bar_is_far_from_elastic(places, name):
    state = places(name).body.now.state
    assert ((state[..., KAPPA_T] + state[..., KAPPA_C]) > 0).mean() > 0.1
    assert state[..., DAMAGE].max() > 0.1 or name not in DAMAGED


@pytest.mark.parametrize("name", BARS)
def test_an_iteration_squares_the_distance(places, name):
    assert order(places(name), stable=False) == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize("name", DAMAGED)
def test_with_the_stable_tangent_an_iteration_only_divides_it(places, name):
    assert order(places(name), stable=True) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("name", BARS)
def test_a_whole_step_ends_quadratically(places, name):
    norms = places(name).norms(7, stable=False)
    assert norms[-1] < 1e-11
    near = np.flatnonzero((norms < 1e-2) & (norms > 1e-5))
    assert len(near) and (norms[near + 1] < 100 * norms[near] ** 2).all()


@pytest.mark.parametrize("name", DAMAGED)
def test_a_whole_step_with_the_stable_tangent_takes_many_iterations(places, name):
    norms = places(name).norms(10, stable=True)
    assert norms[-1] > 1e-7
    assert (norms[-1] < norms[-2]) and norms[-1] > 0.1 * norms[-2]


@pytest.mark.parametrize("name", BARS)
def test_inexact_linear_solutions_lead_to_the_same_place(places, name):
    place = places(name)
    reached = Newton(rtol=1e-9).solve(place.body, place.last)
    assert reached.u == pytest.approx(place.u, abs=1e-6 * np.abs(place.u).max())
    assert reached.norms[-1] < 1e-9
