"""The direction of the largest stress over an activity."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.outcome import Checks, Outcome
from femsim.analyses.stress_directions import stress_directions
from tests.small_model import small_model

UP = np.array([0.0, 0.0, 1.0])


def outcome_of(gradients, factors):
    """The crooked bar under displacements u = gradient · x, one for each load of its basis."""
    model = small_model()
    model = replace(model, youngs_modulus=np.full(model.density.shape, 1000.0), load_factors=np.array(factors))
    moved = np.stack([model.mesh.nodes @ np.asarray(gradient, float).T for gradient in gradients])
    return Outcome(model, moved, model.mesh.n_elements, Checks(0, 0, 0, 0), "by hand")


def uniaxial(direction, strain):
    """Gradient of a bar of ν = 1/3 pulled along a direction."""
    along = np.outer(direction, direction)
    return strain * (along - (np.eye(3) - along) / 3)


OFF = np.array([0.6, 0.0, 0.8])
NOTHING = np.zeros((3, 3))


@pytest.mark.parametrize("strain", [1e-3, -1e-3])
def test_pull_and_push_give_the_direction_they_act_in(strain):
    axes = stress_directions(outcome_of((uniaxial(OFF, strain), NOTHING), np.ones((3, 2))), UP)
    assert np.abs(axes[..., 0, :] @ OFF) == pytest.approx(1.0, abs=1e-9)
    assert np.abs(axes @ np.swapaxes(axes, -1, -2) - np.eye(3)).max() < 1e-12


def test_the_larger_of_two_loads_decides_whenever_it_comes():
    across = np.array([0.8, 0.0, -0.6])
    for factors in ([[1, 0], [0, 1.2], [0, 0]], [[0, 1.2], [0, 0], [1, 0]], [[-1, 0], [0, -1.2], [0, 0]]):
        axes = stress_directions(outcome_of((uniaxial(OFF, 1e-3), uniaxial(across, 1e-3)), factors), UP)
        assert np.abs(axes[..., 0, :] @ across) == pytest.approx(1.0, abs=1e-7)
        assert np.abs(axes[..., 1, :] @ OFF) == pytest.approx(1.0, abs=1e-7)


def test_many_small_loads_count_for_the_sum_of_their_squares():
    across = np.array([0.8, 0.0, -0.6])
    for often, first in ((1, across), (3, OFF)):
        factors = [[0.8, 0]] * often + [[0, 1.0]] + [[0, 0]] * (5 - often)
        model = outcome_of((uniaxial(OFF, 1e-3), uniaxial(across, 1e-3)), np.ones((3, 2)))
        history = replace(
            model.model.history, forces=np.tile(model.model.history.forces[:1], (6, 1, 1)), instants=np.arange(6.0)
        )
        model = replace(model, model=replace(model.model, history=history, load_factors=np.array(factors)))
        axes = stress_directions(model, UP)
        assert np.abs(axes[..., 0, :] @ first) == pytest.approx(1.0, abs=1e-7)


@pytest.mark.parametrize("gradient", [NOTHING, 1e-3 * np.eye(3)])
def test_where_no_direction_is_stressed_more_the_shaft_comes_first(gradient):
    axes = stress_directions(outcome_of((gradient, NOTHING), np.ones((3, 2))), UP)
    assert np.abs(axes[..., 0, :] @ UP) == pytest.approx(1.0, abs=1e-5)
