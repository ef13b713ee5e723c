"""What every distribution of a sweep keeps to, and that each has the moments of its textbook."""

import math

import numpy as np
import pytest
from scipy import stats

from femsim.sweep.distributions import DISTRIBUTIONS
from femsim.sweep.distributions.choice import Choice
from femsim.sweep.distributions.lognormal import Lognormal
from femsim.sweep.distributions.normal import Normal
from femsim.sweep.distributions.triangular import Triangular
from femsim.sweep.distributions.truncated_normal import TruncatedNormal
from femsim.sweep.distributions.uniform import Uniform

MIDDLES = (np.arange(200_000) + 0.5) / 200_000  # quantiles: the mean over them is the mean, to the tails' share

EXAMPLES = {
    "uniform": (Uniform(2.0, 5.0), stats.uniform(2, 3)),
    "normal": (Normal(75.0, 12.0), stats.norm(75, 12)),
    "truncated_normal": (TruncatedNormal(75.0, 12.0, 60.0, 120.0), stats.truncnorm(-1.25, 3.75, 75, 12)),
    "lognormal": (Lognormal(10.0, 1.5), stats.lognorm(math.log(1.5), scale=10)),
    "triangular": (Triangular(0.5, 1.0, 3.0), stats.triang(0.2, 0.5, 2.5)),
    "choice": (Choice((1.0, 2.0, 1.0)), stats.rv_discrete(values=((0, 1, 2), (0.25, 0.5, 0.25)))),
}


def test_every_distribution_has_an_example():
    assert set(EXAMPLES) == set(DISTRIBUTIONS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_moments_are_those_of_the_textbook(name):
    ours, known = EXAMPLES[name]
    drawn = ours.ppf(MIDDLES)
    # The middles leave out the outermost 1 / 400 000 of a tail.
    assert np.mean(drawn) == pytest.approx(known.mean(), rel=1e-4)
    assert np.std(drawn) == pytest.approx(known.std(), rel=1e-3)


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_rise_with_their_quantile(name):
    assert np.all(np.diff(EXAMPLES[name][0].ppf(MIDDLES)) >= 0)


def test_a_cut_lognormal_stays_within_its_limits():
    drawn = Lognormal(10.0, 1.5, 5.0, 12.0).ppf(MIDDLES)
    assert 5.0 <= drawn.min() and drawn.max() <= 12.0
    assert drawn[0] == pytest.approx(5.0, rel=1e-4) and drawn[-1] == pytest.approx(12.0, rel=1e-4)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Uniform(2.0, 2.0),
        lambda: Normal(1.0, 0.0),
        lambda: TruncatedNormal(0.0, 1.0, 3.0, 2.0),
        lambda: TruncatedNormal(0.0, 1.0, 30.0, 31.0),
        lambda: Lognormal(0.0, 1.5),
        lambda: Lognormal(1.0, 1.0),
        lambda: Lognormal(1.0, 1.1, 50.0, 60.0),
        lambda: Triangular(1.0, 3.0, 2.0),
        lambda: Choice((0.0, 0.0)),
    ],
)
def test_what_spreads_nothing_is_refused(make):
    with pytest.raises(ValueError):
        make()
