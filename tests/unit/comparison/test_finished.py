"""Finished runs side by side: what they are called, and what is said of their differences."""

import json

import pytest

from femsim.comparison.finished import labels_of, record_of_runs
from femsim.errors import StoreError, UsageError


@pytest.fixture
def changed(small_run, tmp_path):
    """name, key=value of parameters → the folder of a run with these."""

    def made(name, folder="runs", **values):
        path = small_run.write(tmp_path / folder, name=name)
        told = json.loads((path / "summary.json").read_text())
        for row in told["parameters"]:
            row["value"] = values.get(row["key"].replace(".", "__"), row["value"])
        (path / "summary.json").write_text(json.dumps(told))
        return path

    return made


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ([("a", "cap", "a-1"), ("b", "cap", "b-2")], ["a", "b"]),
        ([("a", "cap", "a-1"), ("a", "stemmed", "a-2")], ["a cap", "a stemmed"]),
        ([("a", "cap", "a-1"), ("a", "cap", "a-2")], ["a-1 cap", "a-2 cap"]),
        ([("a", "cap", "a-1"), ("a", "cap", "a-1")], ["a-1 cap", "a-1-(2) cap"]),
    ],
)
def test_runs_of_one_name_are_told_apart(names, labels):
    assert labels_of(names) == labels


def test_the_table_has_a_column_for_each_run_and_there_is_no_ranking(changed):
    record, folders = record_of_runs([changed("a"), changed("b")])
    assert list(folders) == ["a", "b"]
    assert all(list(row["cells"]) == ["a", "b"] for row in record["table"]) and record["table"]
    assert "ranking" not in record


def test_runs_that_ask_one_question_have_no_remarks_but_their_mesh(changed):
    record, _ = record_of_runs([changed("a"), changed("b", mesh__size_mm=8.0)])
    assert record["is_one_question"]
    assert record["remarks"][0] == "[mesh] differs: mesh.size_mm = 3 (a), 8 (b)."


def test_another_load_is_another_question_and_is_told(changed):
    record, _ = record_of_runs([changed("a"), changed("b", load__scale=2.0)])
    assert not record["is_one_question"]
    assert record["remarks"][0] == "[load] differs: load.scale = 1 (a), 2 (b)."


def test_a_file_of_the_same_name_with_other_contents_is_another_question(changed):
    folders = [changed("a"), changed("b")]
    for folder, digest in zip(folders, "cd"):
        path = folder / "provenance.json"
        told = json.loads(path.read_text()) | {"input_files": [{"name": "bone.stl", "sha256": 64 * digest}]}
        path.write_text(json.dumps(told))
    record, _ = record_of_runs(folders)
    assert not record["is_one_question"]
    assert "[input] differs: input.bone.stl = cccccccc (a), dddddddd (b)." in record["remarks"]


def test_copies_of_one_run_are_called_so(changed):
    record, folders = record_of_runs([changed("a"), changed("a", "other")])
    first, second = folders
    assert f"{first} and {second} are runs of the very same scenario." in record["remarks"]


def test_a_folder_named_twice_is_refused(changed):
    first = changed("a")
    with pytest.raises(UsageError, match="named twice"):
        record_of_runs([first, changed("b"), first.parent / ".." / first.parent.name / first.name])


def test_one_run_alone_is_no_set_of_runs(changed):
    with pytest.raises(UsageError):
        record_of_runs([changed("a")])


def test_a_folder_that_is_no_run_is_refused(changed, tmp_path):
    with pytest.raises(StoreError, match="not a run"):
        record_of_runs([changed("a"), tmp_path])
