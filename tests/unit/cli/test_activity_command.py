"""`femsim activity`: what it tells and draws, and how it refuses."""

import csv

import numpy as np
import pytest
from PIL import Image

PEAKS = "subject,activity,Fx_pBW,Fy_pBW,Fz_pBW\n"


@pytest.fixture
def table(shell):
    """A way to write a table of peaks."""

    def written(rows: str | bytes):
        path = shell.folder / "peaks.csv"
        path.write_bytes(rows if isinstance(rows, bytes) else rows.encode())
        return path

    return written


def test_every_activity_is_told_but_those_that_need_a_key(shell):
    done = shell.call("activity")
    assert done.returncode == 0
    for words in ("walking", "238 %", "2300 N", "247 ± 20 %", "held", "Left out: incline_up needs peak_percent_bw"):
        assert words in done.stdout
    assert "Frame: bergmann; bench_iso7206: femur; axial_compression: lab." in done.stdout
    assert "jump_landing  " not in done.stdout


def test_one_object_has_every_force_at_every_instant(shell):
    code, record = shell.call_json(
        "activity", "stairs_up", "--set", "load.frames=12", "--set", "subject.body_mass_kg=50"
    )
    (told,) = record["activities"]
    assert code == 0 and record["left_out"] == []
    assert np.shape(told["forces_n"]["hip"]) == (12, 3) and set(told["forces_n"]) == set(told["sites"])
    assert len(told["forces_n"]) == 8 and told["frame"] == "bergmann" and told["files"] == []
    peak = np.linalg.norm(told["forces_n"]["hip"], axis=1).max()
    assert peak == pytest.approx(2.51 * 50 * 9.80665, rel=1e-3)  # 251 %, given to three figures
    assert told["counting"]["noun"] == "stair steps" and told["spread"] is None


def test_pictures_and_tables_are_written_to_a_new_folder(shell):
    code, record = shell.call_json("activity", "walking", "bench_iso7206", "--out", "new/folder")
    assert code == 0
    for told in record["activities"]:
        picture, table = (shell.folder / name for name in told["files"])
        assert np.asarray(Image.open(picture).convert("L")).std() > 10
        head, *rows = list(csv.reader(table.open(encoding="utf-8")))
        assert head[:2] == [f"instant [{told['instant_unit']}]", "hip_lateral_N"]
        assert np.array(rows, float)[:, 1:4] == pytest.approx(np.array(told["forces_n"]["hip"]), rel=1e-6)
        assert len(rows) == 101  # smooth enough to be drawn, where nobody asks for other


def test_what_is_there_is_not_written_over_unasked(shell):
    (shell.folder / "walking.csv").write_text("mine")
    done = shell.call("activity", "running", "walking", "--out", ".")
    assert done.returncode == 2 and "walking.csv is there already" in done.stderr and "--force" in done.stderr
    assert not (shell.folder / "running.png").exists()
    assert shell.call("activity", "walking", "--out", ".", "--force").returncode == 0
    assert (shell.folder / "walking.csv").read_text() != "mine"


def test_an_unknown_activity_is_refused_with_the_nearest(shell):
    done = shell.call("activity", "walking", "stairs_upp", "--out", "new")
    assert done.returncode == 2 and "Did you mean 'stairs_up'?" in done.stderr and "jogging" in done.stderr
    assert not (shell.folder / "new").exists()


@pytest.mark.parametrize("name, key", [("jump_landing", "peak_percent_bw"), ("recorded", "file")])
def test_a_key_without_a_default_is_asked_for_as_it_has_to_be_typed(shell, name, key):
    done = shell.call("activity", name)
    assert done.returncode == 2 and f"--set load.{key}=" in done.stderr and ".toml" not in done.stderr


def test_an_activity_with_the_key_that_it_needs_is_told(shell):
    done = shell.call("activity", "jump_landing", "--set", "load.peak_percent_bw=480")
    assert done.returncode == 0 and "480 %" in done.stdout


@pytest.mark.parametrize(
    "override, words",
    [
        ("load.sped=1", "Did you mean 'speed'?"),
        ("load.scale=9", "above the most allowed"),
        ("subject.body_mass_kg=heavy", "a number in kg is expected"),
        ("load.activity=running", "name the activity as an argument"),
    ],
)
def test_a_wrong_key_is_told_with_the_activity(shell, override, words):
    done = shell.call("activity", "walking", "--set", override)
    assert done.returncode == 2 and words in done.stderr and "intact.toml" not in done.stderr


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nobody"])
def test_a_folder_that_cannot_be_made_is_said(shell, place):
    (shell.folder / "file").write_text("mine")
    done = shell.call("activity", "walking", "--out", place)
    assert done.returncode == 2 and "cannot be written" in done.stderr and "--out" in done.stderr
    assert (shell.folder / "file").read_text() == "mine"


@pytest.mark.parametrize(
    "content, words",
    [
        (PEAKS + "H1,LW,60,nan,-200\n", "peaks.csv, line 2"),
        (PEAKS + "H1,LW,60,-20,-200\nH2,LW,6O,-20,-200\n", "Fx_pBW is 6O"),
        (PEAKS + "H1,LW,60\n", "Fy_pBW is missing"),
        ("subject,activity,Fx,Fy,Fz\nH1,LW,60,-20,-200\n", "no column 'Fx_pBW'"),
        (PEAKS + "H1,RUN,60,-20,-200\n", "none of LW, OLS, SU"),
        (PEAKS.encode() + b"\xff\xfe,LW,1,2,3\n", "is no text"),
        ("", "no column 'activity'"),
    ],
)
def test_a_damaged_table_of_peaks_is_refused_with_its_place(shell, table, content, words):
    done = shell.call("activity", "walking", "--in-vivo", table(content))
    assert done.returncode == 2 and words in done.stderr and "peaks.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_of_peaks_that_is_not_there_is_said(shell):
    done = shell.call("activity", "walking", "--in-vivo", "nowhere.csv")
    assert done.returncode == 2 and "No such file" in done.stderr and "[Errno" not in done.stderr


def test_a_table_of_peaks_as_a_spreadsheet_saves_it_is_read(shell, table):
    rows = "activity,Fx_pBW,Fy_pBW,Fz_pBW\r\nLW,60,-20,-200\r\n"
    done = shell.call("activity", "walking", "--in-vivo", table(b"\xef\xbb\xbf" + rows.encode()), "--out", "new")
    assert done.returncode == 0, done.stderr
