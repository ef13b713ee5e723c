"""The load vectors that span an activity."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.loads.application import load_basis
from femsim.loads.history import LoadHistory
from femsim.loads.subject import Subject
from femsim.loads.walking import Walking

SITES = {"greater_trochanter": 24.0 * np.array([0.96, 0.0, 0.28]), "vastus_lateralis": 24.0 * np.array([0.8, 0.6, 0.0])}


def _turning() -> LoadHistory:
    """Hip force that turns over three frames, a muscle that follows its own course."""
    hip = np.array([(100.0, 0, -800), (0, 50, -900), (200, 0, -1600)])
    muscle = np.array([(0.0, 0, 10), (0, 0, 30), (0, 0, 0)])
    forces = np.stack([hip, muscle], axis=1)
    return LoadHistory(("hip", "pull"), ("head", "greater_trochanter"), forces, [0, 50, 100], "s", 1.0, False)


def test_walking_in_phase_is_one_load(ball):
    history = Walking().history(Subject())
    basis, (factors,) = load_basis([history], ball, SITES)
    assert basis.shape == (1, ball.n_nodes, 3)
    assert factors.max() == 1.0 and factors[history.peak, 0] == 1.0


@pytest.mark.parametrize("history", [Walking().history(Subject()), _turning()], ids=["walking", "turning"])
def test_every_frame_carries_the_forces_of_the_history(ball, history):
    basis, (factors,) = load_basis([history], ball, SITES)
    resultant = np.tensordot(factors, basis.sum(axis=1), axes=1)
    largest = np.abs(history.forces).sum(axis=1).max()
    assert np.abs(resultant - history.forces.sum(axis=1)).max() < 1e-12 * largest


def test_forces_that_do_not_follow_each_other_stay_apart(ball):
    basis, _ = load_basis([_turning()], ball, SITES)
    assert len(basis) == 3  # hip in two directions (frame 3 is twice frame 1), and the muscle


def test_a_muscle_acts_where_it_is_attached(ball):
    history = _turning()
    basis, (factors,) = load_basis([history], ball, SITES)
    frame = 1
    nodal = np.tensordot(factors[frame], basis, axes=1)
    moment = np.cross(ball.nodes, nodal).sum(axis=0)  # the hip force has none about the head centre
    assert moment == pytest.approx(np.cross(SITES["greater_trochanter"], history.forces[frame, 1]), abs=1e-8)


def test_an_unknown_site_is_refused(ball):
    with pytest.raises(ModelError, match="greater_trochanter"):
        load_basis([_turning()], ball, {"vastus_lateralis": SITES["vastus_lateralis"]})


def test_an_activity_without_force_is_refused(ball):
    history = LoadHistory(("hip",), ("head",), np.zeros((2, 1, 3)), [0, 1], "s", 1.0, False)
    with pytest.raises(ModelError, match="No force acts"):
        load_basis([history], ball, SITES)
