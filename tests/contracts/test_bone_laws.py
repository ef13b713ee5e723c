"""What every bone law promises."""

import re

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.materials.bone import BONE_LAWS
from femsim.materials.bone.densitometry import as_apparent, of_its_kind, share_outside

APPARENT = np.linspace(0.02, 1.85, 2001)  # g/cm³


@pytest.fixture(params=sorted(BONE_LAWS))
def law(request):
    return BONE_LAWS[request.param]()


def test_denser_bone_is_stiffer(law):
    modulus = law.modulus(of_its_kind(law, APPARENT))
    uncut = (modulus > law.smallest_modulus_mpa) & (modulus < law.largest_modulus_mpa)
    assert (np.diff(modulus) >= 0).all()
    assert (np.diff(modulus[uncut]) > 0).all()


def test_moduli_run_from_below_a_gpa_to_tens_of_gpa(law):
    light, dense = law.modulus(of_its_kind(law, np.array([0.05, 1.85])))
    assert 2.0 <= light <= 500.0
    assert 10_000 <= dense <= 25_000


def test_the_modulus_has_no_jump(law):
    """Over a step of 0.001 g/cm³ it grows by less than 2 %, which is more than any power up to 3 does from 0.2 on."""
    modulus = law.modulus(of_its_kind(law, np.arange(0.2, 2.0, 0.001)))
    assert (modulus[1:] / modulus[:-1]).max() < 1.02


def test_voids_keep_a_positive_stiffness(law):
    assert (law.modulus(np.array([0.0, 1e-9])) >= law.smallest_modulus_mpa).all()
    assert law.modulus(np.array([0.0]))[0] < 50.0


def test_it_keeps_the_shape_of_its_input(law):
    assert law.modulus(np.full((5, 4), 0.5)).shape == (5, 4)


@pytest.mark.parametrize("density", [-0.1, np.nan])
def test_impossible_densities_are_refused(law, density):
    with pytest.raises(ModelError, match="1 of 2 densities"):
        law.modulus(np.array([0.5, density]))


def test_it_says_where_it_was_measured_and_published(law):
    assert law.density_kind in ("apparent", "ash") and law.site
    assert all(0 < low < high < 2.5 for low, high in law.measured)
    assert re.search(r"\(\d{4}\) \d+-\d+|Data sheets", law.citation), "journal, year and pages, or a maker"
    assert law.doi == "" or (law.doi.startswith("10.") and law.doi in law.citation)


def test_it_says_how_it_scatters_or_that_nobody_does(law):
    for scatter in (law.coefficient_of_variation, law.r_squared):
        assert scatter is None or 0 < scatter < 1


def test_its_kind_of_density_and_back_is_what_one_had(law):
    assert as_apparent(law, of_its_kind(law, APPARENT)) == pytest.approx(APPARENT, rel=1e-15)
    assert (of_its_kind(law, 1.0) == 1.0) == (law.density_kind == "apparent")


def test_volume_outside_the_measured_ranges_can_be_told():
    density = np.array([0.1, 0.5, 1.0, 1.8, 1.96, np.nan])
    weights = np.array([1.0, 5.0, 2.0, 1.0, 1.0, 100.0])
    assert share_outside(((0.26, 0.75), (1.75, 1.95)), density, weights) == pytest.approx(4 / 10)
