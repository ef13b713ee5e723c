"""Amounts of a day or a week become load cycles of one leg."""

import pytest

from femsim.errors import ScenarioError
from femsim.loads import ACTIVITIES, ROUTINES
from femsim.loads.routine import routine_of
from femsim.loads.subject import Subject
from femsim.loads.walking import Walking


def test_every_activity_that_is_counted_has_a_routine():
    uncounted = {"fall_sideways", "fall_backwards", "bench_iso7206", "wear_iso14242", "axial_compression"}
    assert set(ROUTINES) == set(ACTIVITIES) - uncounted


def test_two_steps_are_one_cycle_of_a_leg():
    assert ROUTINES["walking"](times_per_day=10_000.0).cycles_per_day() == pytest.approx(5000)
    assert ROUTINES["standing_up"](times_per_day=50.0).cycles_per_day() == pytest.approx(50)


def test_kilometres_become_cycles_by_speed_and_duration():
    cycles = ROUTINES["walking"](km_per_day=4.0).cycles_per_day()
    assert cycles == pytest.approx(3600 / 1.10)  # one hour at 4 km/h, a cycle each 1.10 s
    assert ROUTINES["running"](km_per_week=7.0, speed_km_per_h=12.0).cycles_per_day() == pytest.approx(
        300 / (0.275 / 0.35)
    )


def test_a_week_has_seven_days_and_amounts_add_up():
    both = ROUTINES["walking"](times_per_day=2000.0, times_per_week=7000.0, km_per_day=4.0, km_per_week=7.0)
    assert both.cycles_per_day() == pytest.approx(1000 + 500 + 5 * 3600 / 4 / 1.10)


def test_a_routine_is_its_activity_and_keeps_its_keys():
    made = ROUTINES["walking"](times_per_day=1.0, speed="fast")
    assert isinstance(made, Walking)
    plain = Walking(speed="fast").history(Subject())
    assert (made.history(Subject()).forces == plain.forces).all()


def test_an_activity_whose_peak_must_be_given_still_asks_for_it():
    with pytest.raises(TypeError, match="peak_percent_bw"):
        ROUTINES["incline_up"](times_per_day=10.0)


@pytest.mark.parametrize("name", sorted(set(ROUTINES) - {"recorded"}))
def test_without_an_amount_it_is_refused(name):
    given = {"peak_percent_bw": 300.0} if name in ("incline_up", "incline_down", "jump_landing") else {}
    with pytest.raises(ScenarioError, match="times_per_day, times_per_week, km_per_day, km_per_week are all 0"):
        ROUTINES[name](**given)


def test_kilometres_of_what_covers_no_way_are_refused():
    with pytest.raises(ScenarioError, match="Kilometres do not count chair rises"):
        ROUTINES["standing_up"](times_per_day=10.0, km_per_week=3.0)


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_is_none_is_refused(amount):
    with pytest.raises(ScenarioError, match="times_per_day"):
        ROUTINES["walking"](times_per_day=amount)


def test_a_fall_is_no_routine():
    with pytest.raises(TypeError, match="daily"):
        routine_of(ACTIVITIES["fall_sideways"])
