"""Newton's method: it reaches what can be reached, and says so where nothing can."""

import contextlib
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.solvers.newton import Diverged, Newton

N = 12


@dataclass
class Springs:
    """load - K u - stiffening u³ = 0, K nonsymmetric; keeps where it was asked.

    slope : of the tangent it tells, over the true one. stable_slope : of the stable one.
    """

    load: np.ndarray
    stiffening: float = 3.0
    slope: float = 1.0
    stable_slope: float = 1.0
    asked: list = field(default_factory=list)
    tangents: list = field(default_factory=list)

    @property
    def matrix(self):
        return 2.5 * np.eye(N) - 1.4 * np.eye(N, k=-1) - 0.6 * np.eye(N, k=1)

    def residual(self, u):
        self.asked.append(u.copy())
        return self.load - self.matrix @ u - self.stiffening * u**3, float(np.linalg.norm(self.load))

    def linearised(self, stable):
        self.tangents.append(stable)
        true = self.matrix + 3 * self.stiffening * np.diag(self.asked[-1] ** 2)
        share = self.stable_slope if stable else self.slope
        return lambda x: share * (true @ x)

    def precondition(self, r):
        return r / 2.5


@dataclass
class Scalar:
    """r(u) of one number, with its derivative."""

    function: object
    derivative: object
    size: float = 1.0
    asked: list = field(default_factory=list)

    def residual(self, u):
        self.asked.append(float(u[0]))
        return np.array([self.function(float(u[0]))]), self.size

    def linearised(self, stable):
        slope = -self.derivative(self.asked[-1])
        return lambda x: slope * x

    def precondition(self, r):
        return r


LOAD = np.linspace(1, 3, N)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-10])
def test_it_reaches_the_solution(rtol):
    equations = Springs(LOAD)
    reached = Newton(rtol=rtol).solve(equations, np.zeros(N))
    r, size = equations.residual(reached.u)
    assert np.linalg.norm(r) / size <= rtol
    assert reached.norms[-1] == pytest.approx(np.linalg.norm(r) / size)
    assert len(reached.norms) == reached.iterations + 1 and reached.linear_iterations >= reached.iterations


def test_a_linear_equation_takes_as_many_iterations_as_its_linear_solutions_need():
    reached = Newton(rtol=1e-9).solve(Springs(LOAD, stiffening=0.0), np.zeros(N))
    assert reached.u == pytest.approx(np.linalg.solve(Springs(LOAD).matrix, LOAD), rel=1e-7)


def test_from_a_solution_nothing_is_solved():
    there = Newton(rtol=1e-9).solve(Springs(LOAD), np.zeros(N)).u
    equations = Springs(LOAD)
    reached = Newton(rtol=1e-6).solve(equations, there)
    assert reached.iterations == reached.linear_iterations == 0 and equations.tangents == []
    assert (reached.u == there).all()


def test_the_end_is_faster_than_linear():
    norms = np.array(Newton(rtol=1e-10).solve(Springs(LOAD), np.full(N, 0.7)).norms)
    near = np.flatnonzero((norms < 0.1) & (norms > 1e-5))
    assert len(near) >= 2 and (norms[near + 1] < 5 * norms[near] ** 1.8).all()


def test_the_equations_stand_where_the_solution_does():
    """The state of the material is that of the last motion asked for."""
    equations = Springs(LOAD)
    reached = Newton().solve(equations, np.full(N, -2.0))
    assert (equations.asked[-1] == reached.u).all()


class Attentive(Springs):
    """Minds that every step starts, as its tangent does, from the place whose residual it gets rid of."""

    tangent = None

    def residual(self, u):
        found = super().residual(u)
        if self.tangent is not None:
            place, r, apply = self.tangent
            assert np.linalg.norm(apply(u - place) - r) < 0.1 * np.linalg.norm(r)
            self.tangent = None
        return found

    def linearised(self, stable):
        place, apply = self.asked[-1], super().linearised(stable)
        self.tangent = place, self.load - self.matrix @ place - self.stiffening * place**3, apply
        return apply


def test_a_step_starts_where_the_search_before_it_ended():
    # Eight times too stiff: every step is too short, and the shorter ones that are tried after it are worse.
    stiff = Attentive(LOAD, slope=8.0)
    with contextlib.suppress(Diverged):
        Newton(rtol=1e-8, most=20).solve(stiff, np.zeros(N))
    assert len(stiff.tangents) >= 2


def test_where_whole_steps_go_astray_shorter_ones_are_taken():
    # Newton's steps on atan run away from all that is beyond 1.39.
    far = Scalar(np.arctan, lambda u: 1 / (1 + u * u))
    reached = Newton(rtol=1e-9, most=30).solve(far, np.array([3.0]))
    assert abs(reached.u[0]) < 1e-8
    assert max(abs(u) for u in far.asked[2:]) < abs(3.0 - np.arctan(3.0) * 10)


def test_a_step_into_what_is_not_a_number_is_shortened():
    # Equilibrium at 0.5; beyond 1 the law is not defined.
    brittle = Scalar(lambda u: 0.5 - np.arcsin(u) if abs(u) <= 1 else np.nan, lambda u: -1.0)
    brittle.derivative = lambda u: -0.2  # so soft that the first step goes to 2.5
    reached = Newton(rtol=1e-8, most=60).solve(brittle, np.array([0.0]))
    assert np.arcsin(reached.u[0]) == pytest.approx(0.5, abs=1e-7)


@pytest.mark.parametrize("slope", [-1.0, 0.0])
def test_where_the_tangent_points_away_the_stable_one_is_taken(slope):
    equations = Springs(LOAD, slope=slope)
    reached = Newton(rtol=1e-8).solve(equations, np.zeros(N))
    assert reached.norms[-1] <= 1e-8 and True in equations.tangents


def test_a_good_tangent_is_never_replaced():
    equations = Springs(LOAD)
    Newton(rtol=1e-8).solve(equations, np.zeros(N))
    assert True not in equations.tangents


def test_more_iterations_than_allowed_are_told_with_their_residuals():
    with pytest.raises(Diverged, match="3 iterations") as raised:
        Newton(rtol=1e-12, most=3).solve(Springs(LOAD), np.full(N, 2.0))
    assert len(raised.value.norms) == 4 and raised.value.norms[-1] > 1e-12


def test_a_start_that_is_not_a_number_is_told():
    with pytest.raises(Diverged, match="not a number"):
        Newton().solve(Scalar(lambda u: np.nan, lambda u: 1.0), np.zeros(1))


def test_a_law_that_is_defined_nowhere_else_is_told():
    with pytest.raises(Diverged, match="not a number"):
        Newton().solve(Scalar(lambda u: 1.0 if u == 0 else np.nan, lambda u: -1.0), np.zeros(1))


def test_what_has_no_solution_is_given_up():
    # More load than it can bear: 2 - sin u is never 0.
    with pytest.raises(Diverged) as raised:
        Newton(most=200).solve(Scalar(lambda u: 2 - np.sin(u), lambda u: -np.cos(u)), np.zeros(1))
    assert len(raised.value.norms) < 100 and min(raised.value.norms) >= 1


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")  # some of them run away
@given(
    st.lists(st.floats(-50, 50), min_size=N, max_size=N), st.floats(-0.2, 5), st.floats(-1, 3), st.floats(-2, 2),
    st.integers(1, 20),
)  # fmt: skip
def test_what_it_returns_has_always_converged(load, stiffening, slope, start, most):
    equations = Springs(np.array(load) + 0.01, stiffening, slope)
    try:
        reached = Newton(rtol=1e-6, most=most).solve(equations, np.full(N, start))
    except Diverged as fault:
        assert str(fault)
        return
    r, size = equations.residual(reached.u)
    assert np.linalg.norm(r) <= 1e-6 * size and reached.iterations <= most


@dataclass
class Circling:
    """r = b - u, with a tangent that always leads past the solution, and a stable one that leads to it."""

    turned: bool = True
    tangents: list = field(default_factory=list)

    def residual(self, u):
        return np.array([1.0, 0.0]) - u, 1.0

    def linearised(self, stable):
        self.tangents.append(stable)
        # Its inverse is [[0.5, -0.8], [0.8, 0.5]]: each step leaves 0.94 of the residual, and passes the line search.
        around = np.array([[0.5, 0.8], [-0.8, 0.5]]) / 0.89
        return lambda x: x if stable and self.turned else around @ x

    def precondition(self, r):
        return r


def test_where_the_exact_tangent_goes_round_the_stable_one_takes_over():
    equations = Circling()
    reached = Newton(rtol=1e-10).solve(equations, np.zeros(2))
    assert reached.u == pytest.approx([1.0, 0.0]) and equations.tangents[:2] == [False, True]
    with pytest.raises(Diverged, match="no longer falls"):
        Newton(rtol=1e-10).solve(Circling(turned=False), np.zeros(2))


def test_what_arrives_slowly_has_arrived():
    reached = Newton(rtol=0.85).solve(Circling(turned=False), np.zeros(2))  # 0.943, 0.890, 0.839 of the residual
    assert reached.iterations == 3 and reached.norms[-1] <= 0.85
