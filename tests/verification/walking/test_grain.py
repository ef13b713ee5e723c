"""Orthotropic bone in the walking scenario: nothing changes where its ratios are 1, and twins share their grain."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.stress_directions import stress_directions
from femsim.build import oriented, pair_of_models
from femsim.fem.elasticity import Isotropic
from femsim.materials.anisotropy.orthotropic import OrthotropicBone
from femsim.metrics import METRICS
from tests.graft import graft_twin

pytestmark = pytest.mark.slow

ONE = OrthotropicBone(ratio_2=1.0, ratio_3=1.0)


def with_grain(walking, anisotropy):
    return replace(walking, bone=replace(walking.bone, anisotropy=anisotropy))


def measures_of(operated, intact):
    found = [m for metric in METRICS.values() for m in metric().measure(operated, intact)]
    return {(m.name, m.zone, m.model): m.value for m in found}


@pytest.fixture(scope="module")
def softer(walking, pair):
    """The pair with 0.6 across the grain, by anatomy."""
    return pair_of_models(with_grain(walking, OrthotropicBone()), pair.femur, pair.twin)


@pytest.mark.long
def test_with_ratios_of_one_every_measure_is_that_of_isotropic_bone(walking, pair, outcomes, solve):
    same = pair_of_models(with_grain(walking, ONE), pair.femur, pair.twin)
    assert not isinstance(same.intact.elasticity, Isotropic)
    solved = tuple(solve(model, pair.twin.n_kept) for model in (same.operated, same.intact))
    for one, other in zip(solved, outcomes):
        scale = np.abs(other.displacement_basis).max()
        assert np.abs(one.displacement_basis - other.displacement_basis).max() < 1e-7 * scale
    found, known = measures_of(*solved), measures_of(*outcomes)
    for key, value in known.items():
        assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-4), key


def test_twins_share_their_grain_to_the_last_bit(softer, pair):
    kept = slice(0, pair.twin.n_kept)
    for name in ("axes", "youngs_moduli", "poissons_ratios", "shear_moduli"):
        one, other = (getattr(model.orthotropic, name)[kept] for model in (softer.operated, softer.intact))
        assert np.array_equal(one, other)


def test_metal_and_cement_stay_isotropic(walking, pair):
    weak = pair_of_models(with_grain(walking, OrthotropicBone(shear_factor=0.5)), pair.femur, pair.twin).operated
    solid = ~weak.mesh.in_region("bone_kept")
    moduli, shear = weak.orthotropic.youngs_moduli[solid], weak.orthotropic.shear_moduli[solid]
    assert (moduli == moduli[..., :1]).all()
    assert shear == pytest.approx(moduli / (2 * (1 + weak.poissons_ratio[solid][..., None])))


@pytest.mark.long
def test_bone_softer_across_its_grain_moves_more(softer, outcomes, solve):
    outcome = solve(softer.intact, outcomes[1].n_kept)
    moved, before = (np.abs(one.displacement(one.peak)).max() for one in (outcome, outcomes[1]))
    assert 1.0 < moved / before < 1.0 / 0.6
    assert outcome.checks.energy_balance < 1e-8 and outcome.checks.force_balance < 1e-8


def test_an_orthotropic_femur_against_itself_changes_exactly_nothing(softer, outcomes, solve):
    outcome = solve(softer.intact, outcomes[1].n_kept)
    changes = {key: value for key, value in measures_of(outcome, outcome).items() if key[2] == "change"}
    assert changes and set(changes.values()) == {0.0}


@pytest.mark.long
def test_grain_along_the_stress_is_stiffer_than_the_same_grain_across_it(walking, pair, outcomes, solve):
    """It is the intact femur's, in both twins; turned away from the stress the femur gives more."""
    scenario = with_grain(walking, OrthotropicBone(directions="stress"))
    axes = stress_directions(outcomes[1], pair.femur.landmarks.shaft_axis)
    along = oriented(pair, scenario, axes)
    across = oriented(pair, scenario, axes[..., ::-1, :])
    assert np.array_equal(along.operated.orthotropic.axes[: pair.twin.n_kept], axes[: pair.twin.n_kept])
    moved = [
        np.abs(outcome.displacement(outcome.peak)).max()
        for outcome in (solve(one.intact, pair.twin.n_kept) for one in (along, across))
    ]
    assert moved[1] > 1.2 * moved[0]


def test_a_graft_takes_the_grain_of_the_bone_it_replaces(walking, pair):
    scenario = with_grain(walking, OrthotropicBone())
    graft = pair_of_models(scenario, pair.femur, graft_twin(pair.twin), materials={"graft": "bone"})
    rest = slice(pair.twin.n_kept, None)
    assert graft.operated.orthotropic.axes[rest] == pytest.approx(graft.intact.orthotropic.axes[rest], abs=1e-12)
