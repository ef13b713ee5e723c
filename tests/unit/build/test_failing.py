"""What every place of a built model bears."""

from dataclasses import fields, replace

import numpy as np
import pytest

from femsim.anatomy.degeneration.osteonecrosis import Osteonecrosis
from femsim.anatomy.degeneration.state import sound
from femsim.build import build
from femsim.build.failing import bone_strengths
from femsim.errors import ModelError
from femsim.fem.plastic_damage import MOST_ASYMMETRIC
from femsim.materials import SOLIDS
from femsim.materials.anisotropy.orthotropic import OrthotropicBone
from femsim.materials.bone.rate import StrainRate
from femsim.materials.bone.undrained import UndrainedMarrow
from femsim.materials.strength.carter_hayes_1977 import CarterHayes1977Strength
from femsim.materials.strength.kaplan_stone import KaplanStone
from femsim.materials.strength.morgan_keaveny_2001 import MorganKeaveny2001
from femsim.scenario.reading import load

COARSE = ("mesh.size_mm=7", "mesh.order=1", "implant.penetration_mm=2")


@pytest.fixture(scope="module")
def scenario(root):
    return load(root / "scenarios" / "walking.toml", COARSE)


@pytest.fixture(scope="module")
def pair(scenario):
    return build(scenario)


def plain_bone(model):
    """(e, q) bool: bone without cement in its pores."""
    full = np.zeros(model.density.shape, bool) if model.penetrated is None else model.penetrated
    return np.isfinite(model.density) & ~full


def test_sound_bone_bears_what_its_law_says(scenario, pair):
    for model in (pair.operated, pair.intact):
        bone = plain_bone(model)
        expected = scenario.bone.strength.strengths(model.density[bone], model.youngs_modulus[bone])
        assert np.array_equal(model.failing.tension[bone], expected.tension)
        assert np.array_equal(model.failing.compression[bone], expected.compression)
        assert np.array_equal(model.shear_strength[bone], expected.shear)


def test_kept_bone_bears_the_same_in_both_to_the_last_bit(pair):
    kept = slice(pair.twin.n_kept)
    same = plain_bone(pair.operated)[kept]
    for one in fields(pair.intact.failing):
        values = [getattr(model.failing, one.name)[kept][same] for model in (pair.operated, pair.intact)]
        assert np.array_equal(*values)


@pytest.mark.parametrize(("region", "solid"), [("cement", "pmma"), ("cap", "cocr")])
def test_solids_bear_what_they_are_made_of(pair, region, solid):
    model, bears = pair.operated, SOLIDS[solid]().bears
    here = model.mesh.in_region(region)
    for one in fields(model.failing):
        assert (getattr(model.failing, one.name)[here] == getattr(bears, one.name)).all()
    assert np.isnan(model.shear_strength[here]).all()


def test_bone_full_of_cement_is_never_weaker_than_bone_or_its_share_of_cement(scenario, pair):
    model = pair.operated
    full, cement = model.penetrated, SOLIDS["pmma"]()
    assert full.any()
    dry = build(replace(scenario, implant=replace(scenario.implant, penetration_mm=0.0))).operated
    share = 1.0 - model.density[full] / 2.0  # of pores
    assert np.allclose(model.failing.tension[full], np.maximum(dry.failing.tension[full], share * cement.strength_mpa))
    assert (model.failing.tension[full] > dry.failing.tension[full]).any()
    assert (model.failing.compression[full] >= dry.failing.compression[full]).all()


def test_cement_in_pores_counts_once_however_often_it_is_put_there(scenario, pair):
    from femsim.build.cement import with_cement

    materials = dict(pair.operated.materials)
    again = with_cement(pair.operated, scenario, pair.femur, pair.twin, materials).failing
    for one in fields(again):
        assert np.array_equal(getattr(again, one.name), getattr(pair.operated.failing, one.name))


def test_a_disease_weakens_by_its_strength_factor(scenario, pair):
    ill = build(replace(scenario, bone=replace(scenario.bone, degenerations=(Osteonecrosis(),)))).intact
    well = pair.intact
    lesion = ill.yield_strain_factor != 1.0
    assert lesion.any()
    for name in ("tension", "compression"):
        before, after = getattr(well.failing, name), getattr(ill.failing, name)
        assert after[lesion] == pytest.approx(0.5 * before[lesion], rel=1e-12)
        assert (after[~lesion] >= before[~lesion]).all()  # the rim about it is denser


def with_bone(scenario, **keys):
    return replace(scenario, bone=replace(scenario.bone, **keys))


def test_a_rate_of_strain_stiffens_and_strengthens_all_bone_alike(scenario, pair):
    fast = build(with_bone(scenario, rate=StrainRate(strain_rate_per_s=1.0))).intact
    factor = 100**0.06
    assert fast.youngs_modulus == pytest.approx(factor * pair.intact.youngs_modulus, rel=1e-12)
    assert fast.failing.tension == pytest.approx(factor * pair.intact.failing.tension, rel=1e-12)
    assert fast.failing.compression == pytest.approx(factor * pair.intact.failing.compression, rel=1e-12)
    assert np.array_equal(fast.yield_strain_factor, pair.intact.yield_strain_factor)


def test_marrow_that_cannot_flow_stiffens_bone_but_neither_its_shear_nor_its_strength(scenario, pair):
    full = build(with_bone(scenario, undrained=UndrainedMarrow()))
    for wet, dry in ((full.operated, pair.operated), (full.intact, pair.intact)):
        bone = np.isfinite(dry.density)
        shear = [(m.youngs_modulus / (2 * (1 + m.poissons_ratio)))[bone] for m in (wet, dry)]
        assert shear[0] == pytest.approx(shear[1], rel=1e-12)
        for one in fields(dry.failing):
            assert np.array_equal(getattr(wet.failing, one.name), getattr(dry.failing, one.name))
    assert (full.intact.poissons_ratio >= 0.3).all() and full.intact.poissons_ratio.max() == pytest.approx(0.49)


def test_cement_in_the_pores_leaves_no_room_for_marrow(scenario, pair):
    wet = build(with_bone(scenario, undrained=UndrainedMarrow())).operated
    inside = wet.penetrated
    assert wet.youngs_modulus[inside] == pytest.approx(pair.operated.youngs_modulus[inside], rel=1e-12)
    assert wet.poissons_ratio[inside] == pytest.approx(0.3, rel=1e-12)


def test_the_report_tells_of_rate_and_marrow(scenario):
    told = with_bone(scenario, rate=StrainRate(strain_rate_per_s=1.0), undrained=UndrainedMarrow())
    notes = " ".join(build(told).bone.notes)
    assert "Rate of strain 1 per second" in notes and "cannot flow out" in notes


def test_a_rate_that_would_count_twice_is_refused(scenario):
    law = CarterHayes1977Strength(strain_rate_per_s=1.0)
    with pytest.raises(ModelError, match="already told a rate"):
        build(with_bone(scenario, strength=law, rate=StrainRate(strain_rate_per_s=1.0)))


def test_undrained_bone_with_a_grain_is_refused(scenario):
    with pytest.raises(ModelError, match="isotropic"):
        build(with_bone(scenario, anisotropy=OrthotropicBone(), undrained=UndrainedMarrow()))


def test_quadratic_elements_bear_at_each_of_their_points(scenario):
    model = build(replace(scenario, mesh=replace(scenario.mesh, order=2))).intact
    assert model.failing.tension.shape == (model.mesh.n_elements, 4) == model.shear_strength.shape


def test_a_law_that_leaves_the_range_of_the_material_model_is_cut_never_raised():
    density = np.array([0.05, 0.5])  # below 0.09 g/cm³ the two fits of the law cross
    found = MorganKeaveny2001().strengths(density, np.zeros(2))
    assert found.tension[0] > found.compression[0]
    cut = bone_strengths(MorganKeaveny2001(), sound(np.zeros((2, 3)), density), np.zeros(2))
    assert cut[0, 0] == cut[0, 1] == found.compression[0]
    assert np.array_equal(cut[1, :2], [found.tension[1], found.compression[1]])


def test_compression_is_cut_to_the_largest_ratio_of_the_material_model():
    class Skewed(KaplanStone):
        def mean_strengths(self, density, modulus):
            found = super().mean_strengths(density, modulus)
            return replace(found, compression=10 * found.tension)

    (one,) = bone_strengths(Skewed(), sound(np.zeros((1, 3)), np.array([0.5])), np.zeros(1))
    assert one[1] / one[0] == pytest.approx(MOST_ASYMMETRIC, rel=1e-9) and one[1] / one[0] <= MOST_ASYMMETRIC
