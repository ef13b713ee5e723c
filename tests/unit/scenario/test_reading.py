"""Reading a scenario: what is right is taken as it stands, what is wrong is named with its place and its remedy."""

import os
from pathlib import Path

import pytest

from femsim.errors import ScenarioError
from femsim.implants.resurfacing_cap import ResurfacingCap
from femsim.scenario.reading import load
from femsim.scenario.shipped import scenario_files


def test_a_sound_scenario_becomes_registered_objects(desk):
    scenario = desk.load()
    assert scenario.name == "sound"
    assert scenario.femur.file == desk.folder / "bone.stl"
    assert scenario.subject.body_mass_kg == 75.0
    assert isinstance(scenario.implant, ResurfacingCap)
    assert (scenario.mesh.size_mm, scenario.mesh.order) == (2.5, 2)
    assert scenario.notes == ()


def test_a_whole_number_is_a_number_too(desk):
    desk.change("size_mm = 2.5", "size_mm = 3")
    assert desk.load().mesh.size_mm == 3.0
    assert isinstance(desk.load().mesh.size_mm, float)


@pytest.mark.parametrize("name", sorted(scenario_files()))
def test_the_scenarios_that_come_with_femsim_are_sound(name, root):
    try:
        load(scenario_files()[name])
    except ScenarioError as error:
        # Only the surface file of a user may be missing.
        assert [problem.key for problem in error.problems] == ["femur.file"]
        assert "no such file" in error.problems[0].what


def test_the_name_is_that_of_the_file_where_none_is_given(desk):
    desk.change('name = "sound"\n', "")
    other = desk.file.rename(desk.folder / "left hip, 2nd visit.toml")
    assert load(other).name == "left-hip-2nd-visit"


def test_a_byte_order_mark_and_windows_line_ends_are_read(desk):
    desk.write(b"\xef\xbb\xbf" + desk.file.read_bytes().replace(b"\n", b"\r\n").replace(b"size_mm", b"sise_mm"))
    (problem,) = desk.problems()
    assert problem.where.endswith("sound.toml:26")


MUTATIONS = [
    # old, new, line, key, words of the sentence
    ("side = ", "sied = ", 7, "femur.sied", "Did you mean 'side'?"),
    ("[femur]", "[femour]", 4, "femour", "Did you mean 'femur'?"),
    ("cement_mm = 1.0", "cement_cm = 0.1", 20, "implant.cement_cm", "the key is cement_mm, its value in mm"),
    ("cement_mm = 1.0", "cement = 1.0", 20, "implant.cement", "the key is cement_mm, its value in mm"),
    ("cement_mm = 1.0", "cement_mm = 30", 20, "implant.cement_mm", "30 mm is above the most allowed, 3 mm"),
    ("cement_mm = 1.0", "cement_mm = -1", 20, "implant.cement_mm", "-1 mm is below the least allowed, 0.5 mm"),
    ("cement_mm = 1.0", "cement_mm = nan", 20, "implant.cement_mm", "nan is not a finite number"),
    ("cement_mm = 1.0", "cement_mm = inf", 20, "implant.cement_mm", "inf is not a finite number"),
    ("cement_mm = 1.0", 'cement_mm = "1 mm"', 20, "implant.cement_mm", "Write the number alone"),
    ("cement_mm = 1.0", "cement_mm = true", 20, "implant.cement_mm", "a number in mm is expected, not true"),
    ("cement_mm = 1.0", "cement_mm = [1]", 20, "implant.cement_mm", "a number in mm is expected, not the array [1]"),
    ("cement_mm = 1.0", "cement_mm = 2026-01-01", 20, "implant.cement_mm", "not 2026-01-01"),
    ("cement_mm = 1.0", f"cement_mm = 0x{'f' * 5000}", 20, "implant.cement_mm", ""),
    ("order = 2", "order = 3", 27, "mesh.order", "3 is not a choice. Known: 1, 2"),
    ("order = 2", "order = 2.0", 27, "mesh.order", "is not a choice"),
    ("order = 2", "order = true", 27, "mesh.order", "true is not a choice"),
    ('"auto"', '"lft"', 7, "femur.side", "Did you mean 'left'?"),
    ('"auto"', "1", 7, "femur.side", "1 is not a choice"),
    ('"resurfacing_cap"', '"resurfacing_cup"', 19, "implant.kind", "Did you mean 'resurfacing_cap'?"),
    ('"resurfacing_cap"', "7", 19, "implant.kind", "7 is not a choice"),
    ('kind = "resurfacing_cap"', 'knd = "resurfacing_cap"', 19, "implant.knd", "Did you mean 'kind'?"),
    ('kind = "resurfacing_cap"', "", 18, "implant.kind", "missing"),
    ('file = "bone.stl"', "", 4, "femur.file", "missing"),
    ('file = "bone.stl"', 'flie = "bone.stl"', 6, "femur.flie", "Did you mean 'file'?"),
    ('file = "bone.stl"', 'file = "bome.stl"', 6, "femur.file", "Did you mean 'bone.stl'?"),
    ('file = "bone.stl"', 'file = "nowhere/bone.stl"', 6, "femur.file", "nor its folder"),
    ('file = "bone.stl"', 'file = "."', 6, "femur.file", "is a folder"),
    ('file = "bone.stl"', 'file = ""', 6, "femur.file", "is empty"),
    ('file = "bone.stl"', "file = 3", 6, "femur.file", "a text in quotes is expected, not 3"),
    ('file = "bone.stl"', 'file = "a\\u0000b"', 6, "femur.file", "no such file"),
    ("schema = 1", "schema = 2", 1, "schema", "it reads 1. It was written for a newer femsim"),
    ("schema = 1", "schema = true", 1, "schema", "true is no scenario format"),
    ('name = "sound"', 'name = "../sound"', 2, "name", "is no name"),
    ('name = "sound"', "name = 5", 2, "name", "is no name"),
    ("[mesh]\nsize_mm", "[mesh]\nbone.size_mm", 26, "mesh.bone", "unknown key"),
    ("[subject]\nbody_mass_kg = 75", "[[subject]]\nbody_mass_kg = 75", 9, "subject", "must be one table"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "words"), MUTATIONS)
def test_one_slip_is_one_problem_with_its_place(desk, old, new, line, key, words):
    desk.change(old, new)
    (problem,) = desk.problems()
    assert problem.where == f"{desk.file}:{line}"
    assert problem.key == key
    assert words in problem.what


def test_a_missing_schema_is_told_with_the_rest(desk):
    desk.change("schema = 1\n", "")
    desk.change("size_mm = 2.5", "size_mm = 0")
    assert [problem.key for problem in desk.problems()] == ["schema", "mesh.size_mm"]


def test_every_problem_is_told_at_once(desk):
    for old, new in (
        ("side", "sied"),
        ("75", "7500"),
        ("cement_mm = 1.0", "cement_mm = 9"),
        ("order = 2", "order = 5"),
    ):
        desk.change(old, new)
    keys = {problem.key for problem in desk.problems("mesh.size_mm=0", "implant.knd=x")}
    assert keys == {
        "femur.sied", "subject.body_mass_kg", "implant.cement_mm", "mesh.order", "mesh.size_mm", "implant.knd"
    }  # fmt: skip


NOT_TOML = [
    ('side = "auto"', "side = auto", 7, 'texts stand in double quotes: "auto"'),
    ("cement_mm = 1.0", "cement_mm = 1.0 mm", 20, "numbers stand alone"),
    ("cement_mm = 1.0", "cement_mm = 1,5", 20, "the decimal mark is a point"),
    ("cement_mm = 1.0", "cement_mm = 1.0\ncement_mm = 2.0", 21, "mend this line"),
    ("[implant]", "[implant", 18, "mend this line"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), NOT_TOML)
def test_what_is_not_toml_is_named_with_its_line_and_a_remedy(desk, old, new, line, words):
    desk.change(old, new)
    error = desk.refusal()
    assert "not valid TOML" in error.what
    assert error.where.startswith(f"{desk.file}:{line}")
    assert words in error.remedy


def test_a_key_given_twice_is_called_that(desk):
    desk.change("cement_mm = 1.0", "cement_mm = 1.0\ncement_mm = 2.0")
    assert "the key is given twice" in desk.refusal().what


def test_a_table_given_twice_is_called_that(desk):
    desk.change("[mesh]", "[implant]\n[mesh]")
    assert "the table is given twice" in desk.refusal().what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"schema = 1\nname = \"\xff\"\n", "not a text in UTF-8"),
        (b"solid \x00\x80\x00" * 40, "not a text in UTF-8"),
        (b"#" * 300_000, "larger than 256 kB"),
        (b"a = " + b"[" * 100_000, "nests its values too deeply"),
        (b"a = " + b"9" * 5000, "not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_at_all_is_refused(desk, content, words):
    desk.write(content)
    assert words in desk.refusal().what


def test_an_empty_file_says_what_a_scenario_begins_with(desk):
    desk.write("")
    assert desk.problems()[0].what == "missing: the first line of a scenario is 'schema = 1'."


def test_a_missing_file_names_its_neighbour(desk):
    with pytest.raises(ScenarioError, match="There is no file") as caught:
        load(desk.folder / "sonud.toml")
    assert caught.value.remedy == f"did you mean {desk.file}?"


def test_a_folder_names_its_scenarios(desk):
    with pytest.raises(ScenarioError, match="is a folder") as caught:
        load(desk.folder)
    assert "sound.toml" in caught.value.remedy


def test_a_device_is_no_scenario():
    with pytest.raises(ScenarioError, match="not a regular file"):
        load("/dev/zero")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_says_so(desk):
    desk.file.chmod(0)
    assert "Permission denied" in desk.refusal().what


def test_a_path_in_the_file_is_relative_to_the_file(desk, monkeypatch):
    monkeypatch.chdir("/")
    assert desk.load().femur.file == desk.folder / "bone.stl"


def test_the_file_may_be_named_relative_to_the_shell(desk, monkeypatch):
    monkeypatch.chdir(desk.folder.parent)
    assert load(Path(desk.folder.name) / "sound.toml") == desk.load()
