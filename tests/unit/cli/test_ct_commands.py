"""femsim ct: what it answers, writes, refuses, and with which exit code."""

import json

import pytest

from femsim.imaging.files import read_image
from tests import ct_phantom

SCENARIO = """
schema = 1
name = "hip"
[femur]
kind = "parametric"
[subject]
body_mass_kg = 75
[bone]
law = "morgan_2003"
[bone.density]
source = "ct"
file = "ct.nii.gz"
femur_frame = "RAS"
calibration = "slope_intercept"
slope_g_per_cm3_per_hu = {slope}
intercept_g_per_cm3 = 0.0
[implant]
kind = "intact"
[load]
activity = "walking"
[mesh]
size_mm = 4.0
"""


@pytest.fixture
def scenario(tmp_path):
    ct_phantom.source(tmp_path / "ct.nii.gz", ct_phantom.ct())

    def written(slope=0.00082):
        (tmp_path / "hip.toml").write_text(SCENARIO.format(slope=slope), encoding="utf-8")
        return tmp_path / "hip.toml"

    return written


@pytest.mark.slow
def test_preflight_of_a_sound_scenario_says_fit_and_draws(shell, scenario, tmp_path):
    code, answer = shell.call_json("ct", "preflight", scenario(), "--picture", "ct.png")
    assert code == 0 and answer["status"] == "fit" and answer["surface_brighter_share"] > 0.95
    assert (tmp_path / "ct.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.slow
def test_preflight_ends_with_5_where_the_gate_fails(shell, scenario):
    done = shell.call("ct", "preflight", scenario(0.009), "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 5 and answer["status"] == "unfit"
    assert answer["error"]["kind"] == "QualityError" and "upper limit" in answer["problem"]


def test_a_ct_alone_does_not_say_where_the_femur_is(shell, scenario):
    scenario()
    done = shell.call("ct", "preflight", "ct.nii.gz")
    assert done.returncode == 2 and "--surface" in done.stderr


@pytest.mark.slow
def test_a_folder_of_slices_may_stand_in_a_scenario_but_not_a_folder_where_a_file_belongs(shell, scenario, tmp_path):
    path = scenario()
    (tmp_path / "series").mkdir()
    assert shell.call("check", path, "--set", "bone.density.file=series").returncode == 0
    done = shell.call("check", path, "--set", "bone.density.rod_mask=series")
    assert done.returncode == 2 and "is a folder" in done.stderr
    done = shell.call("ct", "preflight", path, "--set", "bone.density.file=series")
    assert done.returncode == 3 and "no DICOM series" in done.stderr


def test_slope_and_intercept_are_asked_for_at_once(shell, scenario):
    path = scenario()
    path.write_text(path.read_text("utf-8").replace("intercept_g_per_cm3 = 0.0\n", ""), encoding="utf-8")
    done = shell.call("check", path)
    assert done.returncode == 2 and "there is no default" in done.stderr


@pytest.mark.slow
@pytest.mark.long
def test_a_synthetic_ct_is_written_and_read_back(shell, walking, tmp_path):
    code, answer = shell.call_json("ct", "synthetic", walking, "--out", "made.mha", "--voxel", "3")
    assert code == 0 and answer["recovered_g_per_cm3"]["inward"]["rms"]["trabecular"] < 0.2
    assert read_image(tmp_path / "made.mha").spacing == pytest.approx([3, 3, 3])
    assert shell.call("ct", "synthetic", walking, "--out", "made.mha").returncode == 2  # it is there already


@pytest.mark.slow
@pytest.mark.long
def test_a_segmented_femur_is_written_in_lps(shell, scenario, tmp_path):
    scenario()
    code, answer = shell.call_json(
        "ct", "segment", "ct.nii.gz", "--side", "right", "--out", "f.stl", "--picture", "f.png"
    )
    assert code == 0 and answer["axes"] == "LPS" and answer["below_head_mm"] > 130
    assert answer["head_centre_mm"] == pytest.approx([0, 0, 0], abs=1.0)
    code, answer = shell.call_json(
        "ct", "preflight", "ct.nii.gz", "--surface", "f.stl", "--axes", "LPS", "--slope", "0.00082", "--intercept", "0"
    )
    assert code == 0 and answer["status"] == "fit"
