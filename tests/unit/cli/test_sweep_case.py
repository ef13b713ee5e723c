"""A case of a sweep as a whole run: the numbers of the sweep's table, and fields to look at."""

import csv
import json
import re
import urllib.request

import pytest

from femsim.cli.sweep_case import RUNS, computed
from femsim.errors import StoreError
from tests import coarse_scenario

pytestmark = pytest.mark.slow
SWEEP = '\n[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [60, 90]\n'


@pytest.fixture(scope="module")
def sweep(tmp_path_factory, root):
    from tests.unit.cli.conftest import Shell

    folder = tmp_path_factory.mktemp("sweep")
    (folder / "s.toml").write_text('name = "s"\n' + coarse_scenario.text() + SWEEP)
    shell = Shell(folder, root)
    done = shell.call("sweep", "s.toml", "--out", "out", "--quiet", timeout=600)
    assert done.returncode == 0, done.stderr
    return shell, next((folder / "out").glob("s-*"))


def test_a_case_has_the_numbers_of_the_table_and_is_computed_once(sweep):
    _, folder = sweep
    run = computed(folder, 1)
    assert run.parent == folder / RUNS and (run / "result.vtkhdf").is_file()
    told = json.loads((run / "summary.json").read_text())
    mine = {(m["name"], m["zone"], m["model"]): m["value"] for m in told["measures"]}
    with open(folder / "table.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["number"] == "1")
    heads = [head for head in row if head.startswith("operated.femur.risk_factor_p99")]
    assert float(row[heads[0]]) == pytest.approx(mine["risk_factor_p99", "femur", "operated"], rel=1e-6)
    before = (run / "result.vtkhdf").stat().st_mtime_ns
    assert computed(folder, 1) == run and (run / "result.vtkhdf").stat().st_mtime_ns == before


def test_a_case_that_is_not_there_is_told(sweep):
    with pytest.raises(StoreError, match="no case 7"):
        computed(sweep[1], 7)


def test_a_case_that_cannot_be_computed_says_why(sweep, monkeypatch):
    (sweep[1] / "blocked").write_text("no folder")
    monkeypatch.setattr("femsim.cli.sweep_case.RUNS", "blocked")
    with pytest.raises(StoreError, match="Case 0 was not computed: Results cannot be written"):
        computed(sweep[1], 0)


def test_a_sweep_opens_at_the_case_that_is_asked_for(sweep):
    shell, folder = sweep
    process = shell.start("view", folder, "--case", "1", "--no-browser", "--json")
    try:
        said = ""
        while not said.rstrip().endswith("}"):
            said += process.stdout.readline()
        address = json.loads(said)["address"]
        home = re.sub(r"\?.*", "", address)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert opener.open(home, timeout=20).status == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    "arguments, says", [(("--case", "99"), "not finished, or there is none"), (("--live",), "viewed alone")]
)
def test_what_a_sweep_cannot_show_is_told(arguments, says, sweep):
    shell, folder = sweep
    done = shell.call("view", folder, "--no-browser", *arguments)
    assert done.returncode == 2 and says in done.stderr
