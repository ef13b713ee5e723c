"""`femsim export` and `femsim verify --with ccx` as a user has them."""

import json
import os

import pytest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--format"),
        (["--format", "step"], '"inp"'),
        (["--format", "inp", "--frame", "99"], "counted 0 to 19"),
    ],
)
def test_a_wrong_export_is_exit_code_2_before_anything_is_built(shell, walking, arguments, words):
    done = shell.call("export", walking, *arguments)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr
    assert list(shell.folder.glob("walking*")) == []


def test_a_folder_that_is_no_run_is_exit_code_2(shell):
    done = shell.call("export", ".", "--format", "vtu")
    assert done.returncode == 2
    assert "not a run" in done.stderr


@pytest.mark.parametrize("arguments", [["--with", "ccx"], ["--set", "a=1"], ["--with", "ccx", "a.toml", "b.toml"]])
def test_a_second_opinion_is_asked_on_one_scenario(shell, arguments):
    done = shell.call("verify", *arguments)
    assert done.returncode == 2
    assert "ccx" in done.stderr and "Traceback" not in done.stderr


def test_without_calculix_the_package_is_named(shell, walking):
    os.mkdir(shell.folder / "bin")
    shell.environment["PATH"] = str(shell.folder / "bin")
    code, record = shell.call_json("verify", "--with", "ccx", walking)
    assert code == record["exit_code"] == 3
    assert record["error"]["kind"] == "MissingPieceError"
    assert "calculix-ccx" in record["error"]["remedy"]


@pytest.mark.slow
@pytest.mark.long
def test_a_run_is_exported_with_its_answer_and_a_scenario_without(shell, walking):
    coarse = ("--set", "mesh.size_mm=10", "--set", "mesh.order=1")
    code, ran = shell.call_json("run", walking, *coarse, "--no-pictures")
    assert code == 0
    code, record = shell.call_json("export", ran["run"], "--format", "vtu", "--twin", "both")
    assert code == 0
    assert [row["file"] for row in record["files"]] == ["walking-operated.vtu", "walking-intact.vtu"]
    written = shell.folder / "walking-operated.vtu"
    assert written.stat().st_size == record["files"][0]["bytes"]
    with_answer = written.read_bytes()
    assert b'Name="stress_von_mises"' in with_answer
    assert shell.call("export", walking, *coarse, "--format", "vtu").returncode == 2  # the file is there
    done = shell.call("export", walking, *coarse, "--format", "vtu", "--force", "--verbose")
    assert done.returncode == 0
    assert done.stdout.startswith("walking-operated.vtu  (")
    assert b"stress" not in written.read_bytes()
    # Another scenario than the run's is not exported in its name.
    code, record = shell.call_json("export", ran["run"], "--format", "inp", "--set", "subject.body_mass_kg=99")
    assert code == 75 and "no longer what it was" in json.dumps(record)
