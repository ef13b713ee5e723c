"""A failure analysis: what it keeps of every state, when it ends, and what remains where a step cannot be solved."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.failure import Failure
from femsim.analyses.failure_course import SEEN, judged_bone
from femsim.analyses.static import solve_static
from femsim.errors import ConvergenceError, ModelError
from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import centroids, corner_volumes, integration_weights
from femsim.fem.recovery import strain, stress, von_mises
from femsim.solvers.newton import Diverged, Newton
from tests import necked_bar

STRENGTH, CRUSHING = 60.0, 120.0  # MPa
CRACK = 30.0  # mm³
SETTINGS = {
    "cracks": {},
    "is crushed": {"largest_travel": 6.0},
    "hardens": {"largest_travel": 3.0},
}
MODELS = {
    "cracks": ((STRENGTH, CRUSHING, 6.0, 60.0, 0.4), {}),
    "is crushed": ((STRENGTH, CRUSHING, 6.0, 20.0, 0.4), {"pull": -1}),
    "hardens": ((STRENGTH, STRENGTH), {"hardening": 600.0}),
}
BROKEN = ("cracks", "is crushed")


def model(name):
    strengths, more = MODELS[name]
    return necked_bar.model(2, *strengths, **more)


@pytest.fixture(scope="module")
def courses():
    """name → course of a bar, computed once."""
    found = {}

    def course(name):
        if name not in found:
            found[name] = Failure(crack_volume_mm3=CRACK, **SETTINGS[name]).run(model(name))
        return found[name]

    return course


@pytest.mark.parametrize("name", MODELS)
def test_it_starts_from_nothing(courses, name):
    course = courses(name)
    assert (course.force[0], course.travel[0], course.work[0], course.dissipated[0]) == (0, 0, 0, 0)
    assert course.stored[0] == pytest.approx(0, abs=1e-12) and not course.damage[0].any()


@pytest.mark.parametrize("name", MODELS)
def test_work_is_stored_or_dissipated(courses, name):
    course = courses(name)
    assert course.stored + course.dissipated == pytest.approx(course.work, abs=0.01 * course.work.max())


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_won_back_of_what_was_dissipated(courses, name):
    course = courses(name)
    assert (np.diff(course.dissipated) > -1e-9 * course.work.max()).all()
    assert (np.diff(course.damage, axis=0) >= -1e-6).all() and (course.damage <= 1).all()


@pytest.mark.parametrize("name", MODELS)
def test_it_goes_on_and_on(courses, name):
    assert (np.diff(courses(name).travel) > 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_the_factor_is_the_force_over_that_of_the_activity(courses, name):
    course = courses(name)
    assert course.factor == pytest.approx(course.force / 1000.0)
    assert course.hip_force == pytest.approx(course.force)


@pytest.mark.parametrize(("name", "strength"), [("cracks", STRENGTH), ("is crushed", CRUSHING)])
def test_it_bears_what_its_neck_does(courses, name, strength):
    course = courses(name)
    # The mesh is two elements wide and viscosity lets it bear more: a first look, not a verification.
    assert course.force.max() == pytest.approx(strength * necked_bar.SECTION, rel=0.25)
    neck = np.abs(necked_bar.mesh(2).nodes[necked_bar.mesh(2).elements[:, :4]].mean(axis=1)[:, 2]) < 5
    assert neck[course.damage[-1].argmax()]


@pytest.mark.parametrize("name", BROKEN)
def test_it_ends_past_its_peak(courses, name):
    course = courses(name)
    assert course.past_peak and course.factor[-1] <= 0.85 * course.factor.max()
    assert (course.factor[1:-1] > 0.85 * np.maximum.accumulate(course.factor)[1:-1]).all()  # and not later
    assert "peak" in course.ending


@pytest.mark.parametrize("name", MODELS)
def test_it_never_goes_further_than_allowed(courses, name):
    course = courses(name)
    assert course.travel[-1] <= SETTINGS[name].get("largest_travel", 8.0) * unit(course.model) * (1 + 1e-6)


def test_what_never_falls_goes_as_far_as_allowed_and_says_so(courses):
    course = courses("hardens")
    assert not course.past_peak and "did not fall" in course.ending
    assert course.travel[-1] == pytest.approx(3.0 * unit(course.model), rel=2e-3)


def unit(of) -> float:
    """[mm] travel at which 1 % of the bone yields, by linear statics alone: von Mises, or Drucker and Prager."""
    loads = of.load_basis[0]
    u = solve_static(of.mesh, of.elasticity, of.held, loads).displacements[0]
    found = stress(strain(of.mesh, u), of.elasticity)
    t, c = of.failing.tension[0, 0], of.failing.compression[0, 0]
    alpha, cohesion = (c - t) / (c + t) / np.sqrt(3), 2 * c * t / (c + t) / np.sqrt(3)
    ratio = (von_mises(found) / np.sqrt(3) + alpha * found[..., :3].sum(axis=-1)) / cohesion
    ratio, volume = ratio[of.zone_of == 0].ravel(), integration_weights(of.mesh)[of.zone_of == 0].ravel()
    order = np.argsort(-ratio)
    most = ratio[order][np.searchsorted(np.cumsum(volume[order]), 0.01 * volume.sum())]
    return float((loads * u).sum()) / 1000.0 / most


@pytest.mark.parametrize("name", MODELS)
def test_the_states_that_matter_keep_their_fields(courses, name):
    course = courses(name)
    first = int(np.flatnonzero(course.yielded >= CRACK)[0])
    assert {0, first, course.peak, len(course.factor) - 1} <= set(course.frames.tolist())
    assert (np.diff(course.frames) > 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_the_first_crack_is_where_so_much_has_yielded(courses, name):
    course = courses(name)
    first = int(np.flatnonzero(course.yielded >= CRACK)[0])
    assert min(course.factor[first - 1 : first + 1]) <= course.first_yield <= max(course.factor[first - 1 : first + 1])
    row = course.frames.tolist().index(first)
    seen = (course.plastic_strain[row] > SEEN) & (course.model.zone_of == 0)
    assert course.yielded[first] <= corner_volumes(course.model.mesh)[seen].sum() * (1 + 1e-9)


def test_a_crack_that_is_never_so_large_has_no_load(courses):
    course = Failure(crack_volume_mm3=5000.0, largest_travel=1.5).run(model("hardens"))
    assert course.first_yield is None and courses("hardens").first_yield is not None


@pytest.mark.parametrize("name", MODELS)
def test_a_kept_motion_has_the_travel_of_its_state(courses, name):
    course = courses(name)
    pattern = course.model.load_basis[0] / 1000.0
    travel = [(pattern * u).sum() for u in course.displacement]
    assert travel == pytest.approx(course.travel[course.frames], rel=1e-5, abs=1e-9)


def test_bone_beside_its_clamp_never_breaks():
    weak_foot = necked_bar.model(2, STRENGTH, CRUSHING, 6.0, 60.0, 0.4, held_zone=26.0)  # past the neck
    course = Failure().run(weak_foot)
    beside = weak_foot.zone_of == 1
    assert not course.damage[:, beside].any() and not course.plastic_strain[:, beside].any()
    assert course.plastic_strain[-1].any()


def test_bone_beside_a_muscle_never_breaks():
    bar = model("cracks")
    hip = bar.history
    pulled = replace(hip, channels=("hip", "muscle"), sites=("head", "neck"), forces=np.repeat(hip.forces, 2, axis=1))
    bar = replace(bar, history=pulled, sites={"neck": np.zeros(3)}, patch_radius=4.0)
    course = Failure(crack_volume_mm3=CRACK).run(bar)
    beside = np.linalg.norm(centroids(bar.mesh), axis=1) < 6.0  # the neck, where it breaks otherwise
    assert beside.any() and not course.damage[:, beside].any() and not judged_bone(bar)[beside].any()
    assert course.damage.any()


def test_what_is_not_bone_does_not_count_as_its_first_crack():
    one = model("hardens")
    bone = centroids(one.mesh)[:, 0] < 0
    course = Failure(largest_travel=1.5).run(replace(one, zone_of=np.where(bone, one.zone_of, -1)))
    seen = course.plastic_strain[-1] > SEEN
    assert course.yielded[course.frames[-1]] <= corner_volumes(one.mesh)[seen & bone].sum() * (1 + 1e-9)
    assert (seen & ~bone).sum() > 10


def test_every_step_is_told_and_kept(courses):
    told = []
    course = Failure(largest_travel=1.5).run(model("hardens"), log=told.append)
    assert tuple(told) == course.log
    assert len([line for line in told if line.startswith("step")]) == len(course.factor) - 1


def failing_beyond(monkeypatch, travel):
    """From this travel [mm] on no step is solved."""
    solve = Newton.solve

    def fails(self, equations, u):
        if equations.travel > travel:
            raise Diverged("it was made to fail", (1.0, 0.9))
        return solve(self, equations, u)

    monkeypatch.setattr(Newton, "solve", fails)


def test_a_step_that_cannot_be_solved_leaves_all_up_to_the_last_good_state(courses, monkeypatch):
    whole = courses("hardens")
    limit = float(whole.travel[6]) * 1.01
    failing_beyond(monkeypatch, limit)
    with pytest.raises(ConvergenceError) as raised:
        Failure(crack_volume_mm3=CRACK, **SETTINGS["hardens"]).run(model("hardens"))
    error, course = raised.value, raised.value.course
    assert error.exit_code == 4 and error.remedy and "made to fail" in str(error)
    assert 0.9 * limit < course.travel[-1] <= limit and not course.past_peak
    same = course.travel[:6] == pytest.approx(whole.travel[:6])
    assert same and course.force[:6] == pytest.approx(whole.force[:6], rel=1e-6)
    assert course.frames[-1] == len(course.factor) - 1
    assert any("cut" in line for line in course.log)


def test_where_not_even_the_first_step_is_solved_the_unloaded_state_is_left(monkeypatch):
    failing_beyond(monkeypatch, 0.0)
    with pytest.raises(ConvergenceError) as raised:
        Failure().run(model("hardens"))
    course = raised.value.course
    assert len(course.factor) == 1 and course.first_yield is None and not course.past_peak


def test_what_a_cut_step_tried_leaves_no_trace(courses, monkeypatch):
    """A step that fails once, late, is taken in two: the states are those of a course without it."""
    solve, failed = Newton.solve, []

    def fails_once(self, equations, u):
        reached = solve(self, equations, u)
        if equations.travel > float(courses("hardens").travel[7]) and not failed:
            failed.append(equations.travel)
            equations.residual(3.0 * u)  # the last place that was tried, far off
            raise Diverged("it was made to fail", (1.0,))
        return reached

    whole = courses("hardens")
    monkeypatch.setattr(Newton, "solve", fails_once)
    course = Failure(crack_volume_mm3=CRACK, **SETTINGS["hardens"]).run(model("hardens"))
    assert failed
    # A curve without a peak, piecewise linear between steps: the same within what the chords miss.
    force = np.interp(course.travel, whole.travel, whole.force)
    assert course.force == pytest.approx(force, abs=0.01 * whole.force.max())


def test_a_model_that_does_not_say_what_it_bears_is_refused():
    with pytest.raises(ModelError, match="bears"):
        Failure().run(replace(model("cracks"), failing=None))


def test_bone_with_a_grain_is_refused():
    one = model("cracks")
    shape = one.density.shape
    constants = [np.broadcast_to(v, (*shape, 3)) for v in ((15e3, 12e3, 12e3), (0.3, 0.3, 0.3), (5e3, 4e3, 5e3))]
    grain = Orthotropic(*constants, np.broadcast_to(np.eye(3), (*shape, 3, 3)))
    with pytest.raises(ModelError, match="grain"):
        Failure().run(replace(one, orthotropic=grain))


def test_no_load_breaks_nothing_and_is_refused():
    one = model("cracks")
    nothing = replace(one.history, forces=0 * one.history.forces)
    with pytest.raises(ModelError, match="nothing"):
        Failure().run(replace(one, load_basis=0 * one.load_basis, history=nothing))


def test_it_tells_how_far_it_has_come():
    told = []
    course = Failure().run(model("cracks"), progress=lambda share, words: told.append((share, words)))
    assert len(told) == len(course.factor) - 1 and told[0][0] is None
    assert told[-1][1] == f"step {len(told)}, {course.travel[-1]:.3g} mm, {course.force[-1]:.0f} N"
