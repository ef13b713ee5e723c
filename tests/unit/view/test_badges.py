"""Numbers of arrows never stand on one another, nor on another arrow."""

import numpy as np
import pytest

from femsim.view.figures.badges import clear_places


def places(free, inner):
    return clear_places(free, inner, beyond=3.0, apart=4.0, beside=2.5)


def test_a_lone_number_stands_beyond_the_free_end():
    assert places([[0, 10]], [[0, 0]]) == pytest.approx(np.array([[0, 13]]))


def test_an_arrow_that_points_at_the_eye_has_its_number_beside_it():
    (place,) = places([[0, 0]], [[0, 0]])
    assert np.linalg.norm(place) == pytest.approx(3.0)


@pytest.mark.parametrize("ends", [[[0, -9], [0, -9]], [[0, -9], [0.1, -9]], [[6, 6], [6, 7], [7, 6]]])
def test_arrows_from_one_place_in_one_direction_have_numbers_apart(ends):
    found = places(ends, np.zeros((len(ends), 2)))
    for k, place in enumerate(found):
        for other in found[:k]:
            assert np.linalg.norm(place - other) > 3.8  # of 4: pushing ends where little is left to gain


def test_a_short_arrow_on_a_long_one_has_its_number_beside_both():
    short, long = places([[0, 9], [0, 40]], [[0, 0], [0, 0]])
    assert abs(short[0]) > 2.3  # of 2.5, as above
    assert long == pytest.approx([0, 43])


def test_the_numbers_of_stairs_are_all_apart():
    """Eight arrows from three places, as Heller 2005 has them, seen from the front: x lateral to the left."""
    inner = np.array([[0, 24], [-57, 0], [-57, 0], [-57, 0], [-57, 0], [-57, 0], [-60, -43], [-21, -63]], float)
    along = np.array([[12, 46], [14, 16], [6, 7], [0, -9], [5, 4], [0, -9], [0, -28], [-2, -55]], float)
    inner[0] += along[0]
    found = clear_places(inner + along, inner, beyond=6.0, apart=8.5, beside=6.0)
    gaps = np.linalg.norm(found[:, None] - found[None], axis=-1) + 100 * np.eye(8)
    assert gaps.min() > 7.6  # a disc is 7.6 mm wide
