"""Springs, dampers and soft tissue: what they answer, store and lose."""

import numpy as np
import pytest

from femsim.fem.laws import SpringDamper, TissueLayer

LAWS = {
    "spring": SpringDamper(50.0, 0.3),
    "cup": SpringDamper(50.0, 0.3, pulls=False),
    "tissue": TissueLayer(20.0, 1.0, 0.005),
}
PLACES = np.array([-3.0, -0.1, 0.4, 3.0, 11.0, 18.0, 19.9, 23.0])
RATES = np.array([-800.0, 0.0, 40.0, 900.0])


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_elastic_part_is_the_derivative_of_the_energy(law):
    h = 1e-5
    slope = (law.energy(PLACES + h) - law.energy(PLACES - h)) / (2 * h)
    np.testing.assert_allclose(law.respond(PLACES, 0 * PLACES).elastic, slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("rate", RATES)
def test_tangents_are_derivatives(law, rate):
    h = 1e-5
    answer = law.respond(PLACES, 0 * PLACES + rate)
    stiffness = (law.respond(PLACES + h, rate).total - law.respond(PLACES - h, rate).total) / (2 * h)
    damping = (law.respond(PLACES, rate + h).total - law.respond(PLACES, rate - h).total) / (2 * h)
    smooth = np.abs(answer.total) > 0  # a tangent where it lets go is one-sided
    np.testing.assert_allclose(answer.stiffness[smooth], stiffness[smooth], rtol=1e-5)
    np.testing.assert_allclose(answer.damping[smooth], damping[smooth], rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", ["cup", "tissue"])
@pytest.mark.parametrize("rate", RATES)
def test_what_only_pushes_never_pulls(name, rate):
    assert (LAWS[name].respond(PLACES, 0 * PLACES + rate).total >= 0).all()


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("rate", RATES)
def test_losses_are_never_a_gain(law, rate):
    answer = law.respond(PLACES, 0 * PLACES + rate)
    assert ((answer.total - answer.elastic) * rate >= 0).all()


def test_little_compressed_tissue_has_its_modulus():
    tissue = TissueLayer(20.0, 0.7)
    assert tissue.respond(np.array([0.2]), np.zeros(1)).total[0] == pytest.approx(0.7 * 0.01, rel=1e-6)


def test_tissue_bottoms_out():
    tissue = TissueLayer(20.0, 1.0)
    half, nearly = tissue.respond(np.array([10.0, 19.6]), np.zeros(2)).stiffness
    assert nearly > 300 * half
