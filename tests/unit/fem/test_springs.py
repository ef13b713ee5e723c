"""Springs between nodes: what they store, what they add to a stiffness, and how stiff they are made."""

import numpy as np
import pytest

from femsim.fem.elasticity import Isotropic
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.sample import box_mesh
from femsim.fem.springs import STIFFER, Springs, Sprung, tying_springs

MESH = box_mesh((2, 2, 2), (2.0, 2.0, 2.0), order=2)
RNG = np.random.default_rng(0)


def some_springs():
    """Some share a node, one is held at an end."""
    directions = RNG.normal(size=(4, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return Springs([(0, 5), (5, 9), (20, 31), (40, 2)], directions, [3.0, 5.0, 7.0, 11.0])


@pytest.fixture
def sprung():
    held = np.zeros((MESH.n_nodes, 3), bool)
    held[40] = held[9, 1] = held[50] = True
    springs = some_springs()
    return Sprung(Tet10Stiffness(MESH, Isotropic(10.0, 0.3), held), springs), springs, held


def test_the_matrix_stores_what_the_springs_do():
    springs, u = some_springs(), RNG.normal(size=(MESH.n_nodes, 3))
    matrix = springs.matrix(MESH.n_nodes)
    assert 0.5 * u.ravel() @ (matrix @ u.ravel()) == pytest.approx(springs.energy(u))
    assert abs(matrix - matrix.T).max() < 1e-14


def test_a_motion_across_its_direction_stores_nothing():
    u = np.zeros((MESH.n_nodes, 3))
    u[1] = (3.0, -2.0, 0.0)
    assert Springs([(0, 1)], [(0, 0, 1.0)], [5.0]).energy(u) == 0.0


def test_they_are_the_same_in_another_order_of_the_nodes():
    springs, u = some_springs(), RNG.normal(size=(MESH.n_nodes, 3))
    order = RNG.permutation(MESH.n_nodes)
    assert springs.renumbered(order).energy(u[order]) == pytest.approx(springs.energy(u))


@pytest.mark.parametrize("precision, tolerance", [(np.float64, 1e-12), (np.float32, 1e-4)])
def test_the_operator_is_the_sum_of_both_without_what_is_held(sprung, precision, tolerance):
    operator, _, held = sprung
    moves = ~held.ravel()
    dense = operator.assembled().toarray() * moves[:, None] * moves
    x = (RNG.normal(size=(3, len(moves))) * moves).astype(precision)
    b = RNG.normal(size=x.shape).astype(precision)
    assert operator.apply(x, np.empty_like(x)) == pytest.approx(x @ dense, abs=tolerance * 100)
    assert operator.residual(b, x, np.empty_like(x)) == pytest.approx((b - x @ dense) * moves, abs=tolerance * 100)


def test_with_nothing_held_it_is_the_whole_sum(sprung):
    operator, springs, _ = sprung
    x = RNG.normal(size=(2, operator.shape[0]))
    bare = Tet10Stiffness(MESH, Isotropic(10.0, 0.3), np.zeros((MESH.n_nodes, 3), bool))
    total = bare.assembled() + springs.matrix(MESH.n_nodes)
    assert operator.apply_free(x) == pytest.approx((total @ x.T).T, abs=1e-10)


def test_its_diagonal_blocks_are_those_of_the_sum(sprung):
    operator, _, held = sprung
    dense = operator.assembled().toarray()
    for node, block in enumerate(operator.diagonal_blocks()):
        own = dense[3 * node : 3 * node + 3, 3 * node : 3 * node + 3]
        moves = ~held[node]
        assert block[np.ix_(moves, moves)] == pytest.approx(own[np.ix_(moves, moves)], rel=1e-10)
        assert not block[np.ix_(moves, ~moves)].any() and (np.diag(block) > 0).all()


def test_tying_springs_follow_the_softer_side():
    """In a row the soft element yields most: its modulus makes the springs stiff, that of the metal does not."""
    upper = MESH.nodes[MESH.elements[:, :4]].mean(axis=1)[:, 2] > 1
    low, high = (np.flatnonzero(MESH.nodes[:, 2] == z)[0] for z in (0.0, 2.0))

    def stiffness(soft, hard):
        modulus = np.where(upper, hard, soft)[:, None]
        pair = np.array([(low, high)]), np.array([(0, 0, 1.0)]), np.array([2.0])
        return tying_springs(MESH, modulus, *pair).stiffness[0]

    assert stiffness(200.0, 1e6) == pytest.approx(2 * stiffness(100.0, 1e6), rel=1e-3)
    assert stiffness(100.0, 2e6) == pytest.approx(stiffness(100.0, 1e6), rel=1e-3)
    edge = np.cbrt(6 * np.sqrt(2) * 1 / 6)
    assert stiffness(100.0, 100.0) == pytest.approx(STIFFER * 2.0 * 100.0 / (2 * edge))
