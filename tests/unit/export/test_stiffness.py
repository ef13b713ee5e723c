"""One stiffness per element, then few of them."""

import numpy as np
import pytest

from femsim.export.stiffness import binned, element_mean


def test_the_mean_over_an_element_is_weighted_by_volume():
    values, weights = np.array([[1.0, 4.0]]), np.array([[3.0, 1.0]])
    assert element_mean(values, weights) == pytest.approx([1.75])
    assert element_mean(values[..., None] * [1, 2], weights) == pytest.approx(np.array([[1.75, 3.5]]))


def test_a_stiffness_that_does_not_vary_keeps_every_bit():
    assert element_mean(np.full((1, 4), 1 / 3), np.array([[0.1, 0.2, 0.3, 0.7]]))[0] == 1 / 3


@pytest.fixture
def fields():
    generator = np.random.default_rng(1)
    bone = np.exp(generator.uniform(np.log(80), np.log(17_000), 5000))
    return [np.concatenate([bone, np.full(10, 210_000.0)]), np.concatenate([bone, [60.0, 20_000.0]])]


@pytest.fixture
def regions(fields):
    return [np.repeat([0, 1], [5000, 10]), np.repeat([0, 1], [5000, 2])]


def test_no_modulus_moves_further_than_half_a_bin(fields, regions):
    bins = binned(fields, regions, 50)
    half = (20_000 / 60) ** (0.5 / 49) - 1
    shift = max(np.abs(new / old - 1).max() for new, old in zip(bins.fields, fields))
    assert shift == bins.largest_shift
    assert 0.9 * half < shift <= half * (1 + 1e-9)


def test_there_are_no_more_moduli_than_asked_for_beside_those_of_plain_regions(fields, regions):
    bins = binned(fields, regions, 50)
    assert len(np.unique(np.concatenate(bins.fields))) <= 50 + 1
    assert set(bins.fields[0][5000:]) == {210_000.0}


def test_the_highest_and_the_lowest_modulus_stay(fields, regions):
    assert list(binned(fields, regions, 50).fields[1][5000:]) == [60.0, 20_000.0]


def test_bone_that_two_models_share_stays_the_same_in_both(fields, regions):
    first, second = binned(fields, regions, 20).fields
    assert np.array_equal(first[:5000], second[:5000])


def test_no_bins_or_few_moduli_move_nothing(fields, regions):
    assert np.array_equal(binned(fields, regions, 0).fields[0], fields[0])
    few = [np.array([1.0, 2.0, 2.0])]
    assert binned(few, [np.zeros(3, int)], 2).largest_shift == 0
