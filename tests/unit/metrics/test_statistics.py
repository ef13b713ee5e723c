"""Means and percentiles by volume."""

import numpy as np
import pytest

from femsim.metrics.statistics import mean, percentile, share


def test_values_count_by_the_volume_they_stand_for():
    values, weights = np.array([1.0, 5.0]), np.array([3.0, 1.0])
    assert mean(values, weights) == 2.0
    assert share(values > 2, weights) == 0.25


@pytest.mark.parametrize("percent, value", [(0, 1.0), (50, 1.0), (75, 1.0), (75.001, 5.0), (100, 5.0)])
def test_a_percentile_is_the_value_that_so_much_volume_does_not_exceed(percent, value):
    assert percentile(np.array([5.0, 1.0]), np.array([1.0, 3.0]), percent) == value


def test_splitting_an_element_does_not_move_a_percentile():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=100), rng.uniform(0.5, 2, 100)
    halves = percentile(np.repeat(values, 2), np.repeat(weights / 2, 2), 95)
    assert halves == percentile(values, weights, 95)
