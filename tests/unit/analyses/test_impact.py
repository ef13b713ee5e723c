"""Impacts of small blocks: balance of energy, both schemes alike, words for what cannot be done."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.impact import Impact
from femsim.analyses.impact_bone import LinearBone
from femsim.analyses.impact_record import NAMES, Recorder
from femsim.analyses.impact_run import stepping
from femsim.analyses.impact_system import ImpactSystem
from femsim.errors import ConvergenceError, ModelError
from femsim.fem.coupling import Coupling
from femsim.fem.elasticity import Isotropic, Orthotropic
from femsim.fem.impact_setting import ImpactSetting, Mass, Pulse
from femsim.fem.laws import SpringDamper, TissueLayer
from femsim.fem.mass import lumped_mass
from femsim.solvers.time import HHTAlpha
from femsim.verification.moving import Solid, face_mean, guided_bar, wall

STIFF, DENSITY = Isotropic(1000.0, 0.3), 1.8e-9


def block(order: int = 1, *, tissue: bool = True, damping: float = 0.002, cells: int = 4):
    """A short bar with a mass behind it flies against a wall, with or without soft tissue before it."""
    mesh, _ = guided_bar(cells, 20.0, 10.0, order=order)
    velocity = np.zeros((mesh.n_nodes, 3))
    velocity[:, 0] = -2000.0
    push = face_mean(mesh, "x1")
    floor = wall(mesh, 500.0)
    if tissue:
        floor = replace(floor, law=TissueLayer(5.0, 2.0, 0.001))
    return mesh, ImpactSetting(
        "fall", np.zeros((mesh.n_nodes, 3), bool), np.full((mesh.n_elements, 4 if order == 2 else 1), DENSITY),
        velocity, masses=(Mass("trunk", 1e-5, 2000.0),),
        couplings=(Coupling("hip", push, SpringDamper(300.0, damping, pulls=False), 0, 1.0),),
        floor=floor, watched={"end": -push},
    )  # fmt: skip


def run(mesh, setting, stiff=STIFF, **more):
    settings = Impact(**{"duration_ms": 3.0, "damping_percent": 0.0, "step_us": 5.0, **more})
    return settings.run(Solid(mesh, stiff), setting)


@pytest.mark.parametrize("order", [1, 2])
def test_energy_is_balanced_at_every_output(order):
    course = run(*block(order), alpha=0.0, damping_percent=5.0, relative_tolerance=1e-9)
    assert np.abs(course.balance).max() < 1e-4  # the trapezoidal rule on curved laws, h = 5 µs
    assert all((np.diff(course.energies[name]) > -1e-9).all() for name in ("damping", "surroundings_lost"))


def test_implicit_and_explicit_agree():
    mesh, setting = block()
    slow = run(mesh, setting, alpha=0.0)
    fast = run(mesh, setting, scheme="central_difference", step_us=None)
    for name in ("floor", "hip"):
        other = np.interp(slow.times, fast.times, fast.forces[name])
        assert np.abs(slow.forces[name] - other).max() < 0.02 * other.max()


def test_a_quadratic_mesh_is_followed_explicitly_on_its_corners():
    linear = run(*block(1), scheme="central_difference", step_us=None)
    mesh, setting = block(2)
    course = run(mesh, setting, scheme="central_difference", step_us=None)
    assert course.forces["floor"].max() == pytest.approx(linear.forces["floor"].max(), rel=1e-6)
    assert course.displacement.shape[1] == mesh.n_nodes
    assert any("linear tetrahedra" in one for one in course.warnings)


def test_the_impulse_of_the_wall_is_the_change_of_momentum():
    mesh, setting = block(tissue=False)
    share = lumped_mass(mesh, DENSITY)
    middle = share[:, None] / share.sum() * [1.0, 0.0, 0.0]
    setting = replace(setting, masses=(), couplings=(), watched={"middle": middle})
    course = run(mesh, setting, alpha=0.0, duration_ms=0.4, step_us=0.5)
    speed = np.gradient(course.travels["middle"], course.times)
    impulse = np.trapezoid(course.forces["floor"], course.times)
    assert impulse == pytest.approx(share.sum() * (speed[-1] - speed[0]), rel=5e-3)  # by differences of outputs
    assert speed[-1] > 1500.0


@pytest.mark.parametrize("scheme", ["hht_alpha", "central_difference"])
def test_frames_hold_the_largest_force(scheme):
    step = 5.0 if scheme == "hht_alpha" else None
    course = run(*block(), scheme=scheme, step_us=step, frames=5)
    peak = max(range(len(course.times)), key=lambda row: max(one[row] for one in course.forces.values()))
    assert peak in course.frames
    assert len(course.frames) <= 5


def test_mass_scaling_is_said():
    course = run(*block(), scheme="central_difference", step_us=None, mass_scaling_step_us=1.0)
    assert "Mass scaling added" in course.scheme


def test_a_slow_push_does_what_a_static_one_does():
    mesh, held = guided_bar(4, 20.0, 10.0, order=1)
    held = np.zeros_like(held)
    held[np.unique(mesh.surface("x0"))] = True
    push = 50.0 * face_mean(mesh, "x1")
    pulse = Pulse(push[None], [0.0, 0.05, 0.1], [[0.0], [1.0], [0.0]], [0.0, 50.0, 0.0])
    density = np.full((mesh.n_elements, 1), DENSITY)
    setting = ImpactSetting(
        "pulse", held, density, np.zeros((mesh.n_nodes, 3)), pulse=pulse, watched={"end": push / 50.0}
    )
    course = run(mesh, setting, step_us=None, duration_ms=100.0)
    system = ImpactSystem(mesh, LinearBone(mesh, STIFF, held), setting)
    still = system.evaluate(*system.start, 0.05)
    static = system.solve(still.net, still, 0.0, 0.0, 1.0, 1e-10)
    expected = float(np.vdot(push / 50.0, system.nodes_of(static)))
    assert course.travels["end"].max() == pytest.approx(expected, rel=1e-3)
    assert course.forces["hip"].max() == pytest.approx(50.0)


@pytest.mark.parametrize(("energy", "stopped"), [(0.0, 2), (10.0, 1)])
def test_a_push_from_rest_is_judged_when_its_energy_is_known(energy, stopped):
    mesh, setting = block()
    settings = Impact()
    recorder = Recorder(settings, Solid(mesh, STIFF), setting, 3)

    def take(kinetic, external):
        energies = dict.fromkeys(NAMES, 0.0) | {"kinetic": kinetic, "external": external}
        recorder.take(0.0, np.zeros((mesh.n_nodes, 3)), np.zeros(1), {"hip": 0.0}, energies)

    take(energy, 0.0)
    if stopped == 1:
        with pytest.raises(ConvergenceError, match="off balance"):
            take(energy + 0.9, 1.5)
    else:
        take(0.9, 1.0)
        take(9.0, 10.0)
        with pytest.raises(ConvergenceError, match="-10 % off balance"):
            recorder.course("")


def test_what_earlier_steps_found_is_where_the_next_one_starts():
    mesh, setting = block(2)
    system = ImpactSystem(mesh, LinearBone(mesh, STIFF, setting.held), setting)
    still = system.evaluate(*system.start, 0.0)
    push = np.random.default_rng(1).normal(size=(2, system.size))
    factors = (1e8, 1e4, 1.0, 1e-8)
    first, second = (system.solve(one, still, *factors) for one in push)
    before = system.linear_iterations
    both = system.solve(3 * push[0] - push[1], still, *factors)
    assert before > 10
    assert system.linear_iterations - before <= 2
    np.testing.assert_allclose(both, 3 * first - second, atol=1e-6 * np.abs(both).max())


def test_a_step_is_cut_where_it_does_not_converge_and_goes_on_from_its_last_part(monkeypatch):
    mesh, setting = block()
    once = run(mesh, setting, step_us=25.0, relative_tolerance=1e-9)
    whole = HHTAlpha.step

    def fails_when_long(self, problem, motion, step, limit, guess=None):
        if step > 2e-5 and motion.time > 0.99e-3:
            raise ConvergenceError("too long")
        return whole(self, problem, motion, step, limit, guess)

    monkeypatch.setattr(HHTAlpha, "step", fails_when_long)
    cut = run(mesh, setting, step_us=25.0, relative_tolerance=1e-9)
    assert "80 cuts" in cut.scheme and "cut" not in once.scheme
    assert cut.forces["floor"].max() == pytest.approx(once.forces["floor"].max(), rel=0.02)


def test_a_step_that_converges_in_no_part_is_told(monkeypatch):
    def fails(*given):
        raise ConvergenceError("it did not converge")

    monkeypatch.setattr(HHTAlpha, "step", fails)
    with pytest.raises(ConvergenceError, match="did not converge"):
        run(*block())


@pytest.mark.parametrize(("kind", "step"), [("fall", 300.0), ("bare", 25.0), ("drop", 50.0), ("pulse", 750.0)])
def test_the_usual_step_is_that_of_what_is_met(kind, step):
    _, setting = block(tissue=kind == "fall")
    if kind in ("drop", "pulse"):
        setting = replace(setting, kind=kind, floor=None)
    assert 1e6 * stepping(Impact(), setting, 0.15)[0] == pytest.approx(step)


def test_it_is_told_how_far_it_has_come():
    told = []
    mesh, setting = block()
    settings = Impact(duration_ms=3.0, step_us=50.0)
    settings.run(Solid(mesh, STIFF), setting, progress=lambda *one: told.append(one))
    shares = [share for share, _ in told]
    assert len(told) == 20 and shares == sorted(shares) and shares[-1] == pytest.approx(1.0)
    assert told[9][1].startswith("1.5 of 3 ms, ") and told[9][1].endswith(" steps/s")


def test_a_step_that_is_too_long_is_named():
    with pytest.raises(ModelError, match="too long for an impact of 3 ms"):
        run(*block(), step_us=400.0)


def test_an_unstable_step_is_stopped_with_its_remedy():
    with pytest.raises(ConvergenceError, match="energy grows") as caught:
        run(*block(), scheme="central_difference", step_us=5.0, duration_ms=1.0)
    assert "analysis.step_us" in caught.value.remedy


def test_upside_down_damping_is_named():
    with pytest.raises(ModelError, match="must be higher"):
        run(*block(), damping_percent=2.0, damping_low_hz=3000.0)


def test_what_the_explicit_kernel_does_not_know_is_refused():
    mesh, setting = block()
    n = mesh.n_elements
    grain = Orthotropic(
        np.full((n, 1, 3), 1000.0), np.full((n, 1, 3), 0.3), np.full((n, 1, 3), 400.0), np.tile(np.eye(3), (n, 1, 1, 1))
    )
    with pytest.raises(ModelError, match="central differences") as caught:
        run(mesh, setting, grain, scheme="central_difference", step_us=None)
    assert "hht_alpha" in caught.value.remedy
