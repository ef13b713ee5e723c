"""The search for the speed that just breaks."""

import pytest

from femsim.analyses.impact_search import breaking_factor
from femsim.errors import ConvergenceError


@pytest.mark.parametrize("power", [0.8, 1.0, 1.5])
@pytest.mark.parametrize("at_one", [0.2, 0.95, 3.0])
def test_the_speed_is_found_in_few_runs(power, at_one):
    found = breaking_factor(lambda factor: at_one * factor**power)
    assert at_one * found.factor**power == pytest.approx(1.0, rel=0.02)
    assert len(found.tried) <= 6


def test_a_sudden_break_is_bracketed():
    found = breaking_factor(lambda factor: 0.6 * factor if factor < 1.3 else 5.0)
    assert found.factor == pytest.approx(1.3, rel=0.03)


def test_the_drop_height_grows_with_the_square_of_the_speed():
    found = breaking_factor(lambda factor: 0.5 * factor)
    assert found.height(100.0) == pytest.approx(400.0, rel=0.03)


def test_what_never_breaks_is_named():
    with pytest.raises(ConvergenceError, match="was not found"):
        breaking_factor(lambda factor: 1e-6)
