"""`femsim sensitivity`: the table, the files, the pictures, and what it refuses."""

import csv
import json

import pytest
from PIL import Image

from femsim.cli.main import app
from femsim.errors import StoreError, UsageError
from tests.unit.sweep.conftest import BASE
from tests.unit.sweep.finished_sweep import KEYS, MEASURE, finish, table_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("asked")
    path = place / "tried.toml"
    path.write_text(BASE + table_text('design = "saltelli"\nn = 32\nseed = 1'), encoding="utf-8")
    return finish(path, place / "done", lambda x: 2 * x[0] + x[1], lambda number: number == 7)


def asked(folder, *words):
    return app(["sensitivity", str(folder), *words])


def test_factors_failed_cases_and_files_are_told(folder, capfd):
    assert asked(folder, "--no-pictures") == 0
    text = capfd.readouterr().out
    assert f"{MEASURE}   155 of 160 rows; 1 of 160 cases have no value; dropped: 1 of 32 blocks." in text
    assert "total: share of the variance" in text and "written: " in text


def test_the_table_holds_every_effect(folder):
    asked(folder, "--no-pictures")
    rows = list(csv.DictReader((folder / "sensitivity" / "sensitivity.csv").read_text("utf-8").splitlines()))
    first = {row["factor"]: float(row["value"]) for row in rows if row["kind"] == "first"}
    # Of 4 + 1 parts of the variance.
    assert [first[key] for key in KEYS] == pytest.approx([0.8, 0.2, 0.0], abs=0.1)


def test_programs_get_one_object(folder, capfd):
    asked(folder, "--json", "--no-pictures")
    record = json.loads(capfd.readouterr().out)
    assert record["design"] == "saltelli" and record["failed"] == 1
    assert record["measures"][0]["measure"] == MEASURE


def test_pictures_are_drawn(folder, tmp_path):
    asked(folder, "--out", str(tmp_path))
    for kind in ("tornado-operated.neck.answer", "response-operated.neck.answer", "scatter"):
        assert Image.open(tmp_path / f"{kind}.png").size[0] > 500


def test_the_same_answer_is_the_same_bytes(folder, tmp_path):
    for name in ("a", "b"):
        asked(folder, "--out", str(tmp_path / name))
    files = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()} and len(files) == 5


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--measure", "nothing.*"), "No measure fits"),
        (("--where", "side=left"), "no factor 'side'"),
        (("--limit", "3"), "is no share"),
    ],
)
def test_what_cannot_be_asked_is_told(folder, words, what):
    with pytest.raises(UsageError, match=what):
        asked(folder, *words)


def test_a_folder_without_a_sweep_is_told(tmp_path):
    with pytest.raises(StoreError, match="holds no sweep"):
        asked(tmp_path)
