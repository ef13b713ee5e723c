"""Measures of blocks under uniform strain, where each has a closed form."""

import dataclasses

import numpy as np
import pytest

from femsim.interfaces.freeing import LoosePairs
from femsim.metrics.cement_penetration import CementPenetration
from femsim.metrics.cement_stress import CementStress
from femsim.metrics.head_stiffness import HeadStiffness, head_motion
from femsim.metrics.implant_stress import ImplantStress
from femsim.metrics.interface_pull import InterfacePull
from femsim.metrics.micromotion import Micromotion
from femsim.metrics.neck_strain import NeckStrain
from femsim.metrics.places import bone_places, implant_places
from femsim.metrics.risk_factor import RiskFactor
from femsim.metrics.strain_change import StrainChange
from femsim.metrics.strain_energy_change import StrainEnergyChange

NU, MODULUS = 0.3, 1000.0  # of the blocks in conftest
PULL = np.diag([-NU, -NU, 1.0])  # uniaxial stress along z


def _values(measures):
    return {(m.name, m.zone, m.model): m.value for m in measures}


def test_risk_factor_of_a_uniaxial_pull_is_strain_over_the_limit(outcome_of):
    operated, intact = outcome_of("operated", 0.00365 * PULL, with_implant=True), outcome_of("intact", -0.0104 * PULL)
    values = _values(RiskFactor().measure(operated, intact))
    for zone in ("upper", "lower", "distal_support", "femur"):
        for name in ("risk_factor_p95", "risk_factor_p99", "risk_factor_max"):
            assert values[name, zone, "operated"] == pytest.approx(0.5, rel=1e-9)
            assert values[name, zone, "intact"] == pytest.approx(1.0, rel=1e-9)
            assert values[name, zone, "change"] == pytest.approx(-0.5, rel=1e-8)
        assert values["volume_over_yield", zone, "operated"] == 0.0


def test_all_bone_past_yield_is_all_of_the_volume(outcome_of):
    weak = outcome_of("operated", 0.0074 * PULL)
    assert _values(RiskFactor().measure(weak, weak))["volume_over_yield", "femur", "operated"] == pytest.approx(100.0)


def test_energy_change_is_the_square_of_the_strain_ratio(outcome_of):
    operated, intact = outcome_of("operated", 0.0006 * PULL, with_implant=True), outcome_of("intact", 0.001 * PULL)
    values = _values(StrainEnergyChange().measure(operated, intact))
    # ½ E ε² = 0.0005 MPa = 0.5 kJ/m³
    assert values["strain_energy_density", "upper", "intact"] == pytest.approx(0.5, rel=1e-9)
    assert values["shielding_change", "upper", "change"] == pytest.approx(-64.0, rel=1e-9)
    assert values["shielded_volume_50", "femur", "change"] == pytest.approx(100.0)
    assert values["shielded_volume_25", "femur", "change"] == 0.0
    assert values["overloaded_volume", "femur", "change"] == 0.0


def test_the_shielding_map_is_defined_on_kept_bone_only(outcome_of):
    operated, intact = outcome_of("operated", 0.002 * PULL, with_implant=True), outcome_of("intact", 0.001 * PULL)
    change = next(m for m in StrainEnergyChange().maps(operated, intact) if m.name == "shielding_change")
    assert change.model == "operated" and change.values.shape == (1, operated.model.mesh.n_elements)
    assert change.values[0, : operated.n_kept] == pytest.approx(3.0, rel=1e-9)
    assert np.isnan(change.values[0, operated.n_kept :]).all()


def test_the_risk_map_is_defined_on_bone_only(outcome_of):
    operated, intact = outcome_of("operated", 0.002 * PULL, with_implant=True), outcome_of("intact", 0.001 * PULL)
    of_operated, of_intact = (field.values for field in RiskFactor().maps(operated, intact))
    assert np.isnan(of_operated[:, operated.n_kept :]).all()
    assert np.isfinite(of_operated[:, : operated.n_kept]).all() and np.isfinite(of_intact).all()


def test_unloaded_intact_bone_gives_no_ratio(outcome_of):
    operated, intact = outcome_of("operated", 0.001 * PULL), outcome_of("intact", 0.0 * PULL)
    measures = StrainEnergyChange().measure(operated, intact)
    assert all(np.isfinite(m.value) for m in measures)
    assert not any(m.name == "shielding_change" for m in measures)
    change = StrainEnergyChange().maps(operated, intact)[-1]
    assert np.isnan(change.values).all()


def test_strains_are_told_in_microstrain_and_compared(outcome_of):
    operated, intact = outcome_of("operated", 0.0005 * PULL, with_implant=True), outcome_of("intact", 0.001 * PULL)
    values = _values(StrainChange().measure(operated, intact))
    assert values["strain_tension", "lower", "intact"] == pytest.approx(1000.0, rel=1e-9)
    assert values["strain_compression", "lower", "operated"] == pytest.approx(-150.0, rel=1e-7)
    # deviatoric of (1, -ν, -ν): equivalent strain 2/3 (1 + ν)
    assert values["strain_equivalent", "lower", "intact"] == pytest.approx(1000 * 2 / 3 * (1 + NU), rel=1e-7)
    assert values["strain_tension", "lower", "change"] == pytest.approx(-50.0, rel=1e-9)


def test_implant_and_cement_stress_of_a_uniaxial_pull(outcome_of):
    operated = outcome_of("operated", 0.01 * PULL, with_implant=True)
    metal = _values(ImplantStress(strength_mpa=100.0).measure(operated, operated))
    assert metal["stress_von_mises_p99", "cap", "operated"] == pytest.approx(MODULUS * 0.01, rel=1e-9)
    assert metal["stress_over_strength", "cap", "operated"] == pytest.approx(0.1, rel=1e-9)
    cement = _values(CementStress(strength_mpa=20.0).measure(operated, operated))
    assert cement["stress_principal_1_p95", "cement", "operated"] == pytest.approx(10.0, rel=1e-9)
    assert cement["stress_over_strength", "cement", "operated"] == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("metric", [ImplantStress(), CementStress()])
def test_less_volume_lies_above_a_higher_percentile(outcome_of, metric):
    block = outcome_of("operated", 0.01 * PULL, with_implant=True)
    x = block.model.mesh.nodes[:, [0]]
    uneven = dataclasses.replace(block, displacement_basis=block.displacement_basis * (1 + 0.1 * x))
    low, high, _ = metric.measure(uneven, uneven)
    assert low.name.endswith("p95") and high.name.endswith("p99")
    assert low.value < high.value


def test_a_femur_without_implant_has_no_implant_stress(outcome_of):
    intact = outcome_of("intact", 0.01 * PULL)
    assert ImplantStress().measure(intact, intact) == () and CementStress().measure(intact, intact) == ()
    assert CementStress().maps(intact, intact) == ()


def test_the_head_moves_as_the_rigid_motion_of_its_bearing_surface(outcome_of):
    mesh = outcome_of("intact", PULL).model.mesh
    moved, turned = np.array([0.1, -0.2, -1.0]), np.array([0.01, 0.02, -0.03])
    assert head_motion(mesh, moved + np.cross(turned, mesh.nodes)) == pytest.approx(moved, abs=1e-12)


def test_head_stiffness_is_hip_force_over_displacement_along_it(outcome_of):
    block = outcome_of("intact", np.zeros((3, 3)))
    n = block.model.mesh.n_nodes

    def lowered(by):
        return dataclasses.replace(block, displacement_basis=np.tile([0.3, 0.0, -by], (1, n, 1)))

    values = _values(HeadStiffness().measure(lowered(0.5), lowered(0.4)))
    assert values["head_stiffness", "head", "operated"] == pytest.approx(2000.0, rel=1e-12)
    assert values["head_stiffness", "head", "change"] == pytest.approx(-20.0, rel=1e-12)
    assert values["head_displacement", "head", "intact"] == pytest.approx(0.5, rel=1e-12)


def test_a_head_that_does_not_move_has_no_stiffness(outcome_of):
    still = outcome_of("intact", np.zeros((3, 3)))
    assert [m.name for m in HeadStiffness().measure(still, still)] == ["head_displacement"] * 2


def test_maps_of_every_frame_follow_the_load(outcome_of):
    intact = outcome_of("intact", 0.001 * PULL, factors=(0.5, 1.0, 0.0, -0.5))
    risk = RiskFactor().maps(intact, intact)[0].values
    energy = StrainEnergyChange().maps(intact, intact)[0].values
    assert risk[:, 0] == pytest.approx(np.array([0.5, 1.0, 0.0, 0.5 * 0.73 / 1.04]) * 0.1 / 0.73, rel=1e-9)
    assert energy[:, 0] == pytest.approx(np.array([0.25, 1.0, 0.0, 0.25]) * 0.5e-3, rel=1e-9)


def test_the_support_is_kept_out_of_the_femur_but_shown_as_a_zone(outcome_of):
    block = outcome_of("intact", 0.001 * PULL)
    mesh = block.model.mesh
    local = np.where(mesh.nodes[:, [2]] < -15 + 2.6, 10.0, 1.0) * mesh.nodes @ (0.001 * PULL).T
    squeezed = dataclasses.replace(block, displacement_basis=local[None])
    values = _values(RiskFactor().measure(squeezed, squeezed))
    assert values["risk_factor_max", "distal_support", "operated"] > values["risk_factor_max", "femur", "operated"]


def test_bone_that_yields_at_twice_the_strain_is_at_half_the_risk(outcome_of):
    sound = outcome_of("intact", np.diag([0.003, 0, 0]))
    tough = dataclasses.replace(
        sound, model=dataclasses.replace(sound.model, yield_strain_factor=np.full(sound.model.density.shape, 2.0))
    )
    one, other = (_values(RiskFactor().measure(outcome, outcome)) for outcome in (sound, tough))
    place = ("risk_factor_max", "femur", "operated")
    assert other[place] == 0.5 * one[place] > 0


def _parted(block, motion, factors=None):
    """The block with pairs of nodes far from each other taken as loose, the second moved by (p, 3) [mm] more."""
    pairs = np.array([(0, 300), (1, 301), (2, 302)])
    displacement = np.zeros_like(block.displacement_basis)
    displacement[0, pairs[:, 1]] = motion
    loose = {"stem": LoosePairs(pairs, np.tile([0.0, 0, 1], (3, 1)), [98.0, 1.0, 1.0])}
    model = dataclasses.replace(block.model, loose=loose)
    return dataclasses.replace(block, model=model, displacement_basis=displacement, _cache={})


def test_micromotion_is_the_relative_motion_of_loose_pairs_by_area(outcome_of):
    slid = _parted(outcome_of("operated", np.zeros((3, 3))), [(0.003, 0.004, 0), (0.1, 0, 0), (0, 0, 0.2)])
    values = _values(Micromotion().measure(slid, slid))
    assert values["micromotion_p95", "stem", "operated"] == pytest.approx(5.0)
    assert values["micromotion_max", "stem", "operated"] == pytest.approx(200.0)
    assert values["interface_overlap_max", "stem", "operated"] == 0.0


def test_sides_that_come_nearer_overlap(outcome_of):
    pressed = _parted(outcome_of("operated", np.zeros((3, 3))), [(0, 0, 0.01), (0.5, 0, -0.02), (0, 0, 0)])
    assert _values(Micromotion().measure(pressed, pressed))["interface_overlap_max", "stem", "operated"] == (
        pytest.approx(20.0)
    )


def test_micromotion_is_that_of_the_peak(outcome_of):
    block = outcome_of("operated", np.zeros((3, 3)), factors=(0.5, 2.0, 1.0))
    slid = _parted(block, [(0.01, 0, 0)] * 3)
    assert _values(Micromotion().measure(slid, slid))["micromotion_max", "stem", "operated"] == pytest.approx(20.0)


def test_a_rigid_motion_moves_nothing_against_itself(outcome_of):
    """Whatever is split lies at one place, so the two sides move alike (V69)."""
    block = outcome_of("operated", np.zeros((3, 3)))
    mesh = block.model.mesh
    doubled = dataclasses.replace(
        mesh, nodes=np.where(np.arange(mesh.n_nodes)[:, None] == 300, mesh.nodes[0], mesh.nodes)
    )
    loose = {"stem": LoosePairs([(0, 300)], [(0, 0, 1)], [1.0])}
    moved = np.array([0.1, -0.2, -1.0]) + np.cross([0.01, 0.02, -0.03], doubled.nodes)
    model = dataclasses.replace(block.model, mesh=doubled, loose=loose)
    rigid = dataclasses.replace(block, model=model, displacement_basis=moved[None], _cache={})
    assert all(value == 0.0 for value in _values(Micromotion().measure(rigid, rigid)).values())


def _sliding(block, opening):
    """As `_parted`, with three pairs of 1 mm² far enough apart to be told from each other, opened by (3,) [mm]."""
    slid = _parted(block, np.outer(opening, (0, 0, 1.0)))
    loose = slid.model.loose["stem"]
    normals = np.eye(3)
    displacement = np.zeros_like(slid.displacement_basis)
    displacement[0, loose.pairs[:, 1]] = np.asarray(opening)[:, None] * normals
    sliding = LoosePairs(loose.pairs, normals, np.ones(3), slides=True)
    model = dataclasses.replace(slid.model, loose={"stem": sliding})
    return dataclasses.replace(slid, model=model, displacement_basis=displacement, _cache={})


def test_the_share_that_pulls_is_that_of_the_area_that_opens(outcome_of):
    slid = _sliding(outcome_of("operated", np.zeros((3, 3))), (1e-5, -2e-5, -1e-5))
    assert _values(InterfacePull().measure(slid, slid)) == {
        ("interface_pull_share", "stem", "operated"): pytest.approx(100 / 3)
    }
    (field,) = InterfacePull().maps(slid, slid)
    traction = field.values[0, slid.model.loose["stem"].pairs[:, 0]]
    assert traction == pytest.approx(slid.model.springs.stiffness * (1e-5, -2e-5, -1e-5))
    assert "interface_overlap_max" not in {m.name for m in Micromotion().measure(slid, slid)}


def test_what_is_free_pulls_nothing(outcome_of):
    slid = _parted(outcome_of("operated", np.zeros((3, 3))), [(0, 0, 0.1)] * 3)
    assert InterfacePull().measure(slid, slid) == () == InterfacePull().maps(slid, slid)


def test_the_map_of_micromotion_is_defined_on_loose_nodes_only(outcome_of):
    slid = _parted(outcome_of("operated", np.zeros((3, 3))), [(0.003, 0.004, 0)] * 3)
    (field,) = Micromotion().maps(slid, slid)
    loose = np.isin(np.arange(slid.model.mesh.n_nodes), [0, 1, 2, 300, 301, 302])
    assert field.values[0, loose] == pytest.approx(5.0) and np.isnan(field.values[0, ~loose]).all()


def test_a_bonded_implant_has_no_micromotion_and_no_penetration_is_none(outcome_of):
    block = outcome_of("operated", 0.001 * PULL, with_implant=True)
    for metric in (Micromotion(), CementPenetration()):
        assert metric.measure(block, block) == () and metric.maps(block, block) == ()


def test_penetrated_volume_is_that_of_the_points_it_holds(outcome_of):
    block = outcome_of("operated", 0.001 * PULL)
    inside = np.zeros(block.model.density.shape, bool)
    inside[:12] = True
    soaked = dataclasses.replace(block, model=dataclasses.replace(block.model, penetrated=inside))
    # two cells of 5 mm, six elements each
    assert _values(CementPenetration().measure(soaked, soaked)) == {
        ("penetrated_volume", "bone_kept", "operated"): pytest.approx(block.volumes[:12].sum())
    }


def _with(outcome, **fields):
    return dataclasses.replace(outcome, model=dataclasses.replace(outcome.model, **fields))


def test_shielding_is_the_change_of_the_energy_of_a_zone_per_bone_mass(outcome_of):
    density = np.where(np.arange(1296) % 2, 0.2, 1.4)[:, None]
    pair = []
    for name, size in (("operated", 0.0006), ("intact", 0.001)):
        block = _with(outcome_of(name, size * PULL), density=density)
        x = block.model.mesh.nodes[:, [0]]
        pair.append(dataclasses.replace(block, displacement_basis=block.displacement_basis * (1 + size * 50 * x)))
    change = _values(StrainEnergyChange().measure(*pair))["shielding_change", "upper", "change"]
    rows = next(place.rows for place in bone_places(pair[0]) if place.name == "upper")
    per_mass = []
    for one in pair:
        energy = 0.5 * (one.stress(0) * one.strain(0) * [1, 1, 1, 2, 2, 2]).sum(axis=2)
        per_mass.append((energy * one.weights)[rows].sum() / (density * one.weights)[rows].sum())
    assert change == pytest.approx(100 * (per_mass[0] / per_mass[1] - 1), rel=1e-9)


@pytest.mark.parametrize(
    ("ratio", "shielded_50", "shielded_25", "overloaded"),
    [(0.24, 100, 100, 0), (0.26, 100, 0, 0), (0.51, 0, 0, 0), (1.49, 0, 0, 0), (1.51, 0, 0, 100)],
)
def test_bone_counts_as_shielded_or_overloaded_by_its_energy_density(
    outcome_of, ratio, shielded_50, shielded_25, overloaded
):
    operated, intact = outcome_of("operated", np.sqrt(ratio) * 0.001 * PULL), outcome_of("intact", 0.001 * PULL)
    values = _values(StrainEnergyChange().measure(operated, intact))
    assert values["shielded_volume_50", "upper", "change"] == pytest.approx(shielded_50)
    assert values["shielded_volume_25", "upper", "change"] == pytest.approx(shielded_25)
    assert values["overloaded_volume", "upper", "change"] == pytest.approx(overloaded)


def test_sides_of_the_neck_tell_the_tension_and_compression_that_most_of_them_stays_below(outcome_of):
    zones = ("neck_superior_distal", "neck_inferior_distal", "distal_support")
    operated, intact = (
        _with(outcome_of(name, size * PULL), zones=zones) for name, size in (("operated", 0.0005), ("intact", 0.001))
    )
    values = _values(NeckStrain().measure(operated, intact))
    assert values["strain_tension_p95", "neck_superior", "operated"] == pytest.approx(500.0, rel=1e-7)
    assert values["strain_compression_p95", "neck_inferior", "intact"] == pytest.approx(-300.0, rel=1e-7)
    assert values["strain_compression_p95", "neck_inferior", "change"] == pytest.approx(-50.0, rel=1e-7)
    assert {zone for _, zone, _ in values} == {"neck_superior", "neck_inferior"}


def test_a_local_rise_shows_in_the_percentile_more_than_in_the_mean(outcome_of):
    zones = ("neck_superior_distal", "neck_inferior_distal", "distal_support")
    intact = _with(outcome_of("intact", 0.001 * PULL), zones=zones)
    edge = intact.model.mesh.nodes[:, [0]] > 9
    raised = dataclasses.replace(intact, displacement_basis=intact.displacement_basis * np.where(edge, 1.5, 1.0))
    name = ("neck_superior", "change")
    p95 = _values(NeckStrain().measure(raised, intact))["strain_tension_p95", *name]
    assert p95 > 1.5 * _values(StrainChange().measure(raised, intact))["strain_tension", *name] > 0


def test_zones_are_judged_alone_and_together_and_by_gruen(outcome_of):
    zones = ("head_superior", "neck_superior_distal", "distal_support")
    block = outcome_of("operated", PULL, with_implant=True)
    lower = np.where(block.model.zone_of == 1, 1, -1)
    block = _with(block, zones=zones, gruen_of=lower, gruen_zones=("gruen_1", "gruen_2"))
    rows = {place.name: set(place.rows) for place in bone_places(block)}
    assert set(rows) == {*zones, "neck_superior", "head_neck", "gruen_2", "femur"}
    assert rows["neck_superior"] == rows["neck_superior_distal"] == rows["gruen_2"]
    assert rows["head_neck"] == rows["head_superior"] | rows["neck_superior_distal"] == rows["femur"]


@pytest.mark.parametrize(("metal", "strength"), [("ti6al4v", 795.0), ("cocr", 450.0), (None, 450.0)])
def test_metal_is_compared_with_the_strength_of_its_own_alloy(outcome_of, metal, strength):
    block = _with(outcome_of("operated", 0.01 * PULL, with_implant=True), materials={"cap": metal} if metal else {})
    (ratio,) = (m for m in ImplantStress().measure(block, block) if m.name == "stress_over_strength")
    assert ratio.value == pytest.approx(10.0 / strength)
    assert (metal or "cocr") in ratio.note


def test_parts_are_told_apart_by_what_they_are_made_of(outcome_of):
    block = outcome_of("operated", PULL, with_implant=True)
    block = _with(block, materials={"cement": "bone", "cap": "pmma"})
    assert [place.name for place in implant_places(block, cement=True)] == ["cap"]
    assert implant_places(block, cement=False) == ()


def test_a_copy_with_another_model_does_not_answer_with_what_was_computed_before(outcome_of):
    block = outcome_of("intact", 0.001 * PULL)
    stress = block.stress(0)
    stiffer = _with(block, youngs_modulus=2 * block.model.youngs_modulus)
    assert stiffer.stress(0) == pytest.approx(2 * stress)


def test_marrow_is_left_out_of_risk(outcome_of):
    block = outcome_of("operated", 0.001 * PULL)
    half = block.model.mesh.nodes[block.model.mesh.elements[:, :4]].mean(axis=1)[:, 0] > 5
    x = block.model.mesh.nodes[:, [0]]
    # The front half strains ten times as much; as marrow it tells nothing.
    stretched = dataclasses.replace(block, displacement_basis=block.displacement_basis * np.where(x > 5, 10.0, 1.0))
    marrow = _with(stretched, density=np.where(half, 0.05, 0.5)[:, None])
    names = ("risk_factor_max", "upper", "operated")
    with_all, without = (_values(RiskFactor().measure(one, one))[names] for one in (stretched, marrow))
    assert without < 0.5 * with_all
    (field, _) = RiskFactor().maps(marrow, marrow)
    assert np.isnan(field.values[:, half]).all() and np.isfinite(field.values[:, ~half]).all()
