"""How strong bone is, as tables of the scenario."""

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


def test_a_resolved_scenario_tells_the_strength_of_its_bone(desk):
    text = resolved_toml(desk.load())
    assert "[bone.strength]" in text and 'law = "offset_yield_strain"' in text and "rest_share = 0.42" in text
