"""What every failure criterion promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.criteria import CRITERIA

E, NU = 1000.0, 0.3
TENSION, COMPRESSION, SHEAR = 7.3, 10.4, 6.0  # MPa; over E they are the limits of principal strain
STRENGTH = {"stress": (TENSION, COMPRESSION, SHEAR), "strain": None}


@pytest.fixture(params=sorted(CRITERIA))
def criterion(request):
    return CRITERIA[request.param]()


def _tensor(matrix):
    return matrix[..., [0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]


def _matrix(values):
    xx, yy, zz, xy, yz, xz = values
    return np.array([(xx, xy, xz), (xy, yy, yz), (xz, yz, zz)])


def _rotation(seed):
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q * np.sign(np.diag(r))


def _risk(criterion, stress):
    """Of stress matrices (…, 3, 3) [MPa] in elastic material."""
    trace = np.trace(stress, axis1=-2, axis2=-1)[..., None, None]
    strain = ((1 + NU) * stress - NU * trace * np.eye(3)) / E
    return criterion.ratio(_tensor(stress), _tensor(strain), STRENGTH[criterion.judges])


def test_it_says_whether_it_judges_stress_or_strain(criterion):
    assert criterion.judges in ("stress", "strain")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("limit", [TENSION, -COMPRESSION])
def test_it_is_one_at_the_uniaxial_limit_along_any_direction(criterion, limit, seed):
    turned = _rotation(seed)
    stress = turned @ np.diag([limit, 0.0, 0.0]) @ turned.T
    # A uniaxial state has a double principal value: half the digits are lost there, but not in the one that decides.
    assert _risk(criterion, stress) == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.floats(-20, 20), min_size=6, max_size=6), st.integers(0, 1000))
def test_it_is_the_same_in_any_frame(values, seed):
    stress, turned = _matrix(values), _rotation(seed)
    for name in CRITERIA:
        ratios = [_risk(CRITERIA[name](), one) for one in (stress, turned @ stress @ turned.T)]
        assert ratios[1] == pytest.approx(ratios[0], rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(-0.02, 0.02), min_size=6, max_size=6))
def test_it_agrees_with_the_eigenvalue_routine(values):
    xx, yy, zz, xy, yz, xz = values
    smallest, _, largest = np.linalg.eigvalsh(np.array([(xx, xy, xz), (xy, yy, yz), (xz, yz, zz)]))
    criterion = CRITERIA["principal_strain"]()
    expected = max(largest / 0.0073, -smallest / 0.0104, 0.0)
    assert criterion.ratio(None, np.array(values)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("times", [2.0, 0.1, 37.0])
def test_twice_the_load_is_twice_the_ratio(criterion, times):
    half = np.random.default_rng(0).normal(0, 3.0, (50, 3, 3))
    stress = half + np.swapaxes(half, -1, -2)
    assert _risk(criterion, times * stress) == pytest.approx(times * _risk(criterion, stress), rel=1e-9)


def test_unstrained_bone_is_at_no_risk(criterion):
    assert (_risk(criterion, np.zeros((3, 4, 3, 3))) == 0).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=6, max_size=6))
def test_no_stress_makes_it_negative_or_no_number(values):
    for name in CRITERIA:
        risk = _risk(CRITERIA[name](), _matrix(values))
        assert np.isfinite(risk) and risk >= 0


@pytest.mark.parametrize("name", [name for name in sorted(CRITERIA) if CRITERIA[name].judges == "stress"])
def test_twice_the_strength_is_half_the_risk(name):
    criterion, half = CRITERIA[name](), np.random.default_rng(1).normal(0, 3.0, (50, 3, 3))
    stress = _tensor(half + np.swapaxes(half, -1, -2))
    strong = criterion.ratio(stress, None, tuple(2 * one for one in STRENGTH["stress"]))
    assert strong == pytest.approx(0.5 * criterion.ratio(stress, None, STRENGTH["stress"]), rel=1e-9)


@pytest.mark.parametrize("name", [name for name in sorted(CRITERIA) if CRITERIA[name].judges == "stress"])
def test_each_place_has_its_own_strength(name):
    criterion = CRITERIA[name]()
    stress = np.broadcast_to([3.0, 0, 0, 0, 0, 0], (2, 6))
    strength = np.array([3.0, 6.0]), np.array([5.0, 9.0]), np.array([3.0, 5.0])
    assert criterion.ratio(stress, None, strength) == pytest.approx([1.0, 0.5], rel=1e-12)


def test_weakened_bone_can_be_given_its_own_limits():
    strain = np.array([0.0073, 0, 0, 0, 0, 0])
    found = CRITERIA["principal_strain"]().ratio(None, strain, (0.0073 / 2, 0.01))
    assert found == pytest.approx(2.0, rel=1e-9)
