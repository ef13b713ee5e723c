"""Earlier solutions as a start for the next."""

import numpy as np
import pytest

from femsim.solvers import earlier
from femsim.solvers.earlier import Earlier

SIZE = 30


def definite(seed: int, rank: int = SIZE) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(SIZE, rank))
    return root @ root.T + (np.eye(SIZE) if rank == SIZE else 0.0)


@pytest.fixture
def matrix():
    return definite(1)


def filled(matrix, count: int, most: int = 10):
    known, solutions = Earlier(SIZE, most), np.random.default_rng(2).normal(size=(count, SIZE))
    for x in solutions:
        known.add(x, lambda row: matrix @ row)
    return known, solutions


def test_nothing_is_known_at_first():
    assert Earlier(SIZE).nearest(np.ones(SIZE)) is None


def test_a_mix_of_what_was_found_is_found_at_once(matrix):
    known, solutions = filled(matrix, 5)
    wanted = np.arange(5.0) @ solutions
    np.testing.assert_allclose(known.nearest(matrix @ wanted), wanted, rtol=1e-9)


def test_and_so_it_is_where_a_part_was_added_to_the_operator(matrix):
    known, solutions = filled(matrix, 5)
    more, wanted = definite(3, rank=2), np.arange(5.0) @ solutions
    x = known.solutions
    np.testing.assert_allclose(known.nearest((matrix + more) @ wanted, x @ more @ x.T), wanted, rtol=1e-9)


def test_they_are_orthonormal_by_the_operator(matrix):
    x = filled(matrix, 8)[0].solutions
    np.testing.assert_allclose(x @ matrix @ x.T, np.eye(8), atol=1e-10)


def test_what_is_known_is_not_kept_twice(matrix):
    known, solutions = filled(matrix, 5)
    known.add(solutions[0] - 2 * solutions[3], lambda row: matrix @ row)
    assert len(known.solutions) == 5


def test_when_full_the_newer_half_stays(matrix):
    known, solutions = filled(matrix, 11)
    x = known.solutions
    assert len(x) == 6
    np.testing.assert_allclose(x @ matrix @ x.T, np.eye(6), atol=1e-10)
    # What the last brought beyond all before it is still there.
    assert abs(x[-1] @ matrix @ solutions[-1]) > 0.5
    assert abs(known.nearest(matrix @ solutions[0]) @ matrix @ solutions[0]) < 0.9 * (
        solutions[0] @ matrix @ solutions[0]
    )


def test_large_solutions_are_fewer(monkeypatch):
    monkeypatch.setattr(earlier, "ROOM", 16.0 * SIZE * 20)
    known = Earlier(SIZE, 50)
    for row in np.eye(SIZE):
        known.add(row, lambda x: x)
    assert len(known.solutions) == 10 + SIZE - 20
