"""What the door promises whatever the solver: measured residuals, held rows, causes named."""

import numpy as np
import pytest
from scipy.sparse import bsr_matrix, diags

from femsim.errors import ConvergenceError, ModelError, UsageError
from femsim.solvers import LINEAR_SOLVERS, door
from femsim.solvers.cg import Iterated, conjugate_gradients


def laplacian(n):
    return bsr_matrix(diags([-np.ones(n - 1), 2.1 * np.ones(n), -np.ones(n - 1)], [-1, 0, 1]), blocksize=(1, 1))


class Identity:
    def apply(self, x, y):
        y[:] = x
        return y

    def residual(self, b, x, y):
        y[:] = b - x
        return y


def test_a_small_system_is_factorised_and_a_large_one_iterated():
    assert door.prepare(laplacian(100)).method == "direct"
    prepared = door.prepare(laplacian(20_000))
    assert prepared.method == "multigrid_cg"
    assert "20000 unknowns" in prepared.reason


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="multigrid_cg"):
        door.prepare(laplacian(10), method="multigrid")


def test_one_right_hand_side_comes_back_as_one():
    assert door.prepare(laplacian(10)).solve(np.ones(10)).x.shape == (10,)


def test_held_rows_stay_at_zero_and_decouple():
    matrix, held = laplacian(30), np.arange(30) % 7 == 0
    solved = door.prepare(matrix, held=held).solve(np.ones(30))
    free = ~held
    expected = np.zeros(30)
    expected[free] = np.linalg.solve(matrix.toarray()[np.ix_(free, free)], np.ones(int(free.sum())))
    np.testing.assert_allclose(solved.x, expected, rtol=1e-12)


def test_a_solver_that_boasts_is_caught(monkeypatch):
    prepared = door.prepare(laplacian(10))
    monkeypatch.setattr(prepared._solver, "solve", lambda b, rtol, log: Iterated(np.zeros_like(b), np.zeros(1)))
    with pytest.raises(ConvergenceError, match="left a residual of 1"):
        prepared.solve(np.ones(10))


def test_a_load_that_is_no_number_is_refused():
    with pytest.raises(ModelError, match="not finite"):
        door.prepare(laplacian(10)).solve(np.full(10, np.nan))


@pytest.mark.parametrize("method", LINEAR_SOLVERS)
def test_what_does_not_fit_in_memory_is_refused_before_it_starts(method, monkeypatch):
    monkeypatch.setattr(LINEAR_SOLVERS[method], "estimated_bytes", staticmethod(lambda system: 1e15))
    with pytest.raises(ModelError, match="GB"):
        door.prepare(laplacian(10), method=method)


def test_a_preconditioner_gone_wrong_stops_the_iteration():
    with pytest.raises(ConvergenceError, match="not a number"):
        conjugate_gradients(Identity(), lambda r: np.full_like(r, np.nan), np.ones((1, 5)), 1e-8)


def test_the_iteration_tells_of_its_progress():
    heard = []
    n = 20_000
    door.prepare(laplacian(n)).solve(np.random.default_rng(0).standard_normal(n), 1e-12, log=heard.append)
    assert any("multigrid_cg" in line for line in heard)


def chain(n, weak, strength):
    """Springs in a row of three directions each, held at the first node; the one before node `weak` is this strong."""
    springs = np.ones(n - 1)
    springs[weak - 1] = strength
    matrix = np.zeros((n, n))
    for k, spring in enumerate(springs):
        matrix[k : k + 2, k : k + 2] += spring * np.array([[1, -1], [-1, 1]])
    held = np.repeat(np.arange(n) == 0, 3)
    return {"matrix": bsr_matrix(np.kron(matrix, np.eye(3)), blocksize=(3, 3)), "held": held}


@pytest.mark.parametrize("method", LINEAR_SOLVERS)
def test_a_part_that_hangs_on_nothing_is_named(method):
    system, names = chain(12, 7, 0.0), lambda unknown: f"node {unknown // 3}"
    with pytest.raises(ConvergenceError) as caught:
        door.prepare(**system, method=method, place_of=names).solve(np.ones(36))
    assert int(caught.value.where.rsplit(" ", 1)[1]) >= 7  # beyond the missing spring
    assert "move" in caught.value.why


def test_many_loads_make_factors_worth_their_while():
    assert door.prepare(laplacian(6000)).method == "multigrid_cg"
    prepared = door.prepare(laplacian(6000), n_rhs=16)
    assert prepared.method == "direct"
    assert "16 loads" in prepared.reason


def test_factors_that_do_not_fit_are_not_begun(monkeypatch):
    direct = LINEAR_SOLVERS["direct"]
    monkeypatch.setattr(direct, "estimated_bytes", staticmethod(lambda system: 1e15))
    prepared = door.prepare(laplacian(100))
    assert prepared.method == "multigrid_cg"
    assert "would not fit" in prepared.reason


def test_loads_like_earlier_ones_start_where_those_ended():
    """100 loads of a three-dimensional space cost the iterations of the first few groups."""
    n = 20_000
    rng = np.random.default_rng(0)
    loads = rng.standard_normal((40, 3)) @ rng.standard_normal((3, n))
    solved = door.prepare(laplacian(n), n_rhs=40, method="multigrid_cg").solve(loads, 1e-8)
    groups = -(-40 // 8)
    assert (solved.iterations[0::groups] > 0).all()
    assert (np.delete(solved.iterations, np.arange(0, 40, groups)) <= 2).all()


def test_where_the_iteration_fails_factors_take_over(monkeypatch):
    monkeypatch.setattr("femsim.solvers.cg.MAX_ITERATIONS", 1)
    n = 9_000
    b = np.random.default_rng(0).standard_normal(n)
    solved = door.prepare(laplacian(n)).solve(b)
    assert solved.method == "direct"
    assert "gave up" in solved.reason
    with pytest.raises(ConvergenceError, match="1 steps"):
        door.prepare(laplacian(n), method="multigrid_cg").solve(b)
