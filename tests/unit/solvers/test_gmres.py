"""Generalised minimal residuals: what it solves, what it says of its solution, and when it stops."""

import numpy as np
import pytest

from femsim.solvers.gmres import gmres

RNG = np.random.default_rng(5)


def convection(n=60):
    """Diffusion along a line with a strong wind: far from symmetric."""
    return 2.2 * np.eye(n) - 1.6 * np.eye(n, k=-1) - 0.4 * np.eye(n, k=1)


def indefinite(n=60):
    """Symmetric, a third of its eigenvalues negative."""
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(n, n)))
    values = np.linspace(1, 3, n) * np.where(np.arange(n) % 3, 1, -1)
    return turn @ np.diag(values) @ turn.T


def tangled(n=60):
    """Neither symmetric nor definite."""
    return indefinite(n) + 0.3 * np.triu(np.random.default_rng(2).normal(size=(n, n)) / np.sqrt(n), 1)


MATRICES = {"nonsymmetric": convection(), "indefinite": indefinite(), "both": tangled()}
B = RNG.normal(size=60)


def unchanged(r):
    return r


class Counted:
    """A matrix that counts its products."""

    def __init__(self, matrix):
        self.matrix, self.count = matrix, 0

    def __call__(self, x):
        self.count += 1
        return self.matrix @ x


def left_over(matrix, x, b=B):
    return np.linalg.norm(b - matrix @ x) / np.linalg.norm(b)


def in_krylov_space(matrix, b, n):
    """Smallest residual over all of the Krylov space of n directions, by least squares: the plain twin."""
    directions = [b]
    for _ in range(n - 1):
        directions.append(matrix @ directions[-1])
    basis, _ = np.linalg.qr(np.array(directions).T)
    y, *_ = np.linalg.lstsq(matrix @ basis, b, rcond=None)
    return left_over(matrix, basis @ y, b)


@pytest.mark.parametrize("name", MATRICES)
def test_it_solves(name):
    found = gmres(lambda x: MATRICES[name] @ x, unchanged, B, rtol=1e-10)
    assert left_over(MATRICES[name], found.x) <= 1e-10
    assert 0 < found.iterations <= 60  # as many directions as there are span everything


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("n", [1, 4, 9])
def test_no_vector_of_the_same_directions_leaves_less(name, n):
    found = gmres(lambda x: MATRICES[name] @ x, unchanged, B, rtol=1e-14, most=n)
    assert left_over(MATRICES[name], found.x) == pytest.approx(in_krylov_space(MATRICES[name], B, n), rel=1e-8)


@pytest.mark.parametrize("most", [3, 200])
def test_the_residual_it_tells_is_measured(most):
    found = gmres(lambda x: tangled() @ x, unchanged, B, rtol=1e-9, most=most)
    assert found.residual == pytest.approx(left_over(tangled(), found.x), rel=1e-6)


def test_no_load_has_no_motion_and_costs_nothing():
    apply = Counted(convection())
    found = gmres(apply, unchanged, np.zeros(60), rtol=1e-8)
    assert (found.iterations, found.residual, apply.count) == (0, 0.0, 0)
    assert not found.x.any()


@pytest.mark.parametrize("size", [1e-100, 1e100])
def test_the_size_of_the_load_does_not_matter(size):
    found = gmres(lambda x: convection() @ x, unchanged, size * B, rtol=1e-10)
    assert left_over(convection(), found.x / size) <= 1e-9


def test_the_right_side_stays_as_it_was():
    b = B.copy()
    gmres(lambda x: tangled() @ x, unchanged, b, rtol=1e-9, restart=5)
    assert (b == B).all()


@pytest.mark.parametrize("restart", [2, 7, 25])
def test_it_also_solves_from_restart_to_restart(restart):
    found = gmres(lambda x: convection() @ x, unchanged, B, rtol=1e-10, restart=restart, most=2000)
    assert left_over(convection(), found.x) <= 1e-10
    assert found.iterations > restart


def test_a_restart_goes_on_from_where_it_is():
    matrix = convection()
    once = gmres(lambda x: matrix @ x, unchanged, B, rtol=1e-14, restart=5, most=5)
    again = gmres(lambda x: matrix @ x, unchanged, B - matrix @ once.x, rtol=1e-14, restart=5, most=5)
    both = gmres(lambda x: matrix @ x, unchanged, B, rtol=1e-14, restart=5, most=10)
    assert both.x == pytest.approx(once.x + again.x, rel=1e-9, abs=1e-12)


def test_the_exact_inverse_as_preconditioner_takes_one_iteration():
    inverse = np.linalg.inv(tangled())
    found = gmres(lambda x: tangled() @ x, lambda r: inverse @ r, B, rtol=1e-9)
    assert found.iterations == 1 and left_over(tangled(), found.x) <= 1e-9


def test_the_preconditioner_may_be_another_at_every_step():
    rng = np.random.default_rng(3)
    inverse = np.linalg.inv(convection())
    found = gmres(
        lambda x: convection() @ x, lambda r: (inverse @ r) * rng.uniform(0.5, 1.5, size=len(r)), B, rtol=1e-10
    )
    assert left_over(convection(), found.x) <= 1e-10


def test_the_preconditioner_may_be_in_single_precision():
    inverse = np.linalg.inv(convection()).astype(np.float32)
    found = gmres(lambda x: convection() @ x, lambda r: inverse @ r.astype(np.float32), B, rtol=1e-12)
    assert left_over(convection(), found.x) <= 1e-12 and found.iterations <= 4


@pytest.mark.parametrize(("restart", "most"), [(5, 12), (30, 10), (4, 4), (1, 3)])
def test_no_more_iterations_are_made_than_allowed(restart, most):
    apply = Counted(indefinite())
    found = gmres(apply, unchanged, B, rtol=1e-12, restart=restart, most=most)
    assert found.iterations == most and found.residual > 1e-12
    assert apply.count <= most + -(-most // restart)  # one more per restart, to measure


def test_a_singular_matrix_that_can_bear_the_load_is_solved():
    values = np.r_[np.zeros(5), np.linspace(1, 2, 55)]
    turn, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(60, 60)))
    matrix = turn @ np.diag(values) @ turn.T
    b = matrix @ B
    found = gmres(lambda x: matrix @ x, unchanged, b, rtol=1e-9)
    assert left_over(matrix, found.x, b) <= 1e-9


def test_what_is_not_a_number_is_no_solution():
    found = gmres(lambda x: x * np.nan, unchanged, B, rtol=1e-9, most=20)
    assert not found.residual <= 1e-9 and found.iterations <= 20


def test_a_load_that_no_motion_bears_is_told():
    matrix = np.diag(np.r_[0.0, np.ones(59)])
    found = gmres(lambda x: matrix @ x, unchanged, np.eye(60)[0], rtol=1e-9, most=20)
    assert found.residual == pytest.approx(1.0) and found.iterations <= 20
