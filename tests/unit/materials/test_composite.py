"""Bone with cement in its pores."""

import numpy as np
import pytest

from femsim.fem.elasticity import Isotropic, Orthotropic, constants
from femsim.materials.composite import SOLID_BONE, filled_constants, filled_modulus, pore_share

CEMENT = 2400.0


def test_half_dense_bone_takes_half_the_cement():
    assert filled_modulus(1000.0, 0.5 * SOLID_BONE, CEMENT) == pytest.approx(1000.0 + 0.5 * CEMENT)


@pytest.mark.parametrize("density", [SOLID_BONE, SOLID_BONE + 0.2])
def test_solid_bone_has_no_room_for_cement(density):
    assert filled_modulus(17000.0, density, CEMENT) == 17000.0


def test_a_void_becomes_cement():
    assert filled_modulus(0.0, 0.0, CEMENT) == CEMENT


def test_it_is_never_softer_than_the_bone():
    density = np.linspace(0, 2.2, 50)
    bone = 6850 * density**1.49
    assert (filled_modulus(bone, density, CEMENT) >= bone).all()
    assert ((pore_share(density) >= 0) & (pore_share(density) <= 1)).all()


def test_bone_without_a_grain_comes_out_the_same_by_its_nine_constants():
    ratio = np.full((1, 3), 0.33)
    bone = np.full((1, 3), 1000.0)
    density = np.array([0.6])
    parts = filled_constants(bone, ratio, bone / 2 / 1.33, density, (CEMENT, 0.33))
    alike = Isotropic(filled_modulus(bone[:, 0], density, CEMENT), ratio[:, 0])
    lam, mu = constants(alike)[0]
    full = constants(Orthotropic(*parts))[0]
    assert full[[0, 1, 15]] == pytest.approx([lam + 2 * mu, lam, mu], rel=1e-12)


def test_strongly_grained_bone_stays_positive_definite():
    """Ratios near their limit: kept as they are, they would pass it once the moduli come nearer to each other."""
    moduli = np.array([[1000.0, 100.0, 100.0]])
    ratios = 0.45 * np.sqrt(moduli[:, [0, 1, 0]] / moduli[:, [1, 2, 2]])
    shear = np.full((1, 3), 100.0)
    parts = filled_constants(moduli, ratios, shear, np.array([0.1]), (CEMENT, 0.33))
    assert (Orthotropic(*parts).youngs_moduli > moduli).all()
