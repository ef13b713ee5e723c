"""--set: values, paths, changes of kind, and complaints that name the --set."""

import pytest


@pytest.mark.parametrize("text", ["femur.side=left", 'femur.side="left"', " femur . side = 'left' "])
def test_a_text_may_stand_without_quotes(desk, text):
    assert desk.load(text).femur.side == "left"


def test_the_last_set_wins(desk):
    assert desk.load("mesh.size_mm=3", "mesh.size_mm=4").mesh.size_mm == 4.0


def test_a_whole_table_may_be_set(desk):
    assert desk.load("mesh={size_mm=4, order=1}").mesh.order == 1


def test_a_path_is_relative_to_the_shell(desk, monkeypatch):
    folder = desk.folder / "elsewhere"
    folder.mkdir()
    (folder / "other.stl").touch()
    monkeypatch.chdir(folder)
    assert desk.load("femur.file=other.stl").femur.file == folder / "other.stl"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("femur.sied=left", "femur.sied", "Did you mean 'side'?"),
        ("mesh.size_mm=99", "mesh.size_mm", "above the most allowed, 10 mm"),
        ("mesh.size_mm=2mm", "mesh.size_mm", "not the text '2mm'"),
        ("femur.file=none.stl", "femur.file", "no such file"),
        ("mesh={size_mm=99}", "mesh.size_mm", "above the most allowed"),
        ("name.first=a", "name.first", "name is not a table"),
        ("mesh=3", "mesh", "must be one table, [mesh], not 3"),
        ("femur.side", "", "write --set key=value"),
        ("femur.side=", "", "write --set key=value"),
        ("=left", "", "write --set key=value"),
        ("femur..side=left", "", "is not a key"),
        ("femur.side=[1", "", "not valid TOML"),
        ("mesh.order=1\nmesh.size_mm=3", "", "not valid TOML"),
    ],
)
def test_a_wrong_set_is_named_as_typed(desk, text, key, words):
    (problem,) = desk.problems(text)
    assert problem.where == f"--set {text}"
    assert problem.key == key
    assert words in problem.what


def test_another_kind_drops_the_keys_it_does_not_know_and_says_so(desk):
    scenario = desk.load("implant.kind=intact")
    assert type(scenario.implant).__name__ == "Intact"
    assert scenario.notes == ("[implant] is now 'intact', which has no cement_mm: dropped from the scenario.",)


def test_another_kind_keeps_the_keys_that_both_know(desk):
    desk.change('side = "auto"', 'side = "left"')
    scenario = desk.load("femur.kind=parametric")
    assert scenario.femur.side == "left"
    assert "has no file" in scenario.notes[0]


def test_a_misspelt_key_is_not_dropped_with_the_former_kind(desk):
    desk.change("cement_mm", "cemment_mm")
    (problem,) = desk.problems("implant.kind=intact")
    assert problem.key == "implant.cemment_mm"


def test_a_key_that_the_new_kind_does_not_know_is_refused_when_set(desk):
    (problem,) = desk.problems("implant.kind=intact", "implant.cement_mm=2")
    assert problem.key == "implant.cement_mm"


def test_setting_a_file_makes_the_femur_a_surface(desk):
    desk.change('kind = "surface"\nfile = "bone.stl"\nside = "auto"', 'kind = "parametric"')
    scenario = desk.load(f"femur.file={desk.folder}/bone.stl", "femur.side=left")
    assert scenario.femur.file == desk.folder / "bone.stl"
    assert scenario.femur.side == "left"
    assert scenario.notes == ("femur.file is set, so femur.kind is 'surface', no longer 'parametric'.",)


@pytest.mark.parametrize("name, kind", [("b.nii.gz", "ct"), ("b.VTU", "volume_mesh"), ("b.ply", "surface")])
def test_the_ending_of_a_file_says_what_the_femur_is(desk, name, kind):
    (desk.folder / name).write_text("x")
    desk.change('kind = "surface"\nfile = "bone.stl"\nside = "auto"', 'kind = "parametric"')
    scenario = desk.load(f"femur.file={desk.folder}/{name}", "femur.side=left")
    assert scenario.notes == (f"femur.file is set, so femur.kind is {kind!r}, no longer 'parametric'.",)


def test_a_kind_set_by_hand_is_not_changed_by_a_file(desk):
    problems = desk.problems("femur.kind=parametric", f"femur.file={desk.folder}/bone.stl")
    assert [problem.key for problem in problems] == ["femur.file"]
