"""What every interface condition promises."""

import numpy as np
import pytest

from femsim.interfaces import INTERFACE_CONDITIONS

PLACES = np.random.default_rng(3).uniform((-60, -5, -5), (-5, 5, 5), (200, 3))  # along, superior, anterior [mm]


@pytest.fixture(params=sorted(INTERFACE_CONDITIONS))
def condition(request):
    return INTERFACE_CONDITIONS[request.param]()


def test_it_answers_for_every_face(condition):
    freed = condition.freed(PLACES)
    assert freed.dtype == bool and freed.shape == (len(PLACES),)


def test_an_interface_without_faces_has_none_freed(condition):
    assert len(condition.freed(PLACES[:0])) == 0


def test_the_order_of_the_faces_does_not_matter(condition):
    order = np.random.default_rng(4).permutation(len(PLACES))
    assert np.array_equal(condition.freed(PLACES)[order], condition.freed(PLACES[order]))


def test_it_is_the_same_at_the_front_and_at_the_back(condition):
    assert np.array_equal(condition.freed(PLACES), condition.freed(PLACES * (1, 1, -1)))


def test_it_says_what_it_is(condition):
    assert condition.__doc__
