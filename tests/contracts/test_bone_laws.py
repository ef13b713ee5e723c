"""What every bone law promises."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.materials.bone import BONE_LAWS
from femsim.materials.bone.morgan_2003 import share_outside

DENSITIES = np.linspace(0.02, 1.85, 200)  # g/cm³


@pytest.fixture(params=sorted(BONE_LAWS))
def law(request):
    return BONE_LAWS[request.param]()


def test_denser_bone_is_stiffer(law):
    assert (np.diff(law.modulus(DENSITIES)) > 0).all()


def test_moduli_run_from_tens_of_mpa_to_tens_of_gpa(law):
    assert 1.0 <= law.modulus(np.array([0.05]))[0] <= 500.0
    assert 10_000 <= law.modulus(np.array([1.85]))[0] <= 25_000


def test_voids_keep_a_positive_stiffness(law):
    assert (law.modulus(np.array([0.0, 1e-9])) > 0).all()


def test_it_keeps_the_shape_of_its_input(law):
    assert law.modulus(np.full((5, 4), 0.5)).shape == (5, 4)


@pytest.mark.parametrize("density", [-0.1, np.nan])
def test_impossible_densities_are_refused(law, density):
    with pytest.raises(ModelError, match="1 of 2 densities"):
        law.modulus(np.array([0.5, density]))


def test_it_says_where_it_was_measured_and_published(law):
    low, high = law.measured
    assert 0 < low < high < 2.5
    assert law.density_kind in ("apparent", "ash", "qct")
    assert law.doi.startswith("10.") and law.doi in law.citation


def test_volume_outside_the_measured_range_can_be_told(law):
    low, high = law.measured
    density = np.array([0.5 * low, 0.5 * (low + high), high + 0.1, np.nan])
    assert share_outside(law.measured, density, np.array([1.0, 5.0, 2.0, 100.0])) == pytest.approx(3 / 8)
