"""Shape functions and integration rules."""

from itertools import product
from math import factorial

import numpy as np
import pytest

from femsim.fem.elements import TET4, TET10
from femsim.fem.quadrature import CENTROID, FOUR_POINTS, conical_rule, triangle_rule
from femsim.mesh.mesh import EDGES

RULES = [CENTROID, FOUR_POINTS, *(conical_rule(degree) for degree in (1, 3, 5, 7))]


def monomial_mean(powers):
    """Mean of λ1^a λ2^b λ3^c over a tetrahedron."""
    a, b, c = powers
    return 6 * factorial(a) * factorial(b) * factorial(c) / factorial(a + b + c + 3)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{len(rule.weights)} points")
def test_a_rule_integrates_every_monomial_up_to_its_degree(rule):
    for powers in product(range(rule.degree + 1), repeat=3):
        if sum(powers) <= rule.degree:
            found = rule.weights @ np.prod(rule.points[:, 1:] ** np.array(powers), axis=1)
            assert found == pytest.approx(monomial_mean(powers), rel=1e-13)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{len(rule.weights)} points")
def test_a_rule_misses_some_monomial_of_the_next_degree(rule):
    powers = [p for p in product(range(rule.degree + 2), repeat=3) if sum(p) == rule.degree + 1]
    found = [rule.weights @ np.prod(rule.points[:, 1:] ** np.array(p), axis=1) - monomial_mean(p) for p in powers]
    assert max(abs(miss) for miss in found) > 1e-9


@pytest.mark.parametrize("element", [TET4, TET10], ids=lambda element: element.name)
def test_a_shape_function_is_one_at_its_node_and_zero_at_the_others(element):
    corners = np.eye(4)
    nodes = np.vstack([corners, [(corners[i] + corners[j]) / 2 for i, j in EDGES]])[: element.n_nodes]
    np.testing.assert_allclose(element.values(nodes), np.eye(element.n_nodes), atol=1e-15)


@pytest.mark.parametrize("element", [TET4, TET10], ids=lambda element: element.name)
def test_derivatives_are_those_of_the_values(element):
    point, h = np.array([[0.4, 0.3, 0.1, 0.2]]), 1e-6
    for k in range(3):
        step = np.zeros((1, 4))
        step[0, k + 1], step[0, 0] = h, -h
        numeric = (element.values(point + step) - element.values(point - step)) / (2 * h)
        np.testing.assert_allclose(element.derivatives(point)[:, :, k], numeric, atol=1e-9)


def test_the_first_integration_point_is_nearest_the_first_corner():
    assert list(np.argmax(FOUR_POINTS.points, axis=1)) == [0, 1, 2, 3]


@pytest.mark.parametrize("rule", [triangle_rule(degree) for degree in (1, 3, 5, 7)], ids=lambda rule: f"{rule.degree}")
def test_a_triangle_rule_integrates_every_monomial_up_to_its_degree(rule):
    for a, b in product(range(rule.degree + 1), repeat=2):
        if a + b <= rule.degree:
            found = rule.weights @ (rule.points[:, 1] ** a * rule.points[:, 2] ** b)
            assert found == pytest.approx(2 * factorial(a) * factorial(b) / factorial(a + b + 2), rel=1e-13)
