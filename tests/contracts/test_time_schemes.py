"""What every time scheme promises, on one oscillator."""

import numpy as np
import pytest

from femsim.solvers.time import TIME_SCHEMES
from femsim.verification.moving import Oscillator


@pytest.fixture(params=TIME_SCHEMES, ids=str)
def scheme(request):
    return TIME_SCHEMES[request.param]()


def test_it_is_of_second_order(scheme):
    one, exact = Oscillator(damping=0.0, force=1.0), 1 - np.cos(2.0)
    errors = [abs(one.followed(scheme, 2.0 / n, n, place=0.0)[-1].place[0] - exact) for n in (100, 200)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.05)


def test_energy_neither_grows_nor_vanishes_at_frequencies_that_the_step_resolves(scheme):
    motions = Oscillator().followed(scheme, 0.1, 630)  # ten periods
    energy = np.array([one.speed[0] ** 2 + one.place[0] ** 2 for one in motions])
    assert energy.max() < 1.01  # central differences' own energy differs by (ω h)²/4
    assert energy[-60:].mean() > 0.95


def test_a_damper_takes_what_it_takes_in_truth(scheme):
    motions = Oscillator(damping=0.1).followed(scheme, 0.02, 1000)
    energy = motions[-1].speed[0] ** 2 + motions[-1].place[0] ** 2
    assert energy == pytest.approx(np.exp(-0.1 * 20.0), rel=0.06)  # the energy of a damped swing ripples by its ratio


def test_what_nothing_pushes_flies_straight_on(scheme):
    free = Oscillator(stiffness=1e-300)
    motions = free.followed(scheme, 0.1, 50, place=1.0, speed=2.0)
    assert motions[-1].place[0] == pytest.approx(1.0 + 2.0 * 5.0, rel=1e-12)
