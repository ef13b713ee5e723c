"""What every strength law of bone promises."""

import re
from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.materials.bone.morgan_2003 import Morgan2003
from femsim.materials.strength import BONE_STRENGTHS

APPARENT = np.linspace(0.02, 1.95, 400)  # g/cm³
NAMES = ("tension", "compression", "shear")


@pytest.fixture(params=sorted(BONE_STRENGTHS))
def law(request):
    return BONE_STRENGTHS[request.param]()


def of(law, density=APPARENT):
    return law.strengths(density, Morgan2003().modulus(density))


@pytest.mark.parametrize("name", NAMES)
def test_denser_bone_is_stronger(law, name):
    strength = getattr(of(law), name)
    uncut = strength > law.smallest_strength_mpa
    assert (np.diff(strength) >= 0).all() and (np.diff(strength[uncut]) > 0).all()


def test_strengths_run_from_a_few_mpa_to_tens_or_hundreds(law):
    """Trabecular bone of 0.4 g/cm³ and compact bone of 1.9: from the weakest law to the strongest."""
    for name in ("tension", "compression"):
        light, dense = getattr(of(law, np.array([0.4, 1.9])), name)
        assert 1.0 <= light <= 13.0
        assert 40.0 <= dense <= 260.0


def test_compression_bears_at_least_what_tension_does_in_the_range_of_bone(law):
    found = of(law, np.linspace(0.1, 1.95, 100))
    assert (found.compression >= found.tension).all()


def test_shear_bears_less_than_compression(law):
    found = of(law, np.linspace(0.15, 1.95, 100))  # in lighter bone two measured laws cross
    assert (found.shear <= found.compression).all()


def test_voids_keep_a_positive_strength(law):
    found = law.strengths(np.array([0.0, 1e-9]), np.array([2.0, 2.0]))
    assert all((getattr(found, name) >= law.smallest_strength_mpa).all() for name in NAMES)


@pytest.mark.parametrize("density", [-0.1, np.nan])
def test_impossible_densities_are_refused(law, density):
    with pytest.raises(ModelError, match="1 of 2 densities"):
        law.strengths(np.array([0.5, density]), np.array([2000.0, 2000.0]))


@pytest.mark.parametrize("name", NAMES)
def test_the_factor_multiplies_every_strength(law, name):
    light = APPARENT[APPARENT > 0.1]
    half = getattr(of(replace(law, factor=0.5), light), name)
    assert half == pytest.approx(0.5 * getattr(of(law, light), name), rel=1e-12)


def test_energies_are_within_what_is_published_for_both_sorts_of_bone(law):
    trabecular, compact = law.tension_energy(np.array([0.4, 1.9]))
    assert 0.3 <= trabecular <= 2.0 and 1.0 <= compact <= 5.0  # N/mm
    assert law.compression_energy(np.array([0.4])) == pytest.approx(10 * trabecular)


def test_it_says_where_it_was_measured_and_published(law):
    assert law.density_kind in ("apparent", "ash") and law.site
    assert all(0 < low < high < 2.5 for low, high in law.measured)
    assert re.search(r"\(\d{4}\) \d+-\d+|Data sheets", law.citation), "journal, year and pages, or a maker"
