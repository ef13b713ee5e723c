"""Provenance tells where a result comes from and nothing about the person or the machine's folders."""

import getpass
import json
import os

from femsim.results.provenance import provenance


def test_versions_time_and_inputs_are_told(tmp_path):
    surface = tmp_path / "femur.stl"
    surface.write_bytes(b"solid")
    told = provenance("ab" * 32, timings_s={"mesh": 1.5}, input_files=[surface], sources=["A 2001", "A 2001", "B 2002"])
    assert told["scenario_hash"] == "ab" * 32 and told["packages"]["numpy"] and told["finished_utc"].endswith("+00:00")
    assert told["input_files"][0]["name"] == "femur.stl" and len(told["input_files"][0]["sha256"]) == 64
    assert told["sources"] == ["A 2001", "B 2002"] and told["wall_time_s"] == {"mesh": 1.5}


def test_no_folder_and_no_user_is_told(tmp_path):
    surface = tmp_path / "femur.stl"
    surface.write_bytes(b"solid")
    text = json.dumps(provenance("ab" * 32, timings_s={}, input_files=[surface]))
    assert str(tmp_path) not in text and os.getcwd() not in text and os.uname().nodename not in text
    assert f'"{getpass.getuser()}"' not in text
