"""What can be opened: runs, and in place of a comparison those of its runs that are still there."""

import json
import shutil

import pytest

from femsim.errors import StoreError
from femsim.view.viewer.opened import opened_runs
from femsim.view.viewer.telling import names


@pytest.fixture
def comparison(small_run, tmp_path):
    """A comparison of a cap and of nothing put in, beside its runs."""
    runs = {
        "resurfacing_cap": small_run.write(tmp_path, name="cap"),
        "intact": small_run.write(tmp_path, name="plain", implant=False),
    }
    folder = tmp_path / "compare-small"
    folder.mkdir()
    variants = [
        {"label": label, "run": run.name, "hash": small_run.DIGEST, "scenario": "small"} for label, run in runs.items()
    ]
    record = {"name": "compare-small", "variants": variants, "table": [], "ranking": {}, "remarks": []}
    record |= {"disclaimer": "", "is_one_question": True}
    (folder / "comparison.json").write_text(json.dumps(record))
    return folder, runs


def test_a_comparison_opens_as_its_runs_by_its_names(comparison):
    folder, runs = comparison
    found = opened_runs([folder])
    assert [run.name for run in found] == ["resurfacing cap", "intact"]
    assert [run.folder for run in found] == list(runs.values())
    assert names(found) == "resurfacing cap, intact"


def test_a_run_that_is_gone_is_missing(comparison):
    folder, runs = comparison
    shutil.rmtree(runs["intact"])
    (left,) = opened_runs([folder])
    assert left.name == "resurfacing cap" and any("intact" in line for line in left.all_missing)


def test_a_comparison_of_which_nothing_is_left_is_told(comparison):
    folder, runs = comparison
    for run in runs.values():
        shutil.rmtree(run)
    with pytest.raises(StoreError, match="No run of this comparison"):
        opened_runs([folder])


def test_nothing_put_in_is_one_femur(comparison):
    _, runs = comparison
    (found,) = opened_runs([runs["intact"]])
    assert found.models == ("intact",) and not found.has_implant


def test_many_runs_are_named_in_few_words(comparison):
    _, runs = comparison
    (one,) = opened_runs([runs["intact"]])
    many = []
    for number in range(5):
        (run,) = opened_runs([runs["intact"]])
        run.name = f"run {number}"
        many.append(run)
    assert names([one]) == "plain" and names(many) == "run 0 and 4 more"
