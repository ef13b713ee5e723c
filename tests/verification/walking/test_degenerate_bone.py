"""Diseased bone in both twins of the walking scenario: the same bone in both, as soft and as light as was asked."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.anatomy.degeneration.cysts import Cysts
from femsim.anatomy.degeneration.osteonecrosis import Osteonecrosis
from femsim.anatomy.degeneration.osteoporosis import Osteoporosis
from femsim.build import pair_of_models
from femsim.fem.geometry import integration_points, integration_weights

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def diseased(walking, pair):
    """(*diseases) → the pair of models on the twin mesh of the sound femur."""

    def build(*diseases):
        scenario = replace(walking, bone=replace(walking.bone, degenerations=diseases))
        return pair_of_models(scenario, pair.femur, pair.twin)

    return build


def test_twins_share_their_diseased_bone_to_the_last_bit(diseased, pair):
    ill, kept = diseased(Osteoporosis(), Osteonecrosis(), Cysts(site="superior_neck")), slice(0, pair.twin.n_kept)
    for name in ("density", "youngs_modulus", "yield_strain_factor"):
        assert np.array_equal(getattr(ill.operated, name)[kept], getattr(ill.intact, name)[kept])
    assert (ill.operated.yield_strain_factor[pair.twin.n_kept :] >= 1).all()


def test_dead_bone_has_the_modulus_and_yield_strain_of_its_factors(diseased, pair):
    disease = Osteonecrosis()
    ill = diseased(disease).intact
    points = integration_points(ill.mesh)
    lesion, rim = (
        where.reshape(points.shape[:2]) for where in disease.lesion_and_rim(pair.femur, points.reshape(-1, 3))
    )
    softer = ill.youngs_modulus / pair.intact.youngs_modulus
    assert softer[lesion] == pytest.approx(0.3)
    assert ill.yield_strain_factor[lesion] == pytest.approx(5 / 3)
    assert (softer[rim] > 1).any() and (softer[~lesion] >= 1).all()
    untouched = ~lesion & ~rim
    assert np.array_equal(ill.youngs_modulus[untouched], pair.intact.youngs_modulus[untouched])


def test_lighter_bone_is_softer_by_the_law(diseased, pair):
    ill = diseased(Osteoporosis(cortex_factor=1.0))
    assert ill.intact.youngs_modulus == pytest.approx(0.75**1.49 * pair.intact.youngs_modulus)
    assert ill.bone.mass_g == pytest.approx(0.75 * ill.bone.sound_mass_g)
    assert ill.bone.sound_mass_g == pytest.approx(pair.bone.mass_g)


def test_thinner_cortex_is_less_bone_still(diseased):
    thinned = diseased(Osteoporosis()).bone
    assert thinned.mass_g < 0.95 * 0.75 * thinned.sound_mass_g


def test_the_mass_is_density_over_the_whole_intact_femur(pair):
    weights = integration_weights(pair.intact.mesh)
    assert pair.bone.mass_g == pytest.approx(float((pair.intact.density * weights).sum()) / 1000)
    assert pair.bone.mean_density_g_per_cm3 == pytest.approx(np.average(pair.intact.density, weights=weights))


def test_a_cyst_fills_its_sphere(diseased):
    """The column around it has about 0.65 g/cm³; elements of 6 mm catch a sphere of 10 mm roughly."""
    ill = diseased(Cysts())
    missing = (ill.bone.sound_mass_g - ill.bone.mass_g) * 1000
    assert missing == pytest.approx(np.pi / 6 * 10**3 * (0.65 - 0.05), rel=0.35)
