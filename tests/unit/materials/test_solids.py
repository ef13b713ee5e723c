"""Metal and cement."""

import pytest

from femsim.materials import SOLIDS


@pytest.mark.parametrize("name", sorted(SOLIDS))
def test_a_solid_is_a_plausible_isotropic_material(name):
    solid = SOLIDS[name]()
    assert 100 <= solid.youngs_modulus_mpa <= 500_000
    assert -1 < solid.poissons_ratio < 0.5
    assert solid.density == pytest.approx(solid.density_g_per_cm3 * 1e-9)
    assert solid.strength_mpa < solid.youngs_modulus_mpa / 20


def test_metal_is_a_hundred_times_stiffer_than_cement():
    assert 50 < SOLIDS["cocr"]().youngs_modulus_mpa / SOLIDS["pmma"]().youngs_modulus_mpa < 150


def test_titanium_is_half_as_stiff_as_cobalt_chromium():
    assert SOLIDS["ti6al4v"]().youngs_modulus_mpa / SOLIDS["cocr"]().youngs_modulus_mpa == pytest.approx(0.52, abs=0.03)
