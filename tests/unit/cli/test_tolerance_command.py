"""`femsim tolerance`: what it tells, writes and draws, and how it refuses."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

PATIENT = """schema = 1
name = "{name}"
[femur]
kind = "parametric"
[subject]
body_mass_kg = 75
[implant]
kind = "{implant}"
[load]
activity = "walking"
frames = 4
[mesh]
size_mm = 9
order = 1
"""
FIRST_RUN_S = 600  # a machine that never ran femsim compiles its kernels first
SOME = ("--activities", "walking, running,bench_iso7206")
CANNOT_DRAW = """
from femsim.errors import MissingPieceError
from femsim.view import tolerance_picture
def draw(*_): raise MissingPieceError("There is no drawing library.")
tolerance_picture.draw = draw
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the models of this module are kept: they are solved once."""
    return tmp_path_factory.mktemp("solved")


@pytest.fixture
def patient(shell, kept):
    shell.environment["FEMSIM_SOLVED_CACHE"] = str(kept)

    def written(name="patient", implant="intact"):
        path = shell.folder / f"{name}.toml"
        path.write_text(PATIENT.format(name=name, implant=implant))
        return path

    return written


@pytest.mark.slow
def test_implants_are_told_side_by_side_and_written(shell, patient):
    code, record = shell.call_json(
        "tolerance", patient(), "--implants", "intact,resurfacing_cap", *SOME, "--out", "new/folder",
        timeout=FIRST_RUN_S,
    )  # fmt: skip
    assert code == 0 and record["body_mass_kg"] == 75 and record["warnings"] == []
    assert set(record["constructs"]) == {"intact", "resurfacing_cap"}
    picture, table = (shell.folder / name for name in record["files"])
    assert picture.name == "patient-2-tolerance.png"
    assert np.asarray(Image.open(picture).convert("L")).std() > 10
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert len(rows) == 3 * 2 * 2  # activities, constructs, parts
    assert {row["construct"] for row in rows} == {"intact", "resurfacing_cap"}
    for row in rows:
        told = record["constructs"][row["construct"]]["activities"]
        (same,) = (one for one in told if one["activity"] == row["activity"])
        assert float(row["load_to_yield [-]"]) == pytest.approx(
            same[row["part"]]["operated"]["multiplier"], rel=1e-6
        )  # seven figures
        assert (row["body_mass_to_yield [kg]"] == "") == (row["activity"] == "bench_iso7206")


def test_the_table_names_load_body_mass_and_place(shell, patient):
    done = shell.call("tolerance", patient(), *SOME, "--out", "none", timeout=FIRST_RUN_S)
    assert done.returncode == 0, done.stderr
    for words in ("× load     mass", "where", "875 %", " kg", "not a medical device"):
        assert words in done.stdout
    (bench,) = (line for line in done.stdout.splitlines() if line.startswith("bench_iso7206"))
    assert "–" in bench
    assert done.stdout.count("× load") == 1  # one column for a femur without an implant
    assert not list(shell.folder.glob("*tolerance*"))


@pytest.mark.parametrize(
    "names", [("intact",), ("intact", "mid_head_resection", "stemmed", "resurfacing_cap cement_mm=2")]
)
def test_the_table_of_some_constructs_fits_a_screen_in_full(names):
    from rich.console import Console

    from femsim.capacity.tolerance import Borne, Limit
    from femsim.cli.tolerance import _table

    limits = {"operated": Limit(0.25, 4.0, 300.0, "neck_superior_proximal", 18.0)}
    rows = {"treadmill_walking": Borne("treadmill_walking", 3163.0, 430.0, "% gait cycle", limits, limits)}
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(_table(dict.fromkeys(names, ("operated", rows))))
    text = console.export_text()
    assert "…" not in text and text.count("4.00   300 kg") == len(names)
    assert ("neck superior proximal" in text) == (len(names) < 3)  # there is no room for more; the file has it


def test_files_of_one_patient_share_the_intact_femur(shell, patient):
    files = patient("as_it_was"), patient("capped", "resurfacing_cap")
    _, record = shell.call_json("tolerance", *files, *SOME, timeout=FIRST_RUN_S)
    rows = list(csv.DictReader((shell.folder / record["files"][1]).open(encoding="utf-8")))
    assert [row["construct"] for row in rows[::2]] == 3 * ["intact", "capped"]


def test_another_patient_has_an_intact_femur_and_forces_of_its_own(shell, patient):
    heavy = patient("heavy", "resurfacing_cap")
    heavy.write_text(heavy.read_text().replace("body_mass_kg = 75", "body_mass_kg = 150"))
    files = patient("light", "resurfacing_cap"), heavy
    _, record = shell.call_json("tolerance", *files, *SOME, timeout=FIRST_RUN_S)
    rows = list(csv.DictReader((shell.folder / record["files"][1]).open(encoding="utf-8")))
    walking = {row["construct"]: row for row in rows if (row["activity"], row["part"]) == ("walking", "proximal")}
    assert list(walking) == ["intact", "light", "heavy intact", "heavy"]
    for light, double in (("intact", "heavy intact"), ("light", "heavy")):
        force, times = (
            float(walking[double][key]) / float(walking[light][key]) for key in ("hip_peak [N]", "load_to_yield [-]")
        )
        assert (force, times) == pytest.approx((2.0, 0.5), rel=1e-6)


def test_where_nothing_can_be_drawn_the_numbers_come_anyway(shell, patient):
    done = shell.python(CANNOT_DRAW, "tolerance", patient(), *SOME)
    assert done.returncode == 0, done.stderr
    assert "No picture: There is no drawing library." in done.stderr
    assert (shell.folder / "patient-tolerance.csv").exists()
    assert not (shell.folder / "patient-tolerance.png").exists()


@pytest.mark.parametrize(
    "more, words",
    [
        (("--activities", "walking,stairs_upp"), ["Did you mean 'stairs_up'?", "--activities"]),
        (("--activities", "jump_landing"), ["needs peak_percent_bw", "[routine.jump_landing]"]),
        (("--implants", "intact,resurfacing_cup"), ["resurfacing_cup", "Did you mean 'resurfacing_cap'?"]),
        (("--implants", "intact"), ["two variants at least"]),
        (("--implants", "intact,intact"), ["are the same"]),
        (("--implants", "intact,resurfacing_cap:cement=1"), ["cement_mm", "--implants resurfacing_cap:cement=1"]),
        (("--set", "subject.body_mass_kg=900"), ["above the most allowed"]),
        (("--out", "patient.toml"), ["cannot be written", "--out"]),
        (("--out", "patient.toml/below"), ["cannot be written", "--out"]),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_before_any_work(shell, patient, more, words):
    shell.environment["FEMSIM_MESH_CACHE"] = str(shell.folder / "meshes")
    done = shell.call("tolerance", patient(), *more)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (shell.folder / "meshes").exists()  # nothing was made
    assert [path.name for path in shell.folder.glob("*.*")] == ["patient.toml"]


def test_no_scenario_and_one_that_is_not_there_are_refused(shell):
    done = shell.call("tolerance")
    assert done.returncode == 2 and "femsim tolerance scenarios/" in done.stderr
    done = shell.call("tolerance", "nowhere.toml")
    assert done.returncode == 2 and "nowhere.toml" in done.stderr and "Traceback" not in done.stderr
