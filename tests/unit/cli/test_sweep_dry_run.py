"""What `femsim sweep FILE --dry-run` tells of a plan."""

import json

import pytest

from femsim.cli.screen import Screen
from femsim.cli.sweep_plan import dry_run, duration
from femsim.scenario.shipped import scenario_files
from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep

LIST = """
[sweep]
design = "list"
[[sweep.case]]
implant.cement_mm = 1.5
[[sweep.case]]
implant.kind = "intact"
implant.cement_mm = 2.0
"""
SWEEPS = [name for name, path in scenario_files().items() if "[sweep]" in path.read_text(encoding="utf-8")]


@pytest.fixture
def planned(tmp_path):
    path = tmp_path / "tried.toml"
    path.write_text(scenario_files()["walking"].read_text(encoding="utf-8") + LIST, encoding="utf-8")
    return plan(load_sweep(path))


def told(capfd, found, **how):
    with Screen(**how) as screen:
        assert dry_run(screen, found) == 0
    return capfd.readouterr()


def test_counts_sharing_costs_and_refused_cases_are_told(capfd, planned):
    text = told(capfd, planned).out
    assert "walking: 2 cases (1 cannot be computed)." in text
    assert "shared: 1 cases have 1 meshes and 1 stiffnesses." in text
    assert "estimate: " in text and "GB of memory for each process" in text and "from costs measured" in text
    assert "case 1 cannot be computed: implant.cement_mm" in text


def test_programs_get_everything(capfd, planned):
    record = json.loads(told(capfd, planned, json=True).out)
    assert record["cases"] == 2 and record["estimate"]["meshes"] == 1
    assert record["refused"][0]["number"] == 1 and record["sample"][0]["implant.cement_mm"] == 1.5


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 s"), (600, "10 min"), (36000, "10 h"), (864000, "10 days")])
def test_long_times_are_told_shortly(seconds, words):
    assert duration(seconds) == words


def test_three_sweeps_come_with_femsim():
    assert set(SWEEPS) == {"design_stem", "risk_factors", "running_tolerance"}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_shipped_sweep_is_planned_without_refused_cases(name):
    found = plan(load_sweep(scenario_files()[name]))
    assert 100 < len(found.cases) < 1000
    assert not any(case.refused for case in found.cases)


def test_check_knows_a_sweep(capfd):
    from femsim.cli.main import app

    assert app(["check", str(scenario_files()["risk_factors"])]) == 0
    assert "sweep 'risk_factors' of 384 cases" in capfd.readouterr().out
