"""`femsim femur fit`: a file in, keys, distances, scenario and picture out."""

import json

import numpy as np
import pytest

from femsim.anatomy.parametric import ParametricFemur
from femsim.cli.main import main
from femsim.scenario.reading import load


@pytest.fixture(scope="module")
def bone(tmp_path_factory):
    surface = ParametricFemur(offset_mm=48.0).shape().surface
    record = np.zeros(surface.n_triangles, [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    record["corners"] = surface.points[surface.triangles]
    path = tmp_path_factory.mktemp("bone") / "bone.stl"
    path.write_bytes(bytes(80) + np.uint32(surface.n_triangles).tobytes() + record.tobytes())
    return path


def code_of(*arguments) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return ended.value.code


@pytest.mark.slow
def test_it_writes_a_scenario_that_reads_and_a_picture(bone, tmp_path, capfd):
    scenario, picture = tmp_path / "fitted.toml", tmp_path / "fitted.png"
    assert code_of("femur", "fit", bone, "--out", scenario, "--picture", picture, "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert told["status"] == "fitted" and told["distances_mm"]["bone_to_fit"]["rms"] < 0.5
    read = load(scenario).femur
    assert isinstance(read, ParametricFemur) and read.offset_mm == told["femur"]["offset_mm"]
    assert read.offset_mm == pytest.approx(48.0, abs=0.5)
    assert picture.read_bytes()[:4] == b"\x89PNG"


def test_a_file_that_is_there_is_not_written_over(bone, tmp_path, capfd):
    scenario = tmp_path / "mine.toml"
    scenario.write_text("precious")
    assert code_of("femur", "fit", bone, "--out", scenario) == 2
    assert "is there already" in capfd.readouterr().err and scenario.read_text() == "precious"


def test_a_missing_file_is_named(tmp_path, capfd):
    assert code_of("femur", "fit", tmp_path / "no.stl") == 2
    assert "no.stl" in capfd.readouterr().err
