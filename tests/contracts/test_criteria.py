"""What every failure criterion promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.criteria import CRITERIA

NU = 0.3


@pytest.fixture(params=sorted(CRITERIA))
def criterion(request):
    return CRITERIA[request.param]()


def _tensor(matrix):
    return matrix[..., [0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]


def _rotation(seed):
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q * np.sign(np.diag(r))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sign", [1, -1])
def test_it_is_one_at_the_uniaxial_limit_along_any_direction(criterion, sign, seed):
    limit = (criterion.tension_percent if sign > 0 else criterion.compression_percent) / 100
    turned = _rotation(seed)
    strain = turned @ np.diag(sign * limit * np.array([1, -NU, -NU])) @ turned.T
    # A uniaxial state has a double principal value: half the digits are lost there, but not in the one that decides.
    assert criterion.ratio(np.zeros(6), _tensor(strain)) == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.floats(-0.02, 0.02), min_size=6, max_size=6), st.integers(0, 1000))
def test_it_is_the_same_in_any_frame(values, seed):
    xx, yy, zz, xy, yz, xz = values
    strain = np.array([(xx, xy, xz), (xy, yy, yz), (xz, yz, zz)])
    turned = _rotation(seed)
    for name in CRITERIA:
        ratios = [CRITERIA[name]().ratio(None, _tensor(one)) for one in (strain, turned @ strain @ turned.T)]
        assert ratios[1] == pytest.approx(ratios[0], rel=1e-6, abs=1e-9)


@given(st.lists(st.floats(-0.02, 0.02), min_size=6, max_size=6))
def test_it_agrees_with_the_eigenvalue_routine(values):
    xx, yy, zz, xy, yz, xz = values
    smallest, _, largest = np.linalg.eigvalsh(np.array([(xx, xy, xz), (xy, yy, yz), (xz, yz, zz)]))
    criterion = CRITERIA["principal_strain"]()
    expected = max(largest / 0.0073, -smallest / 0.0104, 0.0)
    assert criterion.ratio(None, np.array(values)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_twice_the_load_is_twice_the_ratio(criterion):
    strain = np.random.default_rng(0).normal(0, 1e-3, (50, 6))
    assert criterion.ratio(None, 2 * strain) == pytest.approx(2 * criterion.ratio(None, strain), rel=1e-12)


def test_unstrained_bone_is_at_no_risk(criterion):
    assert (criterion.ratio(None, np.zeros((3, 4, 6))) == 0).all()


def test_weakened_bone_can_be_given_its_own_limits(criterion):
    strain = np.array([0.0073, 0, 0, 0, 0, 0])
    assert criterion.ratio(None, strain, (0.0073 / 2, 0.01)) == pytest.approx(2.0, rel=1e-9)
