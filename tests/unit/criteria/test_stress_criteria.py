"""Stress criteria in closed form, away from the uniaxial states."""

import numpy as np
import pytest

from femsim.criteria import CRITERIA

T, C = 60.0, 120.0  # MPa
S = np.sqrt(T * C / 3)


def ratio(name, stress, shear=S):
    return float(CRITERIA[name]().ratio(np.array(stress, float), None, (T, C, shear)))


def test_drucker_and_pragers_cone_meets_its_closed_forms():
    """Tension 60, compression 120: shear bears 46.188, equibiaxial compression 240, hydrostatic tension 80 MPa."""
    assert ratio("drucker_prager", [0, 0, 0, 46.18802, 0, 0]) == pytest.approx(1.0, rel=1e-7)
    assert ratio("drucker_prager", [-240, -240, 0, 0, 0, 0]) == pytest.approx(1.0, rel=1e-12)
    assert ratio("drucker_prager", [80, 80, 80, 0, 0, 0]) == pytest.approx(1.0, rel=1e-12)
    assert ratio("drucker_prager", [-500, -500, -500, 0, 0, 0]) == 0.0


def test_von_mises_takes_the_mean_of_both_strengths_in_pure_shear():
    assert ratio("von_mises", [0, 0, 0, 90 / np.sqrt(3), 0, 0]) == pytest.approx(1.0, rel=1e-12)


def test_von_mises_does_not_see_pressure_from_all_sides():
    assert ratio("von_mises", [-500, -500, -500, 0, 0, 0]) == 0.0
    # Far beyond uniaxial compression only the compressive strength counts.
    assert ratio("von_mises", [-620, -500, -500, 0, 0, 0]) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("shear", [S, 1.3 * S, 2.0 * S])
def test_tsai_and_wu_fail_at_the_shear_strength(shear):
    assert ratio("tsai_wu", [0, 0, 0, 0, shear, 0], shear) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("shear", [S, 0.5 * S])
def test_tsai_and_wu_are_hoffman_where_shear_bears_no_more_than_his(shear):
    stress = np.random.default_rng(0).normal(0, 50, (40, 6))
    found = [CRITERIA[name]().ratio(stress, None, (T, C, shear)) for name in ("tsai_wu", "hoffman")]
    assert found[0] == pytest.approx(found[1], rel=1e-9)


@pytest.mark.parametrize("name", ["tsai_wu", "hoffman"])
def test_the_quadratic_is_met_at_the_load_that_fails(name):
    """At stress over ratio the sum of the published terms is 1."""
    shear = 1.2 * S if name == "tsai_wu" else S
    for stress in np.random.default_rng(1).normal(0, 50, (40, 6)):
        xx, yy, zz, xy, yz, xz = stress / ratio(name, stress, shear)
        f1, f11, f44 = 1 / T - 1 / C, 1 / (T * C), 1 / shear**2
        f12 = f11 - f44 / 2
        total = f1 * (xx + yy + zz) + f11 * (xx**2 + yy**2 + zz**2) + 2 * f12 * (xx * yy + yy * zz + zz * xx)
        assert total + f44 * (xy**2 + yz**2 + xz**2) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("name", ["von_mises", "drucker_prager", "tsai_wu", "hoffman"])
def test_equal_strengths_make_all_of_them_von_mises(name):
    stress = np.random.default_rng(2).normal(0, 50, (40, 6))
    xx, yy, zz, xy, yz, xz = stress.T
    mises = np.sqrt(0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3 * (xy**2 + yz**2 + xz**2))
    found = CRITERIA[name]().ratio(stress, None, (T, T, T / np.sqrt(3)))
    assert found == pytest.approx(mises / T, rel=1e-9)
