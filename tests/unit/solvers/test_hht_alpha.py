"""The implicit scheme where Newton's first direction is no good."""

from types import SimpleNamespace

import numpy as np

from femsim.solvers.time import HHTAlpha
from femsim.solvers.time.motion import started
from femsim.verification.moving import Oscillator


class Misled(Oscillator):
    """Its first linear solution leads away from where it should."""

    def evaluate(self, place, speed, time):
        return SimpleNamespace(net=super().evaluate(place, speed, time).net, at=np.array(place))

    def solve(self, right, *given, stable=False):
        self.__dict__["asked"] = self.__dict__.get("asked", 0) + 1
        return (-1 if self.asked == 1 else 1) * super().solve(right, *given)


def test_the_forces_of_a_motion_are_those_at_its_place_whatever_was_tried():
    problem = Misled()
    after, iterations = HHTAlpha().step(problem, started(problem, np.ones(1), np.zeros(1)), 0.1, 1e-12)
    assert iterations > 1
    assert after.forces.at == after.place


def test_a_good_guess_needs_no_iteration():
    problem = Oscillator()
    first = started(problem, np.ones(1), np.zeros(1))
    after, _ = HHTAlpha().step(problem, first, 0.1, 1e-12)
    again, iterations = HHTAlpha().step(problem, first, 0.1, 1e-9, after.acceleration)
    assert iterations == 0 and np.allclose(again.place, after.place, atol=1e-9)
