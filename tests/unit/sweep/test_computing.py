"""Cases that are computed together have the numbers that each has alone."""

import pytest

from femsim.errors import ConvergenceError
from femsim.metrics import METRICS
from femsim.results import summary
from femsim.scenario.reading import load
from femsim.solving import solved_pair
from femsim.sweep import computing
from femsim.sweep.computing import compute
from tests import coarse_scenario


@pytest.fixture
def scenario(tmp_path):
    (tmp_path / "s.toml").write_text(coarse_scenario.text())
    return lambda *sets: load(tmp_path / "s.toml", sets)


def alone(scenario, metrics=tuple(METRICS)):
    _, operated, intact = solved_pair(scenario)
    return summary.rows([measure for name in metrics for measure in METRICS[name]().measure(operated, intact)])


def assert_same(rows, others):
    assert [{**row, "value": None} for row in rows] == [{**row, "value": None} for row in others]
    for row, other in zip(rows, others):
        # The solve is good to 1e-9; changes are differences of nearly equal numbers.
        assert row["value"] == pytest.approx(other["value"], rel=1e-6, abs=1e-6), (row, other)


CASES = (
    ("subject.body_mass_kg=70",),
    ("subject.body_mass_kg=100",),
    ("load.activity=stairs_up", "load.frames=5"),
    ("load.activity=one_legged_stance", "subject.body_mass_kg=90"),
)


@pytest.mark.slow
def test_cases_of_one_stiffness_have_the_measures_that_each_has_alone(scenario):
    scenarios = [scenario(*sets) for sets in CASES]
    found = list(compute(scenarios))
    assert [one.place for one in found] == [0, 1, 2, 3]
    for one, asked in zip(found, scenarios):
        assert one.error is None
        assert_same(one.measures, alone(asked))


def test_a_day_of_activities_is_shared_too(scenario):
    week = ("routine.walking.km_per_day=4", "routine.stairs_up.times_per_day=10", "load.frames=3")
    scenarios = [scenario(*week, f"subject.body_mass_kg={mass}") for mass in (60, 110)]
    for one, asked in zip(compute(scenarios, ("stimulus", "risk_over_activity")), scenarios):
        assert_same(one.measures, alone(asked, ("stimulus", "risk_over_activity")))


def test_they_are_solved_once(scenario, monkeypatch):
    calls = []
    true = computing.solved_pair
    monkeypatch.setattr(computing, "solved_pair", lambda *given, **more: calls.append(1) or true(*given, **more))
    found = list(compute([scenario(*sets) for sets in CASES], ("risk_factor",)))
    assert calls == [1]
    assert [one.shared for one in found] == [
        {"mesh": False, "stiffness": False},
        *[{"mesh": True, "stiffness": True}] * 3,
    ]
    assert [one.seconds["solve"] > 0 for one in found] == [True, False, False, False]


def test_another_stiffness_shares_the_mesh_alone(scenario):
    found = list(compute([scenario(), scenario("bone.law=keller_1994")], ("head_stiffness",)))
    assert [one.shared for one in found] == [{"mesh": False, "stiffness": False}, {"mesh": True, "stiffness": False}]
    assert found[0].measures != found[1].measures


def test_where_a_group_cannot_be_solved_each_is_tried_alone(scenario, monkeypatch):
    true = computing.solved_pair

    def picky(asked, **more):
        if "loading" in more or asked.subject.body_mass_kg == 100:
            raise ConvergenceError("no")
        return true(asked, **more)

    monkeypatch.setattr(computing, "solved_pair", picky)
    found = list(compute([scenario(*sets) for sets in CASES[:3]], ("head_stiffness",)))
    assert [one.place for one in found] == [0, 1, 2]
    assert [one.error is None for one in found] == [True, False, True]


def test_analyses_beyond_linear_statics_add_their_measures(scenario):
    fall = scenario(
        "implant.kind=intact", "load.activity=fall_sideways", "analysis.kind=impact", "analysis.duration_ms=3"
    )
    (one,) = compute([fall], ("head_stiffness",))
    assert one.error is None
    assert "impact_peak_force" in {row["name"] for row in one.measures}
