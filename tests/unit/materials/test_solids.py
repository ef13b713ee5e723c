"""Metal and cement."""

import numpy as np
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


def test_metal_yields_alike_both_ways_hardens_and_never_cracks():
    for name in ("cocr", "ti6al4v"):
        solid, bears = SOLIDS[name](), SOLIDS[name]().bears
        assert bears.tension == bears.compression == solid.strength_mpa
        assert bears.hardening > 0 and bears.tension_energy == bears.compression_energy == np.inf


def test_a_crack_in_cement_takes_the_energy_of_its_toughness():
    """K = 1.77 MPa√m = 55.97 N/mm^1.5, so K² (1 - ν²) / E = 3132.9 * 0.8911 / 2400."""
    assert SOLIDS["pmma"]().crack_energy == pytest.approx(1.1632, rel=1e-4)


def test_cement_bears_twice_as_much_in_compression_as_in_tension():
    bears = SOLIDS["pmma"]().bears
    assert (bears.tension, bears.compression) == (43.2, 90.0)
