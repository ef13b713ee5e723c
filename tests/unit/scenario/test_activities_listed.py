"""Activities as a scenario writes them, and what `femsim list activities` tells."""

import pytest

from femsim.loads import ACTIVITIES, ROUTINES
from femsim.loads.routine import AMOUNTS
from femsim.scenario.catalogue import TOPICS
from femsim.scenario.reading import load, resolved_toml
from femsim.scenario.sections import keys_of


def _facts():
    return {entry.name: entry.facts for entry in TOPICS["activities"]()}


def test_every_activity_tells_its_size_its_evidence_its_count_and_its_spread():
    facts = _facts()
    assert list(facts) == list(ACTIVITIES)
    for told in facts.values():
        assert list(told) == ["peak hip force", "known from", "counted in", "between people"] and all(told.values())


def test_walking_is_told_in_full():
    told = _facts()["walking"]
    assert told["peak hip force"] == "238 % body weight, 1749 N at 75 kg"
    assert "4 patients" in told["known from"]
    assert told["counted in"].startswith("steps, 2 in one load cycle of a leg, or kilometres, 1.22 m each")
    assert told["between people"].startswith("247 ± 20 % body weight, 217 to 282; 10 people")


def test_a_peak_that_must_be_given_is_asked_for():
    assert _facts()["incline_up"]["peak hip force"] == "(needs peak_percent_bw)"
    assert _facts()["incline_up"]["counted in"].startswith("steps")


def test_a_machine_is_told_in_newton():
    assert _facts()["bench_iso7206"]["peak hip force"] == "2300 N whatever the body mass"
    assert _facts()["bench_iso7206"]["counted in"] == "nothing: nobody does it daily"


@pytest.mark.parametrize("name", sorted(set(ACTIVITIES) - {"recorded"}))
def test_every_activity_can_be_written_and_read_back(desk, name):
    given = ["load.peak_percent_bw=300.0"] if name in ("incline_up", "incline_down", "jump_landing") else []
    scenario = desk.load(f'load.activity="{name}"', *given)
    assert type(scenario.load) is ACTIVITIES[name]
    desk.write(resolved_toml(scenario))
    assert load(desk.file) == scenario


def test_a_routine_has_the_keys_of_its_activity_and_the_amounts():
    keys = keys_of(ROUTINES["incline_up"])
    assert keys["peak_percent_bw"].required
    assert [name for name in keys if name not in keys_of(ACTIVITIES["incline_up"])] == list(AMOUNTS)
    assert keys["km_per_week"].about.unit == "km/week"
