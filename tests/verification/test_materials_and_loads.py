"""Known answers for bone stiffness (V29), load frames (V66) and the scaling of risk (V68)."""

import numpy as np
import pytest

from femsim.criteria.principal_strain import PrincipalStrain
from femsim.loads.force_sets import HELLER_WALKING
from femsim.loads.subject import Subject
from femsim.loads.walking import Walking
from femsim.materials.bone.morgan_2003 import Morgan2003


@pytest.mark.parametrize("density, modulus", [(0.6, 3199.897), (1.0, 6850.0)])
def test_v29_morgan_law_at_two_densities(density, modulus):
    assert Morgan2003().modulus(np.array([density]))[0] == pytest.approx(modulus, rel=1e-6)


def test_v29_cuts_and_floor_keep_the_modulus_monotone_and_positive():
    modulus = Morgan2003().modulus(np.linspace(0, 4, 4001))
    assert modulus.min() > 0 and (np.diff(modulus) >= 0).all()
    assert modulus.max() == 20000.0


def test_v66_walking_force_keeps_its_size_on_the_way_to_the_femur_frame():
    subject = Subject()
    history = Walking().history(subject)
    size = np.linalg.norm(history.forces[history.peak, history.channels.index("hip")]) / subject.body_weight
    assert 100 * size == pytest.approx(237.75, rel=2e-5)
    assert 100 * size == pytest.approx(238.0, rel=2e-3)  # Bergmann 2001


def test_v66_the_frame_change_only_turns_medial_into_lateral():
    history = Walking().history(Subject(body_mass_kg=100 / 9.80665))
    published = np.array([force for _, _, force in HELLER_WALKING])
    matrix, *_ = np.linalg.lstsq(published, history.forces[history.peak], rcond=None)
    assert matrix == pytest.approx(np.diag([-1.0, 1.0, 1.0]), abs=1e-12)
    # On a right femur the hip force points laterally, backwards and down; the abductor pulls medially and up.
    assert (np.sign(history.forces[history.peak, 0]) == (1, -1, -1)).all()
    assert (np.sign(history.forces[history.peak, 1]) == (-1, 1, 1)).all()


def test_v68_risk_is_one_at_the_published_strains_and_doubles_with_the_load():
    criterion = PrincipalStrain()
    pull, push = np.array([0.0073, 0, 0, 0, 0, 0]), np.array([0, 0, -0.0104, 0, 0, 0])
    assert criterion.ratio(None, np.stack([pull, push])) == pytest.approx([1.0, 1.0], rel=1e-9)
    strain = np.random.default_rng(0).normal(0, 2e-3, (200, 6))
    assert criterion.ratio(None, 2 * strain) == pytest.approx(2 * criterion.ratio(None, strain), rel=1e-12)


def test_v68_risk_does_not_depend_on_the_order_of_elements():
    strain = np.random.default_rng(1).normal(0, 2e-3, (200, 4, 6))
    order = np.random.default_rng(2).permutation(200)
    assert (PrincipalStrain().ratio(None, strain[order]) == PrincipalStrain().ratio(None, strain)[order]).all()
