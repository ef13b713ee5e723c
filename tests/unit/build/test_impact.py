"""From a scenario to what its femur meets in an impact."""

import numpy as np
import pytest

from femsim.build import build
from femsim.build.impact import impact_setting
from femsim.build.loading import loading_of
from femsim.errors import ModelError, ScenarioError
from femsim.scenario.reading import load
from femsim.scenario.shipped import scenario_file

COARSE = ("mesh.size_mm=10", "mesh.order=1", 'implant.kind="intact"')


@pytest.fixture(scope="module")
def fall():
    scenario = load(scenario_file("fall_sideways"), COARSE)
    pair = build(scenario)
    return scenario, pair, impact_setting(scenario, pair, pair.intact)


def coupling(setting, name):
    (found,) = (one for one in setting.couplings if one.name == name)
    return found.vector


def test_at_the_start_the_head_comes_down_with_the_speed_given(fall):
    _, _, setting = fall
    assert np.vdot(setting.watched["hip"], setting.velocity) == pytest.approx(3000.0, rel=1e-9)


def test_nothing_is_strained_by_the_start(fall):
    _, pair, setting = fall
    centred = pair.intact.mesh.nodes - pair.intact.mesh.nodes.mean(axis=0)
    gradient = np.linalg.lstsq(centred, setting.velocity - setting.velocity.mean(axis=0), rcond=None)[0]
    np.testing.assert_allclose(gradient, -gradient.T, atol=1e-9 * np.abs(gradient).max())


@pytest.mark.parametrize("name", ["knee_0", "knee_1", "knee_2", "knee_turning", "hip"])
def test_the_start_moves_neither_the_knee_nor_the_pelvis(fall, name):
    _, _, setting = fall
    rate = np.vdot(coupling(setting, name), setting.velocity)
    rate += 3000.0 if name == "hip" else 0.0
    assert abs(rate) < 1e-6 * 3000.0


def test_the_knee_resists_one_millimetre_and_one_turn(fall):
    scenario, pair, setting = fall
    nodes, knee = pair.intact.mesh.nodes, loading_of(scenario, pair.femur).sites["knee"]
    shaft = -knee / np.linalg.norm(knee)
    turn = np.cross(shaft, nodes - knee)
    assert abs(np.vdot(coupling(setting, "knee_turning"), turn)) == pytest.approx(1.0, rel=1e-9)
    for name in ("knee_0", "knee_1", "knee_2"):
        assert abs(np.vdot(coupling(setting, name), turn)) < 1e-6 * np.abs(turn).max()
    along = np.broadcast_to(shaft, nodes.shape)
    assert abs(np.vdot(coupling(setting, "knee_2"), along)) == pytest.approx(1.0, rel=1e-9)


def test_the_tissue_just_touches(fall):
    _, pair, setting = fall
    floor = setting.floor
    assert floor.gaps.min() == 0.0
    heights = pair.intact.mesh.nodes[floor.nodes] @ floor.normal
    np.testing.assert_allclose(np.ptp(heights - floor.gaps), 0.0, atol=1e-9)


def test_the_trochanter_comes_first(fall):
    scenario, pair, setting = fall
    first = pair.intact.mesh.nodes[setting.floor.nodes[setting.floor.gaps.argmin()]]
    assert np.linalg.norm(first - loading_of(scenario, pair.femur).sites["trochanter_side"]) < 30.0


def test_marrow_adds_mass_where_there_are_pores(fall):
    _, pair, setting = fall
    told = load(scenario_file("fall_sideways"), (*COARSE, "analysis.marrow_in_pores=1.0"))
    more = impact_setting(told, pair, pair.intact).mass_density / setting.mass_density
    density = pair.intact.density
    assert (more >= 1).all()
    assert more[density < 0.3].min() > 2
    assert more[density > 1.7].max() < 1.1


def test_bare_bone_answers_by_its_own_stiffness(fall):
    _, pair, _ = fall
    bare = load(scenario_file("fall_sideways"), (*COARSE, "analysis.tissue_thickness_mm=0"))
    law = impact_setting(bare, pair, pair.intact).floor.law
    assert not law.pulls
    assert 10.0 < law.stiffness.min() < law.stiffness.max() < 2e4


def test_a_femur_without_mass_is_refused(fall):
    from dataclasses import replace

    scenario, pair, _ = fall
    with pytest.raises(ModelError, match="Nobody says what this femur weighs"):
        impact_setting(scenario, pair, replace(pair.intact, mass_density=None))


@pytest.mark.parametrize("speed", ["0", "100"])
def test_a_speed_out_of_range_is_named(speed):
    with pytest.raises(ScenarioError, match="impact_speed_m_per_s"):
        load(scenario_file("fall_sideways"), (f"load.impact_speed_m_per_s={speed}",))


def test_a_push_follows_the_forces_of_the_activity():
    scenario = load(scenario_file("stumble"), COARSE)
    pair = build(scenario)
    setting = impact_setting(scenario, pair, pair.intact)
    peak = np.linalg.norm(pair.intact.history.hip, axis=1).max()
    assert setting.kind == "pulse"
    assert setting.pulse.hip_at(0.15) == pytest.approx(peak, rel=1e-9)
    assert setting.pulse.hip_at(0.0) == 0.0
    assert setting.pulse.times[-1] == pytest.approx(0.3, rel=1e-9)
    assert setting.held.any()


def test_a_single_instant_is_no_push():
    scenario = load(scenario_file("stumble"), (*COARSE, "load.frames=1"))
    pair = build(scenario)
    with pytest.raises(ModelError, match="3 or more"):
        impact_setting(scenario, pair, pair.intact)


def test_a_dropped_weight_arrives_with_the_speed_of_its_height():
    scenario = load(scenario_file("stumble"), (*COARSE, "analysis.drop_height_mm=700"))
    pair = build(scenario)
    setting = impact_setting(scenario, pair, pair.intact)
    assert setting.masses[0].speed == pytest.approx(3705.3, rel=1e-4)  # √(2 g h), g = 9.80665
