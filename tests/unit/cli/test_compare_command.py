"""`femsim compare` from the shell: real runs on tiny meshes, and what is wrong with a command line."""

import csv
import json
import signal
import time

import pytest

from femsim.cli.failure import INTERRUPTED, TEMPORARY

PATIENT = """schema = 1
name = "patient"
[femur]
kind = "parametric"
[subject]
body_mass_kg = 75
[load]
activity = "walking"
[mesh]
size_mm = 8
order = 1
"""
FIRST_RUN_S = 600  # a machine that never ran femsim compiles its kernels first
THREE = "intact,resurfacing_cap,resurfacing_cap:head_diameter_mm=30"


@pytest.fixture
def patient(shell):
    path = shell.folder / "patient.toml"
    path.write_text(PATIENT)
    return path


@pytest.mark.slow
def test_variants_are_computed_once_and_a_refused_one_stops_no_other(shell, patient):
    code, record = shell.call_json("compare", patient, "--implants", THREE, "--out", "results", timeout=FIRST_RUN_S)
    assert code == record["exit_code"] == 3
    assert record["status"] == "partial"
    assert [variant["status"] for variant in record["variants"]] == ["complete", "complete", "refused"]
    assert record["refused"] == ["resurfacing_cap head_diameter_mm=30"]
    assert "is not made" in record["variants"][2]["error"]["what"]
    rows = {(row["group"], row["label"]): row["cells"] for row in record["table"]}
    shielding = rows["change of strain energy density", "head superior"]
    assert shielding["intact"]["value"] == 0.0
    assert shielding["resurfacing_cap"]["value"] < -10.0
    assert shielding["resurfacing_cap head_diameter_mm=30"]["text"] == "refused"

    folder = shell.folder / record["folder"]
    kept = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert set(kept["files"]) >= {"comparison.csv", "table.csv", "comparison.html"}
    with (folder / "comparison.csv").open(encoding="utf-8") as file:
        assert {row["variant"] for row in csv.DictReader(file)} == {"intact", "resurfacing_cap"}
    assert not _folders_in_the_making(shell)

    again = shell.call("compare", patient, "--implants", "intact,resurfacing_cap", "--out", "results")
    assert again.returncode == 0, again.stderr
    assert "2 of 2 were there already" in again.stdout
    assert "1 resurfacing_cap: fracture 1 (" in again.stdout


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TEMPORARY)])
def test_an_interrupt_ends_the_runs_that_are_under_way_and_leaves_nothing(shell, patient, number, exit_code):
    process = shell.start(
        "compare", patient, "--implants", "intact,resurfacing_cap", "--set", "mesh.size_mm=4", "--out", "results"
    )
    deadline = time.monotonic() + 60
    while not _folders_in_the_making(shell) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _folders_in_the_making(shell)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == exit_code, said
    assert not list((shell.folder / "results").glob("*")), "a run went on, or left something"
    assert not _folders_in_the_making(shell)


def _folders_in_the_making(shell):
    return [path for path in (shell.folder / "results").glob(".*") if path.is_dir()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--implants", "intact,resurfacing_cup"], "Did you mean 'resurfacing_cap'?"),
        (["--implants", "intact,intact"], "Variants are the same"),
        (["--implants", "intact"], "two variants at least"),
        ([], "the table [implant] is missing"),
        (["nowhere.toml", "--implants", "intact,resurfacing_cap"], "2 files are given"),
        (["--implants", "intact,resurfacing_cap:cement_mm=99"], "above the most allowed"),
        (["--implants", "intact,resurfacing_cap", "--set", "implant.kind=intact"], "would change every implant"),
    ],
)
def test_what_cannot_be_compared_is_exit_code_2_before_anything_is_computed(shell, patient, arguments, words):
    done = shell.call("compare", patient, *arguments)
    assert done.returncode == 2
    assert words in done.stderr and done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not (shell.folder / "runs").exists()


def test_two_patients_are_not_compared_unless_asked(shell, patient):
    other = patient.with_name("other.toml")
    other.write_text(PATIENT.replace("75", "90") + '[implant]\nkind = "intact"\n')
    done = shell.call("compare", patient, other, "--set", "implant.kind=intact")
    assert done.returncode == 2
    assert "subject.body_mass_kg = 75 (patient), 90 (other)" in done.stderr
    assert "--anyway" in done.stderr


def test_where_all_are_refused_nothing_is_kept_and_each_reason_is_told(shell, patient):
    caps = "resurfacing_cap:head_diameter_mm=30,resurfacing_cap:head_diameter_mm=32"
    done = shell.call("compare", patient, "--implants", caps, "--out", "results", "--json")
    record = json.loads(done.stdout)
    assert done.returncode == record["exit_code"] == 3
    assert (record["status"], record["folder"]) == ("failed", None)
    assert done.stderr.count("is not made") >= 2
    assert not list((shell.folder / "results").glob("*"))


def test_a_missing_file_is_exit_code_2(shell):
    done = shell.call("compare", "nowhere.toml", "--implants", "intact,resurfacing_cap")
    assert done.returncode == 2
    assert "There is no file nowhere.toml" in done.stderr


def test_help_shows_an_example(shell):
    assert "Example: femsim compare scenarios/patient.toml --implants" in shell.call("compare", "--help").stdout
