"""`femsim femur measure` and `femsim femur repair`: what they tell, on which stream, with which exit code."""

import json

import numpy as np
import pytest

from femsim.anatomy.parametric import ParametricFemur
from femsim.mesh.files import read_surface, write_stl
from femsim.mesh.surface import Surface, is_closed

KEYS = (
    "side side_confidence head_centre_mm head_radius_mm neck_shaft_angle_deg anteversion_deg offset_mm neck_length_mm "
    "neck_height_mm neck_depth_mm neck_area_mm2 shaft_width_mm shaft_depth_mm trochanter_height_mm bow_radius_mm "
    "femur_length_mm volume_cm3 landmarks confidence frame"
).split()


@pytest.fixture(scope="module")
def bone():
    return ParametricFemur().shape().surface


@pytest.fixture(scope="module")
def file(bone, tmp_path_factory):
    path = tmp_path_factory.mktemp("bones") / "bone.stl"
    write_stl(path, bone)
    return path


def test_measure_tells_one_object(shell, file):
    code, record = shell.call_json("femur", "measure", file)
    assert code == 0 and record["status"] == "complete"
    assert set(KEYS) <= set(record)
    assert record["side"] == "right" and record["head_radius_mm"] == pytest.approx(24.0, abs=0.1)
    assert record["anteversion_deg"] is None and "condyles" in record["reasons"]["anteversion_deg"]
    assert record["confidence"]["head"]["value"] > 0.9 and record["confidence"]["head"]["basis"]


def test_measure_tells_people_an_aligned_table_and_how_to_get_a_picture(shell, file):
    done = shell.call("femur", "measure", file)
    assert done.returncode == 0
    for word in ("right femur", "head radius", "24.0", "neck–shaft angle", "confidence", "--picture"):
        assert word in done.stdout


def test_measure_draws_a_picture_where_it_is_asked_to(shell, file):
    code, record = shell.call_json("femur", "measure", file, "--picture", "bone.png")
    assert code == 0 and record["picture"] == "bone.png"
    assert (shell.folder / "bone.png").stat().st_size > 20_000


def test_measure_takes_the_femur_of_a_scenario(shell, walking):
    code, record = shell.call_json("femur", "measure", walking)
    assert code == 0 and record["side"] in ("right", "left")
    assert record["anteversion_deg"] is not None


def test_metres_are_asked_about_and_taken(shell, bone):
    write_stl(shell.folder / "m.stl", Surface(bone.points / 1000, bone.triangles))
    done = shell.call("femur", "measure", "m.stl")
    assert done.returncode == 3 and "--unit m" in done.stderr and 'femur.unit = "m"' in done.stderr
    code, record = shell.call_json("femur", "measure", "m.stl", "--unit", "m")
    assert code == 0 and record["head_radius_mm"] == pytest.approx(24.0, abs=0.1)


@pytest.mark.parametrize(
    "arguments, code, says",
    [
        (("none.stl",), 2, "no such surface file"),
        (("{file}", "--side", "left"), 3, "the surface is a right one"),
        (("{file}", "--unit", "m"), 3, "With femur.unit"),
        (("{file}", "--picture", "nowhere/x.png"), 2, "folder that is not there"),
        (("{walking}", "--side", "left"), 2, "stand in it"),
    ],
)
def test_what_cannot_be_measured_is_said(shell, file, walking, arguments, code, says):
    done = shell.call("femur", "measure", *(str(a).format(file=file, walking=walking) for a in arguments))
    assert done.returncode == code and says in done.stderr and "Traceback" not in done.stderr


def test_repair_writes_the_mended_surface_and_tells_what_changed(shell, bone):
    holes = np.delete(bone.triangles, np.arange(0, bone.n_triangles, 700), axis=0)
    write_stl(shell.folder / "torn.stl", Surface(bone.points, holes))
    code, record = shell.call_json("femur", "repair", "torn.stl", "--out", "mended.stl", "--picture", "bad.png")
    assert code == 0 and record["route"] == "mended" and record["openings"] > 10
    assert record["largest_displacement_mm"] < 0.01 and abs(record["volume_change_percent"]) < 0.1
    assert is_closed(read_surface(shell.folder / "mended.stl"))
    assert (shell.folder / "bad.png").stat().st_size > 20_000


def test_repair_says_when_there_was_nothing_to_do(shell, file):
    done = shell.call("femur", "repair", file)
    assert done.returncode == 0 and "Nothing had to be repaired." in done.stdout


def test_a_bone_that_lacks_a_part_is_not_mended(shell, bone):
    upper = bone.triangles[(bone.points[bone.triangles][:, :, 0] < 30).all(axis=1)]
    write_stl(shell.folder / "half.stl", Surface(bone.points, upper))
    done = shell.call("femur", "repair", "half.stl", "--json")
    assert done.returncode == 3 and "is open" in json.loads(done.stdout)["error"]["what"]


def test_help_has_an_example_of_each(shell):
    for command in ("measure", "repair"):
        assert f"Example: femsim femur {command}" in shell.call("femur", command, "--help").stdout
