"""What every support promises."""

import numpy as np
import pytest

from femsim.analyses.linear_static import LinearStatic
from femsim.analyses.settling import balanced
from femsim.fem.constraints import rigid_body_modes
from femsim.supports import SUPPORTS
from tests.unit.supports.conftest import body_of, model_of

NEEDED = {"rig": {"potting_depth_mm": 20.0}}


@pytest.fixture(params=sorted(SUPPORTS), scope="module")
def held(request):
    """A support and the upright bar that it holds."""
    support = SUPPORTS[request.param](**NEEDED.get(request.param, {}))
    return support, support.hold(body_of(2))


def test_it_says_how_it_holds(held):
    assert held[1].words.endswith(".")


def test_no_rigid_motion_is_free(held):
    holding = held[1]
    modes = rigid_body_modes(body_of(2).mesh.nodes).reshape(-1, 3, 6)
    assert np.linalg.matrix_rank(modes[holding.held], tol=1e-3) == 6


def test_reactions_balance_the_loads(held):
    # LinearStatic refuses what they miss by more than 1e-8 of the load.
    outcome = LinearStatic().run(model_of(body_of(2), held[1]), n_kept=0)
    assert max(outcome.checks.force_balance, outcome.checks.moment_balance) < 1e-8
    assert outcome.checks.energy_balance < 1e-6


def test_where_reactions_balance_nothing_else_is_held(held):
    holding, body = held[1], body_of(2)
    if holding.reactions is None:
        return
    assert holding.held.sum() == 6
    model = model_of(body, holding)
    loads = balanced(body.mesh, holding.reactions, model.load_basis)
    arms = np.cross(body.mesh.nodes, loads).sum(axis=1)
    assert np.abs(loads.sum(axis=1)).max() < 1e-9 * np.abs(loads).sum()
    assert np.abs(arms).max() < 1e-9 * np.abs(np.cross(body.mesh.nodes, model.load_basis)).sum()


def test_reactions_do_no_work(held):
    holding = held[1]
    if holding.reactions is None:
        return
    outcome = LinearStatic().run(model_of(body_of(2), holding), n_kept=0)
    u = outcome.displacement_basis
    work = np.einsum("jnk,bnk->bj", holding.reactions, u)
    size = np.abs(holding.reactions).sum(axis=(1, 2)) * np.abs(u).max()
    assert (np.abs(work) < 1e-10 * size).all()


def test_the_laboratory_is_a_rotation(held):
    turn = held[0].from_lab
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)
