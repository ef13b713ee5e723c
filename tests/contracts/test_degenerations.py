"""What every degeneration of bone promises."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.anatomy.degeneration import DEGENERATIONS
from femsim.anatomy.degeneration.account import degenerated
from femsim.anatomy.degeneration.state import DENSEST, LIGHTEST, sound
from femsim.anatomy.density.rule import DensityRule

# The keys that make each of them nothing, and whether bone grows lighter (-1) or heavier (+1) under its defaults.
NOTHING = {
    "osteoporosis": {"density_factor": 1.0, "cortex_factor": 1.0},
    "osteoarthritis": {"density_factor": 1.0},
    "osteonecrosis": {"angle_deg": 0.0},
    "cysts": {"diameter_mm": 0.0},
}
SENSE = {"osteoporosis": -1, "osteoarthritis": 1, "osteonecrosis": -1, "cysts": -1}
FIELDS = ("density", "stiffness_density", "modulus_factor", "strength_factor")


@pytest.fixture(scope="module")
def femur():
    return FEMURS["parametric"]().shape()


@pytest.fixture(scope="module")
def state(femur):
    """Sound bone at places all over the femur, each for the same volume."""
    low, high = femur.surface.points.min(axis=0), femur.surface.points.max(axis=0)
    places = np.random.default_rng(1).uniform(low, high, (20_000, 3))
    head = np.random.default_rng(2).uniform(-22, 22, (20_000, 3))
    places = np.concatenate([places, head[np.linalg.norm(head, axis=1) < 22]])
    return sound(places, DensityRule().mapped(femur).at(places))


@pytest.fixture(params=sorted(DEGENERATIONS))
def name(request):
    return request.param


def test_nothing_of_it_changes_nothing_at_all(name, state, femur):
    nothing = DEGENERATIONS[name](**NOTHING[name])
    after = nothing.applied(state, femur)
    for field in FIELDS:
        assert np.array_equal(getattr(after, field), getattr(state, field))
    assert nothing.on_source(DensityRule()) == DensityRule()


def test_mass_changes_in_its_sense(name, state, femur):
    after = DEGENERATIONS[name]().applied(state, femur)
    change = (after.density.sum() / state.density.sum() - 1) * SENSE[name]
    assert change > 1e-4


def test_density_stays_that_of_bone_or_marrow(name, state, femur):
    after = DEGENERATIONS[name]().applied(state, femur)
    for density in (after.density, after.stiffness_density):
        assert density.min() >= LIGHTEST and density.max() <= DENSEST


def test_bone_that_was_lighter_than_the_floor_gets_no_lighter(name, state, femur):
    thin = replace(
        state, density=np.full(len(state.points), 0.004), stiffness_density=np.full(len(state.points), 0.004)
    )
    assert DEGENERATIONS[name]().applied(thin, femur).density.min() >= 0.004


def test_factors_are_positive_and_weaken(name, state, femur):
    after = DEGENERATIONS[name]().applied(state, femur)
    for factor in (after.modulus_factor, after.strength_factor):
        assert (factor > 0).all() and (factor <= 1).all()


def test_a_left_femur_ails_like_a_right_one(name, state, femur):
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    left = replace(femur, side="left", to_source=mirror)
    one, other = (DEGENERATIONS[name]().applied(state, bone) for bone in (femur, left))
    assert np.array_equal(one.density, other.density)


def test_the_same_twice_is_the_same(name, state, femur):
    one, other = (DEGENERATIONS[name]().applied(state, femur) for _ in range(2))
    for field in FIELDS:
        assert np.array_equal(getattr(one, field), getattr(other, field))


def test_what_it_does_at_a_place_does_not_depend_on_other_places(name, state, femur):
    """Twins share bone, not meshes: a place has to come out alike in both."""
    rows = np.arange(0, len(state.points), 7)
    some = sound(state.points[rows], state.density[rows])
    whole, part = (DEGENERATIONS[name]().applied(one, femur) for one in (state, some))
    assert np.array_equal(whole.density[rows], part.density)


def test_it_says_what_it_did(name, state, femur):
    told = DEGENERATIONS[name]().told(femur, DensityRule(), state.points, np.ones(len(state.points)))
    assert told and all(sentence.endswith(".") for sentence in told)


def test_all_together_act_in_the_order_of_the_registry(state, femur):
    ailments = tuple(kind() for kind in DEGENERATIONS.values())
    after = state
    for one in ailments:
        after = one.applied(after, femur)
    assert np.array_equal(degenerated(state, ailments, femur).density, after.density)
    assert degenerated(state, (), femur) is state
