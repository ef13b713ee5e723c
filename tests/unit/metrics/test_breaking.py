"""What just breaks a femur, as measures."""

import pytest

from femsim.metrics.breaking import SOUGHT, Limit, Tried, limit_measures
from femsim.results.selection import OF_IMPACT

FIRST = Tried(1.0, 0.5, 4000.0, "neck")


def limit(sought="speed", factor=2.0, given=3.0):
    return Limit(sought, given, factor, "the largest risk factor", (FIRST,), "" if factor else "never")


def test_operated_is_set_against_intact():
    found = limit_measures({"operated": limit(factor=1.5), "intact": limit()})
    assert [(m.model, m.value, m.unit) for m in found] == [
        ("operated", 4.5, "m/s"),
        ("intact", 6.0, "m/s"),
        ("change", pytest.approx(-25.0), "%"),
    ]


def test_one_femur_alone_stands_for_both():
    assert [m.value for m in limit_measures({"intact": limit()})] == [6.0, 6.0, 0.0]


def test_a_drop_height_grows_with_the_square_of_its_speed():
    assert limit("drop height", 2.0, 100.0).value == 400.0 and limit("push", 2.0, 100.0).value == 200.0


def test_what_was_not_found_is_no_measure():
    assert [m.model for m in limit_measures({"operated": limit(factor=None), "intact": limit()})] == ["intact"]
    assert limit_measures({}) == ()


def test_measures_have_the_names_that_are_told_apart():
    assert {name for name, *_ in SOUGHT.values()} <= set(OF_IMPACT)
