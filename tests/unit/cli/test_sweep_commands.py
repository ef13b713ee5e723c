"""What `femsim sweep status`, `retry` and `table` tell, and with which exit code."""

import json
import re

import pytest

from femsim.cli.main import main
from femsim.cli.sweeping import words
from femsim.sweep.driving import Progress
from tests.unit.sweep.running_sweeps import tried

MASSES = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [60, 61, 62, 70]\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A sweep with two cases done, one without a mesh, one that did not converge."""
    return tried(tmp_path_factory.mktemp("sweep"), MASSES, "wicked")[1]


@pytest.fixture
def said(capfd):
    """arguments → exit code and what was said on stdout and stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["sweep", *map(str, arguments)])
        return ended.value.code or 0, *capfd.readouterr()

    return run


def test_status_counts_by_class(said, folder):
    code, out, _ = said("status", folder)
    assert code == 0
    assert "tried: 2 of 4 done, 2 failed (1 mesh, 1 not_converged)" in out


def test_status_changes_nothing(said, folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    said("status", folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_programs_get_the_counts(said, folder):
    code, out, _ = said("status", folder, "--json")
    record = json.loads(out)
    assert code == 0 and record["status"] == "partial"
    assert (record["done"], record["failed"], record["missing"], record["twice"]) == (2, 2, 0, 0)


def test_a_table_with_failed_cases_ends_with_6(said, folder):
    code, out, _ = said("table", folder)
    assert code == 6 and "table.csv" in out and "femsim sweep retry" in out


@pytest.mark.parametrize("command", ["status", "retry", "table"])
def test_a_folder_without_a_sweep_is_refused(said, tmp_path, command):
    code, _, err = said(command, tmp_path)
    assert code == 2 and "holds no sweep" in err


def test_a_sweep_of_another_version_is_not_retried(said, folder):
    about = folder / "sweep.json"
    text = about.read_text(encoding="utf-8")
    about.write_text(re.sub(r'"version": "[^"]*"', '"version": "0.0.1"', text), encoding="utf-8")
    try:
        code, _, err = said("retry", folder)
    finally:
        about.write_text(text, encoding="utf-8")
    assert code == 2 and "computed by femsim 0.0.1" in err


def test_a_sweep_json_of_another_format_is_told(said, folder, tmp_path):
    (tmp_path / "sweep.json").write_text('{"format": 99}', encoding="utf-8")
    code, _, err = said("status", tmp_path)
    assert code == 75 and "its format is 99" in err


def test_progress_tells_rate_and_time_left():
    found = Progress(100, 40, 1, {"mesh": 1}, per_hour=1200.0, seconds_left=177.0)
    assert words(found) == "40 of 100 done, 1 failed (1 mesh), 59 missing, 1,200 an hour, 2.95 min left"
