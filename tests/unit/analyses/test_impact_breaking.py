"""Bone that yields, cracks and breaks while it is struck: bars hit or pulled by a mass, against closed forms."""

import numpy as np
import pytest

from femsim.analyses.impact import Impact
from femsim.errors import ConvergenceError, ModelError
from femsim.fem.constraints import held_directions
from femsim.fem.coupling import Coupling
from femsim.fem.elasticity import Isotropic, Orthotropic
from femsim.fem.impact_setting import ImpactSetting, Mass
from femsim.fem.laws import SpringDamper
from femsim.fem.plastic_damage import PlasticDamage
from femsim.solvers.time import HHTAlpha
from femsim.verification.mapped import mapped_box
from femsim.verification.moving import Solid, face_mean
from tests import necked_bar

LENGTH, SIDE, MODULUS, STRENGTH = 20.0, 4.0, 1000.0, 20.0  # mm, mm, MPa, MPa
SPRING, MASS, SPEED = 1e4, 4e-4, 750.0  # N/mm, tonne, mm/s
AREA, ENERGY = SIDE**2, 0.5 * MASS * SPEED**2  # mm², 112.5 N mm
STORED = (STRENGTH * AREA) ** 2 / 2 * (LENGTH / (MODULUS * AREA) + 1 / SPRING)  # in bar and spring when it yields
STIFF = Isotropic(MODULUS, 0.3)


def bar(order=1, *, pulled=False):
    """A light bar on the planes x = 0, y = 0 and z = 0, free otherwise; a mass hits or pulls its end."""
    mesh = mapped_box((4, 1, 1), lambda p: p * [LENGTH, SIDE, SIDE], ("x0", "x1", "y0", "y1", "z0", "z1"), order=order)
    end = face_mean(mesh, "x1")
    density = np.full((mesh.n_elements, 4 if order == 2 else 1), 1e-9)
    setting = ImpactSetting(
        "drop", np.isclose(mesh.nodes, 0.0), density, np.zeros((mesh.n_nodes, 3)),
        masses=(Mass("weight", MASS, SPEED),),
        couplings=(Coupling("hip", -end if pulled else end, SpringDamper(SPRING, pulls=False), 0, 1.0),),
        watched={"end": end},
    )  # fmt: skip
    return mesh, setting


def bears(mesh, tension=STRENGTH, compression=STRENGTH, energy=np.inf, rest=1.0):
    values = {
        "tension": tension, "compression": compression, "tension_energy": energy, "compression_energy": energy,
        "rest": rest, "hardening": 0.0, "dilation": 0.0,
    }  # fmt: skip
    shape = (mesh.n_elements, 4 if mesh.order == 2 else 1)
    return PlasticDamage(**{name: np.full(shape, value) for name, value in values.items()})


def run(mesh, setting, failing, stiff=STIFF, **more):
    settings = {"bone": "breaking", "duration_ms": 2.0, "step_us": 10.0, "damping_percent": 0.0, "alpha": 0.0, **more}
    return Impact(**settings).run(Solid(mesh, stiff, failing=failing), setting)


@pytest.mark.parametrize("order", [1, 2])
def test_bone_of_endless_strength_is_linear_bone(order):
    mesh, setting = bar(order)
    strong = bears(mesh, 1e9, 1e9)
    how = {"damping_percent": 5.0, "relative_tolerance": 1e-9}
    linear, breaking = (run(mesh, setting, strong, bone=bone, **how) for bone in ("linear", "breaking"))
    for name, course in linear.forces.items():
        np.testing.assert_allclose(breaking.forces[name], course, atol=1e-6 * np.abs(course).max())
    for name, course in linear.energies.items():
        np.testing.assert_allclose(breaking.energies[name], course, atol=1e-6 * ENERGY)
    np.testing.assert_allclose(breaking.displacement, linear.displacement, atol=1e-6 * linear.displacement.max())
    assert linear.breakage is None and breaking.breakage.first_crack is None


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("pulled", [False, True])
def test_a_bar_that_yields_takes_what_it_cannot_store(order, pulled):
    mesh, setting = bar(order, pulled=pulled)
    course = run(mesh, setting, bears(mesh))
    assert course.forces["hip"].max() == pytest.approx(STRENGTH * AREA, rel=0.03)  # and a wave in the bar
    assert course.energies["damage"][-1] == pytest.approx(ENERGY - STORED, rel=0.02)
    assert (np.diff(course.energies["damage"]) > -1e-9).all()
    assert np.abs(course.balance).max() < 1e-3
    kept = sum(course.energies[name][-1] for name in ("kinetic", "strain", "surroundings"))
    assert kept == pytest.approx(STORED, rel=0.02)  # what was stored is given back


def test_where_it_first_cracked_is_known():
    mesh, setting = bar(pulled=False)
    course = run(mesh, setting, bears(mesh), crack_volume_mm3=30.0)
    row = course.breakage.first_crack
    assert course.forces["hip"][row] == pytest.approx(STRENGTH * AREA, rel=0.01)
    assert course.times[row] < course.times[course.forces["hip"].argmax()] or row > 0
    assert course.breakage.yielded[row - 1] < 30.0 <= course.breakage.yielded[row]


def test_a_bar_that_cracks_takes_its_fracture_energy_and_the_impact_ends():
    model = necked_bar.model(3, 60.0, 120.0, 3.0, 30.0, rest=0.4, held_zone=0.0)
    end = model.load_basis[0] / model.load_basis[0].sum(axis=0)[2]
    setting = ImpactSetting(
        "drop", held_directions(model.mesh, model.held),
        np.full((model.mesh.n_elements, 4), 1.8e-9), np.zeros_like(end), masses=(Mass("weight", 1e-3, 1500.0),),
        couplings=(Coupling("hip", -end, SpringDamper(SPRING, pulls=False), 0, 1.0),), watched={"end": end},
    )  # fmt: skip
    course = Impact(bone="breaking", duration_ms=1.0, step_us=10.0, fracture_area_mm2=40.0).run(model, setting)
    broke = course.breakage.fracture
    assert broke == len(course.times) - 1 and "where the bone broke" in course.scheme
    assert course.frames[-1] == broke and course.times[-1] < 0.9e-3
    assert course.breakage.crack_area[-1] >= 40.0 > course.breakage.crack_area[-2]
    assert course.damage[-1].max() > 0.5
    assert np.abs(course.balance).max() < 0.01
    assert course.breakage.crack_area[-1] < 1.5 * necked_bar.SECTION


def test_a_step_that_is_cut_starts_again_from_the_state_it_began_with(monkeypatch):
    mesh, setting = bar()
    fine = run(mesh, setting, bears(mesh), step_us=2.5, relative_tolerance=1e-8)
    whole, calls = HHTAlpha.step, []

    def fails_late(self, problem, motion, step, limit, guess=None):
        calls.append(step)
        if step > 9e-6 or (step > 4e-6 and calls[-2:-1] == [step]):  # the whole, and the second of two halves
            raise ConvergenceError("too long")
        return whole(self, problem, motion, step, limit, guess)

    monkeypatch.setattr(HHTAlpha, "step", fails_late)
    course = run(mesh, setting, bears(mesh), relative_tolerance=1e-8)
    assert "cuts of a step" in course.scheme
    assert course.energies["damage"][-1] == pytest.approx(fine.energies["damage"][-1], rel=1e-6)


def test_the_course_until_a_step_that_cannot_be_followed_is_handed_out(monkeypatch):
    mesh, setting = bar()
    whole = HHTAlpha.step

    def fails_late(self, problem, motion, *more):
        if motion.time > 0.3e-3:
            raise ConvergenceError("it did not converge")
        return whole(self, problem, motion, *more)

    monkeypatch.setattr(HHTAlpha, "step", fails_late)
    with pytest.raises(ConvergenceError) as caught:
        run(mesh, setting, bears(mesh))
    assert caught.value.exit_code == 4
    assert 0.3e-3 <= caught.value.course.times[-1] < 0.33e-3


def test_what_cannot_break_is_refused():
    mesh, setting = bar()
    with pytest.raises(ModelError, match="does not say what its material bears"):
        run(mesh, setting, None)
    n = mesh.n_elements
    grain = Orthotropic(
        np.full((n, 1, 3), 1000.0), np.full((n, 1, 3), 0.3), np.full((n, 1, 3), 400.0), np.tile(np.eye(3), (n, 1, 1, 1))
    )
    with pytest.raises(ModelError, match="grain"):
        run(mesh, setting, bears(mesh), grain)
    with pytest.raises(ModelError, match="central differences"):
        run(mesh, setting, bears(mesh), scheme="central_difference", step_us=None)
