"""Every history is a combination of loads of one newton."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.loads.application import load_basis
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.poles import usual_poles
from femsim.loads.traction import USUAL_APPLICATION, head_pressure
from femsim.loads.units import Unit, nodal_units, parts_of, unit_history

SITES = {"greater_trochanter": 24.0 * np.array([0.96, 0.0, 0.28]), "vastus_lateralis": 24.0 * np.array([0.8, 0.6, 0.0])}
POLES = usual_poles()


def _turning(n: int = 40) -> LoadHistory:
    """A hip force that wanders over 50 degrees, and two muscles that pull at one site and one elsewhere."""
    u = np.linspace(0, 1, n)
    hip = np.stack([300 * np.sin(6 * u), -900 * u, -1500 - 500 * np.cos(9 * u)], axis=1)
    pulls = [np.stack([100 * u, 20 + 0 * u, 700 * np.sin(3 * u)], axis=1) * scale for scale in (1.0, -0.2, 0.5)]
    sites = ("head", "greater_trochanter", "greater_trochanter", "vastus_lateralis")
    return LoadHistory(
        ("hip", "a", "b", "c"), sites, np.stack([hip, *pulls], axis=1), np.arange(n), "s", float(n), False
    )


def _resultants(basis, factors, mesh):
    nodal = np.tensordot(factors, basis, axes=1)
    return nodal.sum(axis=1), np.cross(mesh.nodes, nodal).sum(axis=1)


@pytest.mark.parametrize("merged", [True, False])
def test_force_and_moment_of_every_frame_are_the_intended_ones(ball, merged):
    history = _turning()
    basis, (factors,) = load_basis([history], ball, SITES, merged=merged)
    force, moment = _resultants(basis, factors, ball)
    arms = np.array([SITES.get(site, np.zeros(3)) for site in history.sites])
    intended = history.forces.sum(axis=1), np.cross(arms, history.forces).sum(axis=1)
    assert np.abs(force - intended[0]).max() < 1e-10 * np.abs(intended[0]).max()
    assert np.abs(moment - intended[1]).max() < 1e-10 * np.abs(intended[1]).max()


def test_merged_or_not_the_loads_of_a_frame_are_the_same(ball):
    history = _turning()
    both = [load_basis([history], ball, SITES, merged=merged) for merged in (True, False)]
    (one, (f,)), (other, (g,)) = both
    assert np.tensordot(f, one, axes=1) == pytest.approx(np.tensordot(g, other, axes=1), abs=1e-9)


def test_forces_in_phase_merge_into_one_load_and_several_histories_share_their_loads(ball):
    history = _turning(6)
    still = replace(history, forces=np.linspace(0, 1, 6)[:, None, None] * history.forces[3])
    basis, _ = load_basis([still], ball, SITES)
    assert len(basis) == 1
    basis, (first, second) = load_basis([still, replace(still, forces=2 * still.forces)], ball, SITES)
    assert len(basis) == 1 and second == pytest.approx(2 * first)


def test_the_pressure_of_any_direction_presses_only_and_its_middle_moves_with_the_force(ball):
    force = np.array([0.35, -0.3, -0.9])
    history = LoadHistory(("hip",), (HEAD,), force[None, None], np.zeros(1), "s", 1.0, False)
    basis, (factors,) = load_basis([history], ball, {})
    nodal = np.tensordot(factors[0], basis, axes=1)
    inward = -np.einsum("ni,ni->n", nodal, ball.nodes)
    middle = (np.abs(inward)[:, None] * ball.nodes).sum(axis=0)
    angle = np.degrees(np.arccos(-middle @ force / np.linalg.norm(middle) / np.linalg.norm(force)))
    assert angle < 2.0  # uneven faces of 3 mm on a head of 24 mm, as for a single pole
    # Quadratic faces have corner forces of either sign; what the whole face carries presses.
    assert inward.sum() > 0
    exact = head_pressure(ball, force, half_angle_deg=60.0) * np.linalg.norm(force)
    virial = [np.einsum("ni,ni->", one, ball.nodes) for one in (nodal, exact)]
    assert virial[0] == pytest.approx(virial[1], rel=0.03)  # spread a little wider than one pole's pressure


def test_the_history_of_units_is_made_of_each_alone():
    units = (Unit("greater_trochanter", 0), Unit(HEAD, 0), Unit(HEAD, 17), Unit("vastus_lateralis", 2))
    found, (parts,) = parts_of([unit_history(units, POLES)], POLES)
    assert found == tuple(sorted(units))
    assert parts[:, [found.index(unit) for unit in units]] == pytest.approx(np.eye(4), abs=1e-12)


def test_a_unit_without_its_site_is_refused_by_name(ball):
    with pytest.raises(ModelError, match="vastus_medialis"):
        nodal_units([Unit("vastus_medialis", 0)], ball, SITES, USUAL_APPLICATION, poles=POLES, head_centre=np.zeros(3))
