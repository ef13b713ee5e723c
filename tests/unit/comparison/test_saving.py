"""The folder of a comparison: whole or not there."""

import json
from types import SimpleNamespace

import pytest

from femsim.comparison import saving
from femsim.errors import StoreError
from femsim.results import store, summary

RECORD = {
    "status": "complete",
    "name": "compare-patient",
    "hash": "ab" * 32,
    "variants": [{"label": "cap"}],
    "table": [],
}


@pytest.fixture
def columns(made_up):
    return (made_up("cap", [("risk_factor_p99", "femur", "operated", 0.3)]),)


def test_it_is_found_whole_with_every_file_it_lists(tmp_path, columns):
    with saving.new_comparison(tmp_path, RECORD, columns) as folder:
        (folder / "comparison.png").write_bytes(b"picture")
    found = store.find_complete(tmp_path, RECORD["name"], RECORD["hash"], saving.FILE)
    assert found == saving.folder_of(tmp_path, RECORD) == tmp_path / "compare-patient-abababab"
    assert set(json.loads((found / saving.FILE).read_text())["files"]) == {
        "comparison.csv", "table.csv", "comparison.png",
    }  # fmt: skip


def test_it_replaces_the_one_before(tmp_path, columns):
    for text in (b"old", b"new"):
        with saving.new_comparison(tmp_path, RECORD, columns) as folder:
            (folder / "comparison.png").write_bytes(text)
    assert (saving.folder_of(tmp_path, RECORD) / "comparison.png").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_one_that_was_broken_off_is_not_there(tmp_path, columns):
    with pytest.raises(RuntimeError), saving.new_comparison(tmp_path, RECORD, columns):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_is_no_run_and_is_called_so(tmp_path, columns):
    with saving.new_comparison(tmp_path, RECORD, columns):
        pass
    with pytest.raises(StoreError, match="not a run"):
        summary.read(saving.folder_of(tmp_path, RECORD))


def test_other_variants_labels_or_orders_are_another_comparison():
    a, b = (SimpleNamespace(digest=digest * 64, label=digest) for digest in "ab")
    relabelled = SimpleNamespace(digest=a.digest, label="other")
    digests = {saving.digest_of(pair) for pair in ([a, b], [b, a], [relabelled, b])}
    assert len(digests) == 3
