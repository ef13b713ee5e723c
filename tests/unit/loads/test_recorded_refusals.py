"""What is wrong with a recording is said with its place, its value and what to do; nothing else ever comes out."""

import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.errors import FemsimError, ScenarioError
from femsim.loads.reading import text as reading_text
from femsim.loads.recorded import Recorded
from femsim.loads.subject import Subject
from tests.unit.loads.test_recorded import HIP, PEAKS, SERIES, STORAGE

SUBJECT = Subject(body_mass_kg=75)
B = {"frame": "bergmann"}
XYZ = "Fx_N,Fy_N,Fz_N"
BOTH = STORAGE.replace("knee_r_on_tibia_r_in_tibia_r", "hip_l_on_femur_l_in_femur_l")

# text, name of the file, keys → words that the error has
WRONG = {
    "empty": ("", "a.csv", B, ["is empty"]),
    "blank": (" \n\n", "a.csv", B, ["is empty"]),
    "no numbers": ("name,colour\nhip,red\n", "a.csv", B, ["no line with 3 numbers"]),
    "no names": ("0,1,2,3\n1,2,3,4\n", "a.csv", B, ["no line of column names", "a.csv:1"]),
    "fewer names than numbers": ("time,Fx_N\n0,1,2,3\n", "a.csv", B, ["2 cells", "have 4", "a.csv:2"]),
    "a ragged row": (SERIES.replace("0.2,400,-90", "0.2,400"), "a.csv", B, ["Line 4", "3 cells", "a.csv:4"]),
    "nan": (SERIES.replace("-90", "NaN"), "a.csv", B, ["'NaN'", "a.csv:4", "'Fy_N'"]),
    "an empty cell": (SERIES.replace("-90", ""), "a.csv", B, ["empty", "a.csv:4", "'Fy_N'"]),
    "a word for a number": (SERIES.replace("-90", "high"), "a.csv", B, ["'high'", "a.csv:4", "'Fy_N'"]),
    "a number too large": (SERIES.replace("-90", "1e999"), "a.csv", B, ["'1e999'", "a.csv:4"]),
    "thousands separators": (
        SERIES.replace(",", ";").replace(".", ",").replace("-2000", "-2.000,0"), "a.csv", B, ["'-2.000,0'", "a.csv:4"]
    ),
    "time stands still": (SERIES.replace("0.2,", "0.1,"), "a.csv", B, ["0.1 after 0.1", "a.csv:4", "'time_s'"]),
    "no frame": (SERIES, "a.csv", {}, ["frame", "bergmann:", "isb:", "x anterior", "load.frame"]),
    "no unit": (SERIES.replace("_N", ""), "a.csv", B, ["unit", "%BW", "load.unit"]),
    "no such columns": (SERIES.replace("F", "Q"), "a.csv", B, ["Qx_N", "load.columns"]),
    "columns misspelt": (SERIES, "a.csv", {**B, "columns": ("Fx_N", "Fy_N", "Fzz_N")}, ["'Fzz_N'", "mean 'Fz_N'"]),
    "two columns named": (SERIES, "a.csv", {**B, "columns": ("Fx_N", "Fy_N")}, ["2 names", "[x, y, z]"]),
    "a column twice": (SERIES.replace("Fy", "Fx"), "a.csv", {**B, "columns": ("Fx_N", "Fx_N", "Fz_N")}, ["2 columns"]),
    "units mixed": (SERIES.replace("x_N", "x_kN"), "a.csv", {**B, "columns": ("Fx_kN", "Fy_N", "Fz_N")}, ["different"]),
    "axes of no frame": (SERIES.replace(XYZ, "Fx_prox_N,Fy_ant_N,Fz_right_N"), "a.csv", {}, ["no known frame"]),
    "frame against the file": (
        SERIES.replace(XYZ, "Fx_ant_N,Fy_prox_N,Fz_right_N"), "a.csv", B, ["'bergmann'", "'isb'"]
    ),
    "N for body weights": (SERIES.replace("_N", ""), "a.csv", {**B, "unit": "BW"}, ["BW", "are these N", "a.csv:4"]),
    "BW for newtons": ("time,Fx,Fy,Fz\n0,.5,0,-2\n", "a.csv", {**B, "unit": "N", "recorded_mass_kg": 70}, ["or BW?"]),
    "upward": (SERIES.replace(",-", ","), "a.csv", B, ["pulls the head off", "proximal 2000", "a.csv:4"]),
    "upward by the pelvis": (
        "time,Fx_N,Fy_N,Fz_N\n0,-400,90,2000\n", "a.csv", B, ["pulls the head off", 'load.acts_on = "pelvis"']
    ),
    "a left leg told as a right one": (
        "time,Fx_ant_N,Fy_prox_N,Fz_right_N\n0,-90,-2000,-400\n", "a.csv", {}, ["inwards", 'load.side = "left"']
    ),
    "another frame": ("time,Fx_N,Fy_N,Fz_N\n0,-90,-2000,400\n", "a.csv", B, ["pulls", 'load.frame = "isb"']),
    "zero": ("time,Fx_N,Fy_N,Fz_N\n0,0,0,0\n", "a.csv", B, ["zero"]),
    "many rows, no time": (PEAKS, "a.csv", B, ["3 rows", "subject=A1, activity=LW"]),
    "no such row": (PEAKS, "a.csv", {**B, "rows": "subject=A2"}, ["'A2'", "A1, B2"]),
    "no such column of rows": (PEAKS, "a.csv", {**B, "rows": "subjekt=A1"}, ["Did you mean 'subject'"]),
    "rows without a value": (PEAKS, "a.csv", {**B, "rows": "subject"}, ["'subject'", "name=value"]),
    "a window in a table of peaks": (PEAKS, "a.csv", {**B, "rows": "subject=B2", "begin": 0.0}, ["no column of time"]),
    "a window outside": (SERIES, "a.csv", {**B, "begin": 2.0}, ["load.begin = 2", "0 to 0.4"]),
    "a window without samples": (SERIES, "a.csv", {**B, "begin": 0.11, "end": 0.12}, ["No sample"]),
    "no cycle": (SERIES, "a.csv", {**B, "cyclic": True, "end": 0.2}, ["65 % of the peak", "not one cycle"]),
    "a cycle of one instant": (PEAKS, "a.csv", {**B, "rows": "subject=B2", "cyclic": True}, ["1 instants are no"]),
    "percent without duration": (SERIES.replace("time_s", "cycle [%]"), "a.csv", B, ["percent", "load.duration_s"]),
    "two hips": (BOTH, "a.sto", {}, [HIP, "hip_l_on_femur_l_in_femur_l", "load.columns"]),
    "no hip": (STORAGE.replace("hip_r", "ankle_r"), "a.sto", {}, ["knee_r_on_tibia_r_in_tibia_r", "load.columns"]),
    "a prefix that is not there": (STORAGE, "a.sto", {"columns": ("hip_x",)}, ["'hip_x'", HIP]),
    "told in the room": (STORAGE.replace("in_femur_r", "in_ground"), "a.sto", {}, ["'ground'", "express_in_frame"]),
    "on another body": (STORAGE.replace("_on_femur_r_in", "_on_torso_in"), "a.sto", {}, ["'torso'"]),
    "cut short": (STORAGE.replace("nRows=3", "nRows=30"), "a.sto", {}, ["30 rows", "has 3"]),
    "storage without endheader": (STORAGE.replace("endheader", ""), "a.sto", {}, ["endheader"]),
    "Excel": (b"PK\x03\x04\x14\x00", "a.csv", B, ["Excel", "CSV"]),
    "binary": (SERIES.encode() + b"\0\1", "a.csv", B, ["binary", "a.csv:7"]),
    "Windows-1252": (b"angle \xb0\n" + SERIES.encode(), "a.csv", B, ["UTF-8", "0xb0", "a.csv:1"]),
    "muscles in the femur's frame": (SERIES, "a.csv", {"frame": "femur", "muscles": "proportional"}, ["own frame"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(case, tmp_path):
    text, name, keys, words = WRONG[case]
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    with pytest.raises(ScenarioError) as raised:
        Recorded(path, **keys)
    assert raised.value.where and raised.value.remedy
    for word in words:
        assert word in str(raised.value)


def test_newtons_without_a_mass_are_judged_by_the_subject(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("time,Fx_N,Fy_N,Fz_N\n0,.5,0,-2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"below 0\.05 BW"):
        Recorded(path, frame="bergmann").history(SUBJECT)


def test_a_file_too_large_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reading_text, "LARGEST_FILE", 1 << 20)
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(500 << 20)  # sparse: takes no room
    tracemalloc.start()
    try:
        with pytest.raises(ScenarioError, match="larger than 1 MB"):
            Recorded(path, frame="bergmann")
        assert tracemalloc.get_traced_memory()[1] < 10 << 20  # bytes: the limit a few times over
    finally:
        tracemalloc.stop()


def test_more_instants_than_can_be_computed_ask_for_frames(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},300,-50,-1500\n" for n in range(1001))
    path.write_text("time,Fx_N,Fy_N,Fz_N\n" + rows, encoding="utf-8")
    with pytest.raises(ScenarioError, match="1001 instants, above 1000"):
        Recorded(path, frame="bergmann", frames=0)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read"):
        Recorded(tmp_path / "nothing.csv", frame="bergmann")


def read(content: bytes, name: str, **keys) -> None:
    """Only errors of femsim may come out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            history = Recorded(path, **keys).history(SUBJECT)
        except FemsimError as error:
            assert str(error)
            return
    assert history.hip.shape == (len(history.instants), 3)


NAMES = st.sampled_from(["a.csv", "a.sto", "a.mot", "a.txt"])


@given(st.binary(max_size=400), NAMES)
def test_random_bytes_are_read_or_refused(content, name):
    read(content, name, frame="bergmann", unit="N")


@given(st.text(alphabet="0123456789.,;\t \n-+eE#%[]()\"'=_FxyzNtimeBWnahdr", max_size=300), NAMES)
def test_random_tables_are_read_or_refused(content, name):
    read(content.encode(), name, frame="bergmann", unit="N")


@given(
    st.sampled_from([SERIES, PEAKS, STORAGE]),
    st.integers(0, 600),
    st.integers(0, 8),
    st.text(max_size=6),
    st.booleans(),
    st.integers(0, 30),
)
def test_damaged_files_are_read_or_refused(whole, at, cut, put, cyclic, frames):
    name = "a.sto" if whole is STORAGE else "a.csv"
    damaged = whole[:at] + put + whole[at + cut :]
    keys = {} if whole is STORAGE else {"frame": "bergmann", "rows": "subject=B2" if whole is PEAKS else ""}
    read(damaged.encode("utf-8", "surrogatepass"), name, cyclic=cyclic, frames=frames, **keys)


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=5))
def test_random_rows_and_columns_are_read_or_refused(rows, columns):
    read(SERIES.encode(), "a.csv", frame="bergmann", rows=rows, columns=tuple(columns))
