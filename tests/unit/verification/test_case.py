"""Checks: what counts as an error, and what as passed."""

import pytest

from femsim.verification.case import Case, Check, furthest, worst_of


def test_an_error_is_relative_unless_absolute():
    assert Check("stress", "MPa", -5.0, -5.1, 0.02).error == pytest.approx(0.02)
    assert Check("order", "-", 2.0, 1.9, 0.15, absolute=True).error == pytest.approx(0.1)


def test_an_error_relative_to_nothing_is_refused():
    with pytest.raises(ValueError, match="make the check absolute"):
        Check("reaction", "N", 0.0, 1e-12, 1e-9)


@pytest.mark.parametrize("computed", [float("nan"), float("inf")])
def test_what_is_not_a_number_fails_its_check(computed):
    assert not Check("order", "-", 2, computed, 0.3).passed


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="published, closed form, independent code"):
        Case("title", "source", "hearsay", True, list)


def test_the_furthest_value_is_found_on_either_side():
    assert furthest([[1.0, 2.4], [1.5, 2.1]], 2.0) == 1.0
    assert furthest([2.0, float("nan")], 2.0) != furthest([2.0], 2.0)


def test_of_several_runs_the_worst_check_of_each_quantity_is_kept():
    good, bad, broken = (Check("stress", "MPa", 1.0, value, 0.1) for value in (1.0, 1.2, float("nan")))
    assert worst_of([good, bad], [bad, good]) == [bad, bad]
    assert worst_of([good], [broken], [bad]) == [broken]
