"""Elastic constants of bone with a grain."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic, Orthotropic, constants
from femsim.materials.anisotropy.orthotropic import OrthotropicBone
from femsim.materials.bone.morgan_2003 import Morgan2003
from femsim.materials.bone.wirtz_2000 import Wirtz2000

MODULUS, POISSON = np.array([10.0, 1000.0, 17_000.0]), np.full(3, 0.3)


def stiffness_of(bone, poisson=POISSON, turn=None):
    ratios = bone.ratios(Morgan2003(), MODULUS)
    return Orthotropic(*bone.constants(MODULUS, poisson, ratios), np.eye(3) if turn is None else turn)


def test_with_equal_moduli_it_is_isotropic_in_any_axes():
    """constants() gives the upper triangle of C, row by row, for engineering shear."""
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    found = constants(stiffness_of(OrthotropicBone(ratio_2=1.0, ratio_3=1.0), turn=turn))
    lam, mu = constants(Isotropic(MODULUS, POISSON)).T
    exact = np.zeros((6, 6, 3))
    exact[:3, :3] = lam
    for row in range(6):
        exact[row, row] = lam + 2 * mu if row < 3 else mu
    assert found.T == pytest.approx(exact[np.triu_indices(6)], rel=1e-12, abs=1e-9 * 17_000)


@pytest.mark.parametrize("poisson", [0.0, 0.3, 0.45])
@pytest.mark.parametrize("ratios", [(0.2, 0.2), (0.2, 1.0), (1.0, 0.3), (0.6, 0.6)])
def test_every_ratio_that_can_be_asked_for_is_positive_definite(ratios, poisson):
    """`Orthotropic` refuses any other; the margin is that of the isotropic bone."""
    stiffness_of(OrthotropicBone(ratio_2=ratios[0], ratio_3=ratios[1]), np.full(3, poisson))


def test_the_contractions_are_those_of_one_compliance():
    moduli, ratios, _ = OrthotropicBone(ratio_2=0.5, ratio_3=0.25).constants(
        np.array([16.0]), np.array([0.3]), np.array([[0.5, 0.25]])
    )
    assert moduli[0] == pytest.approx([16.0, 8.0, 4.0])
    assert ratios[0] == pytest.approx([0.3 * np.sqrt(2), 0.3 * np.sqrt(2), 0.6])  # ν12, ν23, ν13


def test_its_shear_is_that_of_the_mean_modulus_times_its_factor():
    bone = OrthotropicBone(shear_factor=0.63)
    shear = bone.constants(np.array([17_000.0]), np.array([0.3]), np.array([[0.6, 0.6]]))[2]
    assert shear[0, 0] == pytest.approx(0.63 * 17_000 * np.sqrt(0.6) / 2.6)
    assert shear[0, 0] == pytest.approx(3300, rel=0.04)  # MPa; Reilly, Burstein 1975


def test_the_law_says_how_soft_bone_is_across_where_it_is_asked_to():
    bone, density = OrthotropicBone(across="law"), np.array([0.3, 1.85])
    assert bone.ratios(Wirtz2000(), density) == pytest.approx(np.array([[0.51, 0.51], [0.44, 0.44]]), abs=0.005)
    with pytest.raises(ModelError, match="no modulus across the grain"):
        bone.ratios(Morgan2003(), density)
    assert (replace(bone, across="ratio").ratios(Morgan2003(), density) == 0.6).all()
