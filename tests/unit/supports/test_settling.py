"""A body that reactions balance strains as it must, wherever it is kept in place."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.linear_static import LinearStatic
from femsim.analyses.settling import balanced, reaction_sizes, settled
from femsim.analyses.static import solve_static
from femsim.errors import ModelError
from femsim.fem.constraints import rigid_body_modes
from femsim.fem.forces import surface_traction
from femsim.supports.balanced import Balanced
from femsim.supports.distal_fixed import DistalFixed
from femsim.supports.physiological import Physiological
from femsim.supports.rig import Rig
from femsim.supports.three_nodes import held_at
from tests.unit.supports.conftest import (
    EPICONDYLE,
    KNEE,
    LENGTH,
    WIDTH,
    YOUNGS_MODULUS,
    body_of,
    model_of,
)

TIGHT = LinearStatic(relative_tolerance=1e-12)


def test_a_bar_pulled_by_one_end_stretches_as_its_inertia_has_it():
    body = body_of(2)
    area, force = WIDTH**2, 1000.0
    # A traction over the end, so that sections stay plane (Poisson's ratio is 0): N = F (1 + z/L), z from 0 to -L.
    loads = surface_traction(body.mesh, body.mesh.surface("bearing"), np.array([0.0, 0.0, force / area]))
    outcome = TIGHT.run(model_of(body, Balanced().hold(body), loads[None]), n_kept=0)
    z = body.mesh.nodes[:, 2]
    # E A u' = N; no motion in the mean. Quadratic elements have this displacement exactly.
    exact = force / (YOUNGS_MODULUS * area) * (z + z**2 / (2 * LENGTH) + LENGTH / 3)
    u = outcome.displacement_basis[0]
    assert u[:, 2] == pytest.approx(exact, abs=1e-9 * np.ptp(exact))
    assert np.ptp(u[:, 2]) == pytest.approx(force * LENGTH / (2 * YOUNGS_MODULUS * area), rel=1e-9)
    assert np.abs(u[:, :2]).max() < 1e-9 * np.ptp(exact)


def test_a_free_bar_bent_by_equal_moments_takes_the_closed_form():
    body = body_of(2)
    mesh, slope = body.mesh, 3.0  # MPa/mm: stress across the section
    loads = np.zeros((mesh.n_nodes, 3))
    for surface, sign in (("bearing", 1.0), ("distal", -1.0)):
        faces = mesh.surface(surface)
        traction = np.zeros((*faces.shape, 3))
        traction[..., 2] = sign * slope * mesh.nodes[faces, 0]
        loads += surface_traction(mesh, faces, traction)
    outcome = TIGHT.run(model_of(body, Balanced().hold(body), loads[None]), n_kept=0)
    x, _, z = mesh.nodes.T
    # ε_zz = s x / E, no other strain: u_z = s x (z + L/2) / E, u_x = -s (z + L/2)² / 2E, less its mean.
    along = z + LENGTH / 2
    exact = slope / YOUNGS_MODULUS * np.stack([LENGTH**2 / 24 - along**2 / 2, 0 * x, x * along], axis=1)
    assert outcome.displacement_basis[0] == pytest.approx(exact, abs=1e-9 * np.abs(exact).max())


@pytest.mark.parametrize("support", [Balanced(), Physiological()], ids=["balanced", "physiological"])
def test_results_do_not_depend_on_the_three_nodes(support):
    body = body_of(2)
    holding = support.hold(body)
    corners = np.unique(body.mesh.elements[:, :4])
    points = body.mesh.nodes[corners]
    others = corners[[np.argmin(points @ w) for w in ([1.0, 0.2, 3.0], [-1.0, 0.3, 0.1], [0.3, -1.0, -1.0])]]
    moved = replace(holding, held=held_at(body.mesh.nodes, others))
    assert not np.array_equal(moved.held, holding.held)
    one, two = (TIGHT.run(model_of(body, h), n_kept=0) for h in (holding, moved))
    u, v = one.displacement_basis, two.displacement_basis
    assert v == pytest.approx(u, abs=1e-8 * np.abs(u).max())
    strains = [outcome.strain(0) for outcome in (one, two)]
    assert strains[1] == pytest.approx(strains[0], abs=1e-8 * np.abs(strains[0]).max())


def test_reactions_of_knee_and_hip_are_those_of_hand_statics():
    body = body_of(2)
    holding = Physiological().hold(body)
    model = model_of(body, holding)
    load = model.load_basis.sum(axis=0)
    r = reaction_sizes(body.mesh, holding.reactions, load[None])[0]
    up = -KNEE / np.linalg.norm(KNEE)
    lateral = np.array([1.0, 0.0, 0.0]) - up[0] * up
    lateral /= np.linalg.norm(lateral)
    anterior = np.cross(up, lateral)
    total, moment = load.sum(axis=0), np.cross(body.mesh.nodes - KNEE, load).sum(axis=0)
    # About the hip–knee line only the epicondyle has an arm.
    turning = -(moment @ up) / (np.cross(EPICONDYLE - KNEE, anterior) @ up)
    assert r[5] == pytest.approx(turning, rel=1e-9)
    # About the knee across that line, head and epicondyle; then forces.
    rest = moment + np.cross(EPICONDYLE - KNEE, turning * anterior)
    height = np.linalg.norm(KNEE)
    assert r[3] == pytest.approx(-(rest @ anterior) / height, rel=1e-9)
    assert r[4] == pytest.approx(rest @ lateral / height, rel=1e-9)
    knee = -total - r[3] * lateral - (r[4] + r[5]) * anterior
    assert r[:3] == pytest.approx(knee @ np.array([lateral, anterior, up]).T, rel=1e-9)


def test_the_six_reactions_act_at_knee_head_and_epicondyle():
    body = body_of(2)
    for pattern, point in zip(Physiological().hold(body).reactions, [KNEE] * 3 + [np.zeros(3)] * 2 + [EPICONDYLE]):
        assert np.linalg.norm(pattern.sum(axis=0)) == pytest.approx(1.0, rel=1e-9)
        assert np.abs(np.cross(body.mesh.nodes - point, pattern).sum(axis=0)).max() < 1e-8 * np.linalg.norm(KNEE)


def test_a_clamped_bar_is_solved_as_it_was():
    body = body_of(2)
    model = model_of(body, DistalFixed().hold(body))
    outcome = LinearStatic().run(model, n_kept=0)
    nodes = np.unique(body.mesh.surface("distal"))
    before = solve_static(body.mesh, model.elasticity, nodes, model.load_basis, rtol=LinearStatic().relative_tolerance)
    assert np.array_equal(outcome.displacement_basis, before.displacements)


def test_a_deeper_pot_is_stiffer():
    body = body_of(2)
    moved = [
        np.abs(LinearStatic().run(model_of(body, Rig(depth).hold(body)), n_kept=0).displacement_basis).max()
        for depth in (0.0, 20.0, 40.0)
    ]
    assert moved[0] > 1.2 * moved[1] > 1.2**2 * moved[2]


def test_a_pot_does_not_reach_the_lesser_trochanter():
    with pytest.raises(ModelError, match="reaches the lesser trochanter, 70 mm"):
        Rig(70.0).hold(body_of(1))


def test_an_adducted_femur_is_pressed_laterally_and_a_flexed_one_forward():
    down = np.array([0.0, 0.0, -1.0])
    assert Rig(10.0, adduction_deg=12.0).from_lab @ down == pytest.approx(
        [np.sin(np.radians(12)), 0.0, -np.cos(np.radians(12))]
    )
    assert (Rig(10.0, flexion_deg=12.0).from_lab @ down)[1] == pytest.approx(-np.sin(np.radians(12)))


def test_what_is_held_needs_no_reactions():
    body = body_of(1)
    model = model_of(body, DistalFixed().hold(body))
    assert balanced(body.mesh, None, model.load_basis) is model.load_basis
    assert settled(body.mesh, None, model.load_basis) is model.load_basis


def test_reactions_that_cannot_balance_are_refused():
    body = body_of(1)
    twice = Balanced().hold(body).reactions.copy()
    twice[5] = twice[4]
    with pytest.raises(ModelError, match="cannot balance every load"):
        reaction_sizes(body.mesh, twice, np.ones((1, body.mesh.n_nodes, 3)))


def test_settling_moves_a_body_as_rigid():
    body = body_of(1)
    u = np.random.default_rng(1).normal(size=(2, body.mesh.n_nodes, 3))
    motion = (settled(body.mesh, Balanced().hold(body).reactions, u) - u).reshape(2, -1).T
    modes = rigid_body_modes(body.mesh.nodes)
    assert modes @ np.linalg.lstsq(modes, motion, rcond=None)[0] == pytest.approx(motion, abs=1e-12)
