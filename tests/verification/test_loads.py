"""Loads over time: every frame from few solves, forces in balance, muscles, and what was measured in bodies."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses import ANALYSES
from femsim.analyses.settling import reaction_sizes
from femsim.analyses.static import solve_static
from femsim.build import build
from femsim.loads import ACTIVITIES
from femsim.loads.subject import Subject
from femsim.scenario.reading import load

SCENARIO = """
schema = 1
[femur]
kind = "parametric"
[subject]
[implant]
kind = "resurfacing_cap"
[load]
activity = "walking"
frames = 5
[mesh]
size_mm = 9
order = 1
"""
RUNNING = {"routine.stairs_up.times_per_day": 60, "routine.stairs_up.frames": 3, "routine.stumble.times_per_week": 1}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("loads") / "s.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return lambda *sets: load(path, sets)


@pytest.fixture(scope="module")
def week(scenario):
    """Walking, stairs and stumbling on one model; the hip force of two of them differs in direction."""
    return build(scenario(*(f"{key}={value}" for key, value in RUNNING.items())))


def test_every_frame_of_every_activity_is_as_if_solved_alone(week):
    model = week.operated
    outcome = replace(ANALYSES["linear_static"](), relative_tolerance=1e-13).run(model, n_kept=week.twin.n_kept)
    assert len(model.cases) == 3 and len(model.load_basis) < sum(len(case.factors) for case in model.cases)
    for case in model.cases:
        frame = case.history.peak
        loads = np.tensordot(case.factors[frame], model.load_basis, axes=1)
        alone = solve_static(model.mesh, model.elasticity, model.held, loads, springs=model.springs, rtol=1e-13)
        combined = np.tensordot(case.factors[frame], outcome.displacement_basis, axes=1)
        assert np.abs(combined - alone.displacements[0]).max() < 1e-8 * np.abs(combined).max()


def test_the_nodal_loads_of_every_frame_have_the_forces_and_moments_of_its_history(week):
    for model in (week.operated, week.intact):
        for case in model.cases:
            arms = np.array([week.sites.get(site, model.head_centre) for site in case.history.sites])
            for frame, factors in enumerate(case.factors):
                nodal = np.tensordot(factors, model.load_basis, axes=1)
                forces = case.history.forces[frame]
                size = np.abs(forces).sum()
                assert np.abs(nodal.sum(axis=0) - forces.sum(axis=0)).max() < 1e-10 * size
                moment = np.cross(model.mesh.nodes, nodal).sum(axis=0) - np.cross(arms, forces).sum(axis=0)
                assert np.abs(moment).max() < 1e-10 * size * 100.0  # mm, the size of the arms


def test_hellers_walking_set_nearly_balances_hip_and_knee(scenario):
    # Simplified from a set in equilibrium. Held at knee and hip as in a body, what the head must be held by across the
    # line to the knee is a small part of the hip force; 12 % by hand statics on the parametric femur.
    model = build(scenario('support.kind="physiological"')).intact
    frame = model.load_factors[model.history.peak]
    sizes = reaction_sizes(model.mesh, model.reactions, np.tensordot(frame, model.load_basis, axes=1)[None])[0]
    hip = np.linalg.norm(model.history.hip[model.history.peak])
    assert np.linalg.norm(sizes[3:5]) < 0.15 * hip
    assert sizes[2] == pytest.approx(hip, rel=0.1)  # and the knee is pressed about as hard as the hip


@pytest.mark.parametrize(
    "name, low, high",
    [
        ("walking", 237, 251),  # Bergmann 2001: 238; OrthoLoad 247 ± 20
        ("stairs_up", 250, 252),
        ("stairs_down", 259, 261),
        ("jogging", 549, 551),
        ("stumble", 720, 871),
        ("one_legged_stance", 232, 290),
        ("standing_up", 146, 284),
    ],
)
def test_peaks_are_the_published_ones(name, low, high):
    history = ACTIVITIES[name]().history(Subject())
    assert low <= 100 * np.linalg.norm(history.hip[history.peak]) / Subject().body_weight <= high
