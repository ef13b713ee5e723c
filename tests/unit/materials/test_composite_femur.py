"""A composite femur: the numbers of its maker, and one material on either side of one surface."""

import numpy as np
import pytest

from femsim.build import build
from femsim.errors import ModelError
from femsim.materials.bone.composite_femur import CompositeFemur
from femsim.materials.strength.composite_femur import CompositeFemurStrength
from femsim.scenario.catalogue import law_curves
from femsim.scenario.reading import load


def test_foams_and_shell_are_as_stiff_as_their_data_sheet_says():
    assert CompositeFemur().modulus(np.array([0.27, 0.32, 1.64])) == pytest.approx([155, 210, 16700], rel=1e-12)


def test_a_softer_shell_leaves_the_foams_as_they_are():
    soft = CompositeFemur(shell_modulus_mpa=10700.0)
    assert soft.modulus(np.array([0.27, 0.32, 1.64])) == pytest.approx([155, 210, 10700], rel=1e-12)


def test_a_shell_as_soft_as_foam_is_refused():
    with pytest.raises(ModelError, match="hardly stiffer"):
        CompositeFemur(shell_modulus_mpa=7000.0, foam_modulus_mpa=4000.0)


def test_foams_and_shell_are_as_strong_as_their_data_sheet_says():
    found = CompositeFemurStrength().strengths(np.array([0.27, 0.32, 1.64]), np.zeros(3))
    assert found.compression == pytest.approx([6.0, 8.4, 157.0], rel=1e-12)
    assert found.tension == pytest.approx([6.0 * 106 / 157, 8.4 * 106 / 157, 106.0], rel=1e-12)


def test_the_picture_of_bone_laws_shows_bone():
    assert "composite_femur" not in law_curves(0.1, 1.0)


@pytest.fixture(scope="module")
def pair(root):
    coarse = ("mesh.size_mm=6", "mesh.order=1")
    return build(load(root / "scenarios" / "composite_femur.toml", coarse))


@pytest.mark.slow
def test_every_place_is_shell_or_foam(pair):
    density = pair.intact.density
    share = [np.isclose(density, one, atol=1e-9).mean() for one in (1.64, 0.27)]
    assert min(share) > 0.1 and sum(share) > 0.99


def test_stiffness_and_strength_follow(pair):
    model = pair.intact
    for density, modulus, tension, compression in ((1.64, 16700, 106, 157), (0.27, 155, 6 * 106 / 157, 6)):
        here = np.isclose(model.density, density, atol=1e-9)
        assert model.youngs_modulus[here] == pytest.approx(modulus, rel=1e-6)
        assert model.failing.tension[here] == pytest.approx(tension, rel=1e-6)
        assert model.failing.compression[here] == pytest.approx(compression, rel=1e-6)


def test_the_machine_presses_along_the_upright_shaft(pair):
    model = pair.operated
    total = np.tensordot(model.load_factors[0], model.load_basis, axes=1).sum(axis=0)
    assert total == pytest.approx([0.0, 0.0, -1000.0], abs=1e-6)


def test_the_report_says_that_it_is_no_bone(pair):
    assert any("composite femur" in note for note in pair.bone.notes)
