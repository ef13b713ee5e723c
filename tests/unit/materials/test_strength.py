"""Strength laws of bone against each other and against single numbers of their papers."""

import numpy as np
import pytest

from femsim.materials.bone.morgan_2003 import Morgan2003
from femsim.materials.strength import BONE_STRENGTHS
from femsim.materials.strength.offset_yield_strain import OffsetYieldStrain

TRABECULAR = np.linspace(0.2, 0.6, 9)  # g/cm³ apparent


def strengths(name, density, modulus=None, **keys):
    density = np.atleast_1d(np.asarray(density, float))
    modulus = Morgan2003().modulus(density) if modulus is None else np.full(density.shape, float(modulus))
    return BONE_STRENGTHS[name](**keys).strengths(density, modulus)


@pytest.mark.parametrize(
    ("name", "density", "tension", "compression"),
    [
        ("offset_yield_strain", 0.5, 0.0041 * 1000, 0.0065 * 1000),
        ("offset_yield_strain", 1.8, 0.0053 * 1000, 0.0084 * 1000),
        ("offset_yield_strain", 1.35, 0.0047 * 1000, 0.00745 * 1000),  # half-way
        ("morgan_keaveny_2001", 1.0, 22.6, 38.5),
        ("keyak", 1.0, 102 * 0.6**1.8, 102 * 0.6**1.8),
        ("carter_hayes_1977", 1.5, 68 * 0.01**0.06 * 2.25, 68 * 0.01**0.06 * 2.25),
        ("keller_1994", 1.0, 116 * 0.6**2.03, 116 * 0.6**2.03),
        ("kaplan_stone", 1.0, 14.5, 32.4),
        ("wirtz_2000", 1.0, 0.6 * 40.8, 40.8),
        ("wirtz_2000", 1.7, 0.6 * 72.4 * 1.7**1.88, 72.4 * 1.7**1.88),
    ],
)
def test_a_law_gives_what_its_formula_says(name, density, tension, compression):
    found = strengths(name, density, modulus=1000.0)
    assert found.tension == pytest.approx(tension, rel=1e-12)
    assert found.compression == pytest.approx(compression, rel=1e-12)


def test_shear_is_given_by_one_law_and_follows_from_hoffman_in_the_others():
    assert strengths("kaplan_stone", 1.0).shear == pytest.approx(21.6)
    assert strengths("morgan_keaveny_2001", 1.0).shear == pytest.approx(np.sqrt(22.6 * 38.5 / 3))
    assert strengths("keyak", 1.0).shear == pytest.approx(102 * 0.6**1.8 / np.sqrt(3))


@pytest.mark.parametrize("side", ["tension", "compression"])
def test_yield_strains_and_yield_stresses_of_trabecular_bone_agree(side):
    """Two fits of one group, with the modulus by a third: within 16 %; the laws scatter by more (r² 0.85)."""
    by_strain = getattr(strengths("offset_yield_strain", TRABECULAR), side)
    by_stress = getattr(strengths("morgan_keaveny_2001", TRABECULAR), side)
    assert by_strain == pytest.approx(by_stress, rel=0.16)


def test_yield_strain_of_cortex_gives_its_published_yield_stress():
    """Bayraktar 2004: 108 MPa in tension at a modulus of 19.9 GPa; strain and stress are rounded to 2 digits."""
    assert strengths("offset_yield_strain", 1.9, modulus=19_900).tension == pytest.approx(108.0, rel=0.03)


def test_a_strain_without_offset_is_the_modulus_times_the_strain():
    found = OffsetYieldStrain(offset_percent=0.0).strengths(np.array([0.5]), np.array([1000.0]))
    assert found.tension == pytest.approx(6.1) and found.compression == pytest.approx(8.5)


def test_energy_falls_with_the_power_of_the_density():
    law = OffsetYieldStrain(tension_energy_n_per_mm=4.0, tension_energy_exponent=2.0, compression_energy_ratio=5.0)
    assert law.tension_energy(np.array([1.9, 0.95])) == pytest.approx([4.0, 1.0])
    assert law.compression_energy(np.array([0.95])) == pytest.approx(5.0)
