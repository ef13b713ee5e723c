"""Principal values of combined fields."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.recovery import principal
from femsim.fem.superposition import extreme_principal

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("n_loads", [1, 3, 8])
def test_they_are_those_of_the_sum(n_loads):
    fields, factors = RNG.normal(size=(500, n_loads, 6)), RNG.normal(size=n_loads)
    smallest, largest = extreme_principal(fields, factors)
    whole = principal(np.einsum("kbj,b->kj", fields, factors))
    # A closed form keeps half the digits where two values nearly coincide.
    assert smallest == pytest.approx(whole[:, 0], abs=1e-7) and largest == pytest.approx(whole[:, 2], abs=1e-7)


@pytest.mark.parametrize(
    "tensor, expected",
    [
        ((2, 2, 2, 0, 0, 0), (2, 2)),
        ((0, 0, 0, 0, 0, 0), (0, 0)),
        ((0, 0, 0, 1, 0, 0), (-1, 1)),
        ((3, -1, 0, 0, 0, 0), (-1, 3)),
        ((1, 1, -5, 0, 0, 0), (-5, 1)),
    ],
)
def test_known_tensors_have_their_values(tensor, expected):
    smallest, largest = extreme_principal(np.array(tensor, float)[None, None], np.ones(1))
    assert (smallest[0], largest[0]) == pytest.approx(expected, abs=1e-7)


def test_fields_that_do_not_fit_the_factors_are_refused():
    with pytest.raises(ModelError, match="do not fit"):
        extreme_principal(np.zeros((5, 2, 6)), np.zeros(3))
