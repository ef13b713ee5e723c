"""How strong bone is, as tables of the scenario."""

from femsim.materials.bone.rate import StrainRate
from femsim.materials.bone.undrained import UndrainedMarrow
from femsim.materials.strength import BONE_STRENGTHS
from femsim.materials.strength.kaplan_stone import KaplanStone
from femsim.materials.strength.offset_yield_strain import OffsetYieldStrain
from femsim.scenario.catalogue import TOPICS
from femsim.scenario.reading import resolved_toml


def test_bone_yields_at_offset_strains_where_nothing_else_is_asked(desk):
    assert desk.load().bone.strength == OffsetYieldStrain()


def test_a_strength_law_is_a_choice_with_keys(desk):
    found = desk.load("bone.strength.law=kaplan_stone", "bone.strength.factor=0.8").bone.strength
    assert found == KaplanStone(factor=0.8)


def test_a_misspelt_strength_law_is_named(desk):
    (problem,) = desk.problems("bone.strength.law=keyac")
    assert problem.key == "bone.strength.law" and "keyak" in problem.what


def test_strength_laws_are_listed_with_their_keys():
    entries = {entry.name: entry for entry in TOPICS["strengths"]()}
    assert list(entries) == list(BONE_STRENGTHS)
    assert entries["keyak"].written == '[bone.strength] law = "keyak"'
    assert entries["keyak"].facts["density"] == "ash" and "209-214" in entries["keyak"].facts["reference"]


def test_a_resolved_scenario_tells_the_strength_of_its_bone(desk):
    text = resolved_toml(desk.load())
    assert "[bone.strength]" in text and 'law = "offset_yield_strain"' in text and "rest_share = 0.42" in text


def test_bone_is_strained_slowly_and_drains_where_nothing_is_asked(desk):
    bone = desk.load().bone
    assert bone.rate is None and bone.undrained is None


def test_a_table_switches_rate_or_marrow_on(desk):
    assert desk.load("bone.rate.strain_rate_per_s=5").bone.rate == StrainRate(strain_rate_per_s=5.0)
    assert desk.load("bone.undrained={}").bone.undrained == UndrainedMarrow()


def test_a_rate_must_be_given(desk):
    (problem,) = desk.problems("bone.rate.exponent=0.05")
    assert "strain_rate_per_s" in f"{problem.key} {problem.what}"


def test_rate_and_marrow_are_told_in_the_resolved_scenario_and_read_back(desk):
    scenario = desk.load("bone.rate.strain_rate_per_s=5", "bone.undrained={}")
    text = resolved_toml(scenario)
    assert "[bone.rate]" in text and "[bone.undrained]" in text
    assert "[bone.rate]" in resolved_toml(desk.load()).split("Not in this scenario")[1]


def test_rate_and_marrow_are_listed_among_the_sections_and_not_among_the_diseases():
    sections = {entry.name for entry in TOPICS["sections"]()}
    assert {"bone.rate", "bone.undrained"} <= sections
    assert not {"rate", "undrained"} & {entry.name for entry in TOPICS["degenerations"]()}
