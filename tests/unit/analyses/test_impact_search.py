"""The search for the impact that just breaks."""

import itertools

import pytest

from femsim.analyses.impact_search import Unbroken, breaking_factor
from femsim.errors import ConvergenceError


@pytest.mark.parametrize("power", [0.8, 1.0, 1.5])
@pytest.mark.parametrize("at_one", [0.2, 0.95, 3.0])
def test_it_is_found_in_few_runs(power, at_one):
    found = breaking_factor(lambda factor: at_one * factor**power)
    assert at_one * found.factor**power == pytest.approx(1.0, rel=0.02)
    assert len(found.tried) <= 6


def test_a_sudden_break_is_bracketed():
    found = breaking_factor(lambda factor: 0.6 * factor if factor < 1.3 else 5.0)
    assert found.factor == pytest.approx(1.3, rel=0.03)


@pytest.mark.parametrize("at", [0.31, 1.3, 2.9])
def test_where_nothing_is_told_but_broken_or_not_the_bracket_is_halved(at):
    found = breaking_factor(lambda factor: 0.0 if factor < at else 40.0, reach=1.5)
    assert found.factor == pytest.approx(at, rel=0.03)
    assert len(found.tried) <= 9
    steps = sorted(factor for factor, _ in found.tried)
    assert max(after / before for before, after in itertools.pairwise(steps)) <= 1.5 * (1 + 1e-9)


def test_the_run_at_the_speed_given_is_not_repeated():
    asked = []
    breaking_factor(lambda factor: asked.append(factor) or factor / 2, first=0.5)
    assert asked == [2.0]


@pytest.mark.parametrize(
    ("severity", "why"),
    [
        (lambda factor: 1e-6, "does not break at 10 times"),
        (lambda factor: 5.0, "breaks even at 0.02 times"),
    ],
)
def test_what_is_not_found_is_named_with_all_that_was_tried(severity, why):
    with pytest.raises(Unbroken, match="was not found") as caught:
        breaking_factor(severity)
    assert why in str(caught.value) and isinstance(caught.value, ConvergenceError)
    assert caught.value.tried[0][0] == 1.0
