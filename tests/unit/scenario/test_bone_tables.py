"""What ails the bone and whether it has a grain, as tables of the scenario."""

from femsim.anatomy.degeneration import DEGENERATIONS
from femsim.anatomy.degeneration.cysts import Cysts
from femsim.anatomy.degeneration.osteonecrosis import Osteonecrosis
from femsim.anatomy.degeneration.osteoporosis import Osteoporosis
from femsim.materials.anisotropy.isotropic import IsotropicBone
from femsim.materials.anisotropy.orthotropic import OrthotropicBone
from femsim.scenario.catalogue import TOPICS
from femsim.scenario.reading import schema_json


def test_bone_is_sound_where_no_disease_is_named(desk):
    assert desk.load().bone.degenerations == ()


def test_an_empty_table_switches_a_disease_on(desk):
    desk.change("[bone.density]", "[bone.osteoporosis]\n\n[bone.density]")
    assert desk.load().bone.degenerations == (Osteoporosis(),)


def test_one_override_alone_switches_a_disease_on(desk):
    assert desk.load("bone.osteoporosis.density_factor=0.7").bone.degenerations == (Osteoporosis(density_factor=0.7),)
    assert desk.load("bone.osteonecrosis={}").bone.degenerations == (Osteonecrosis(),)


def test_diseases_stand_in_the_order_of_the_registry(desk):
    sets = [f"bone.{name}={{}}" for name in reversed(list(DEGENERATIONS))]
    assert [type(one) for one in desk.load(*sets).bone.degenerations] == list(DEGENERATIONS.values())


def test_cysts_are_lists_of_places_and_diameters(desk):
    (cysts,) = desk.load(
        "bone.cysts.centres_mm=[[1, 2, 3], [4, 5, 6]]", "bone.cysts.diameters_mm=[8, 4]"
    ).bone.degenerations
    assert cysts == Cysts(centres_mm=((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), diameters_mm=(8.0, 4.0))


def test_a_wrong_disease_is_named_at_its_place(desk):
    found = {p.key: p.what for p in desk.problems("bone.osteonecrosis.angle_deg=300", "bone.cysts.depth=3")}
    assert "above the most allowed, 180 deg" in found["bone.osteonecrosis.angle_deg"]
    assert "Did you mean 'depth_mm'?" in found["bone.cysts.depth"] or "depth_mm" in found["bone.cysts.depth"]
    (problem,) = desk.problems("bone.cysts.diameters_mm=[4]")
    assert problem.key == "bone.cysts" and "0 centres_mm and 1 diameters_mm" in problem.what


def test_a_misspelt_disease_is_named(desk):
    (problem,) = desk.problems("bone.osteoporsis.density_factor=0.7")
    assert "Did you mean 'osteoporosis'?" in problem.what


def test_diseases_are_listed_with_their_keys():
    entries = {entry.name: entry for entry in TOPICS["degenerations"]()}
    assert list(entries) == list(DEGENERATIONS)
    assert entries["osteonecrosis"].written == "[bone.osteonecrosis]"
    assert entries["osteonecrosis"].parameters[0].name == "angle_deg"


def test_the_schema_knows_them_and_asks_for_none():
    for choice in schema_json()["properties"]["bone"]["oneOf"]:
        assert set(DEGENERATIONS) <= set(choice["properties"]) and not set(DEGENERATIONS) & set(choice["required"])


def test_bone_is_isotropic_where_nothing_else_is_asked(desk):
    assert desk.load().bone.anisotropy == IsotropicBone()


def test_orthotropic_bone_is_a_choice_with_keys(desk):
    asked = ("bone.anisotropy.kind=orthotropic", "bone.anisotropy.directions=stress", "bone.anisotropy.ratio_2=0.4")
    assert desk.load(*asked).bone.anisotropy == OrthotropicBone(ratio_2=0.4, directions="stress")
    (problem,) = desk.problems("bone.anisotropy.kind=orthotropic", "bone.anisotropy.ratio_2=1.5")
    assert "above the most allowed, 1" in problem.what
