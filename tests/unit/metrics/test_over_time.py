"""Risk and stimulus over whole activities, on blocks whose strains are given by hand."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.criteria.principal_strain import PrincipalStrain
from femsim.fem.recovery import strain, strain_energy_density, stress
from femsim.loads.history import LoadHistory
from femsim.metrics.bone_strain import bone_strain
from femsim.metrics.courses import courses
from femsim.metrics.kept_places import kept_places
from femsim.metrics.places import FEMUR, PATCHES
from femsim.metrics.risk_factor import RiskFactor
from femsim.metrics.risk_over_activity import RiskOverActivity
from femsim.metrics.statistics import percentile, top_percentile
from femsim.metrics.stimulus import Stimulus, _time_mean
from femsim.model import LoadCase

CRITERION = PrincipalStrain()
PULL, PRESS = np.diag([0.0, 0.0, 1e-3]), np.diag([0.0, 0.0, -1e-3])


def _two_loads(outcome_of, name="operated", with_implant=False):
    """A block under a stretch along z and a shear, which rise and fall out of step over five frames."""
    one = outcome_of(name, PULL, with_implant=with_implant)
    shear = np.zeros((3, 3))
    shear[0, 2] = 2e-3
    u = np.stack([one.model.mesh.nodes @ PULL.T, one.model.mesh.nodes @ shear.T])
    factors = np.array([(0.0, 1.0), (0.5, 0.5), (1.0, 0.0), (2.0, -1.0), (-3.0, 0.2)])
    forces = np.zeros((5, 1, 3))
    forces[:, 0, 2] = (-100, -200, -300, -250, -50)
    history = LoadHistory(("hip",), ("head",), forces, [0.0, 10.0, 30.0, 60.0, 80.0], "% gait cycle", 1.2, True)
    basis = np.concatenate([one.model.load_basis] * 2)
    model = replace(one.model, history=history, load_basis=basis, load_factors=factors, activity="walking")
    return replace(one, model=model, displacement_basis=u)


def test_bone_strain_combines_to_the_strain_of_a_frame(outcome_of):
    outcome = _two_loads(outcome_of)
    bone = bone_strain(outcome, outcome)
    for frame, factors in enumerate(outcome.model.load_factors):
        expected = CRITERION.ratio(None, outcome.strain(frame))[bone.rows, 0]  # uniform: averages change nothing
        assert bone.risk(factors, CRITERION) == pytest.approx(expected, rel=1e-9)


def test_bone_that_yields_sooner_is_nearer_to_yield(outcome_of):
    outcome = outcome_of("operated", PRESS)
    weak = replace(outcome, model=replace(outcome.model, yield_strain_factor=np.full(outcome.model.density.shape, 0.5)))
    risks = [bone_strain(one, one).risk(np.ones(1), CRITERION) for one in (outcome, weak)]
    assert risks[1] == pytest.approx(2 * risks[0], rel=1e-12)


def test_a_course_finds_the_worst_frame_of_every_place(outcome_of):
    outcome = _two_loads(outcome_of)
    ((course,), envelope) = courses(outcome, outcome, CRITERION)
    by_frame = [CRITERION.ratio(None, outcome.strain(f))[: outcome.n_kept, 0] for f in range(5)]
    worst = int(np.argmax([values.max() for values in by_frame]))
    largest, instant = by_frame[worst].max(), outcome.model.history.instants[worst]
    assert worst != outcome.peak and course.peak_of(FEMUR) == (pytest.approx(largest, rel=1e-9), instant)
    assert course.multiplier == pytest.approx(1 / largest, rel=1e-9)
    assert np.nanmax(envelope.risk) == pytest.approx(largest, rel=1e-9)
    assert set(envelope.instant[np.isfinite(envelope.instant)]) == {instant}


@pytest.mark.parametrize("exponent, power", [(1.0, 1.0), (0.5, 2.0)])
def test_the_mass_that_yields_grows_with_how_force_grows_with_mass(outcome_of, exponent, power):
    outcome = _two_loads(outcome_of)
    outcome = replace(
        outcome, model=replace(outcome.model, history=replace(outcome.model.history, mass_exponent=exponent))
    )
    ((course,), _) = courses(outcome, outcome, CRITERION)
    assert course.mass_at_yield(75.0) == pytest.approx(75.0 * course.multiplier**power)


def test_a_rig_has_no_body_mass(outcome_of):
    outcome = _two_loads(outcome_of)
    history = replace(outcome.model.history, mass_exponent=0.0)
    ((course,), _) = courses(*[replace(outcome, model=replace(outcome.model, history=history))] * 2, CRITERION)
    assert course.mass_at_yield(75.0) is None


def test_twice_the_load_halves_what_can_be_borne(outcome_of):
    outcome = _two_loads(outcome_of)
    double = replace(outcome, displacement_basis=2 * outcome.displacement_basis)
    multipliers = [courses(one, one, CRITERION)[0][0].multiplier for one in (outcome, double)]
    assert multipliers[0] == pytest.approx(2 * multipliers[1], rel=1e-12)


def test_frames_in_proportion_run_risks_in_proportion(outcome_of):
    outcome = outcome_of("operated", PULL, factors=(0.25, 1.0, 0.0, 0.5))
    ((course,), _) = courses(outcome, outcome, CRITERION)
    assert course.largest[[0, 2, 3]] == pytest.approx(np.outer([0.25, 0.0, 0.5], course.largest[1]), rel=1e-12)
    assert course.largest[1].max() == pytest.approx(1e-3 / 0.0073, rel=1e-9)


def test_the_envelope_spans_the_routine_too(outcome_of):
    outcome = _two_loads(outcome_of)
    history = LoadHistory(("hip",), ("head",), np.full((1, 1, 3), -9.0), [0.0], "s", 1.0, False)
    case = LoadCase("running", history, np.array([[9.0, 0.0]]), 100.0)
    busy = replace(outcome, model=replace(outcome.model, routine=(case,)))
    (walking, running), envelope = courses(busy, busy, CRITERION)
    assert running.case.activity == "running"
    assert running.peak_of(FEMUR)[0] > walking.peak_of(FEMUR)[0]
    assert np.nanmax(envelope.risk) == pytest.approx(running.peak_of(FEMUR)[0])


def test_the_risk_at_the_peak_is_the_course_at_its_frame(outcome_of):
    outcome = _two_loads(outcome_of)
    measures = {
        m.zone: m.value
        for m in RiskFactor().measure(outcome, outcome)
        if (m.name, m.model) == ("risk_factor_max", "operated")
    }
    ((course,), _) = courses(outcome, outcome, CRITERION)
    for place in course.places:
        assert measures[place] == pytest.approx(course.largest[outcome.peak, course.places.index(place)], rel=1e-12)


def test_what_lies_beside_a_pulling_muscle_is_judged_apart(outcome_of):
    outcome = _two_loads(outcome_of)
    forces = np.concatenate([outcome.model.history.forces] * 2, axis=1)
    history = replace(outcome.model.history, channels=("hip", "pull"), sites=("head", "here"), forces=forces)
    corner = outcome.model.mesh.nodes.max(axis=0)
    model = replace(outcome.model, history=history, sites={"here": corner}, patch_radius=6.0)
    beside = replace(outcome, model=model)
    ((course,), _) = courses(beside, beside, CRITERION)
    assert PATCHES in course.places and course.worst_zone != PATCHES
    zones = {m.zone for m in RiskFactor().measure(beside, beside)}
    assert PATCHES in zones
    rows = kept_places(beside).beside([corner], 6.0)
    far = np.linalg.norm(rows.centres[rows.in_femur] - corner, axis=1)
    assert far.min() > 9.0


def test_the_time_mean_is_that_of_all_frames_by_their_time(outcome_of):
    outcome = _two_loads(outcome_of)
    model, expected = outcome.model, 0.0
    assert model.history.weights.sum() == pytest.approx(1.0, abs=1e-14)
    for frame, weight in enumerate(model.history.weights):
        strains = strain(model.mesh, outcome.displacement(frame))
        expected += weight * strain_energy_density(stress(strains, model.elasticity), strains)[:, 0]
    assert _time_mean(outcome) == pytest.approx(expected, rel=1e-10)


def test_weights_of_a_cycle_close_its_circle():
    history = LoadHistory(("hip",), ("head",), np.zeros((3, 1, 3)), [10.0, 20.0, 60.0], "% gait cycle", 1.0, True)
    assert history.weights == pytest.approx([(50 + 10) / 200, (10 + 40) / 200, (40 + 50) / 200])


def test_a_routine_counts_by_cycles_and_duration(outcome_of):
    outcome = _two_loads(outcome_of)
    one = LoadHistory(("hip",), ("head",), np.full((1, 1, 3), -9.0), [0.0], "s", 2.0, False)
    cases = [
        LoadCase("a", one, np.array([[1.0, 0.0]]), 30.0),
        LoadCase("b", replace(one, duration_s=1.0), np.array([[3.0, 0.0]]), 20.0),
    ]
    busy = replace(outcome, model=replace(outcome.model, routine=tuple(cases)))
    alone = _time_mean(replace(outcome, model=replace(outcome.model, routine=(cases[0],))))
    assert _time_mean(busy) == pytest.approx(alone * (60 * 1 + 20 * 9) / 80, rel=1e-12)


def test_a_single_instant_has_no_stimulus_but_a_load_to_yield(outcome_of):
    outcome = outcome_of("operated", PULL, factors=(1.0,))
    assert Stimulus().measure(outcome, outcome) == () and Stimulus().maps(outcome, outcome) == ()
    names = {m.name for m in RiskOverActivity().measure(outcome, outcome)}
    assert names == {"load_to_yield"}


@pytest.mark.parametrize("seed", range(5))
def test_the_top_percentile_is_the_percentile(seed):
    rng = np.random.default_rng(seed)
    values, weights = rng.normal(size=400), rng.uniform(0.1, 5, 400) ** (seed + 1)
    for percent in (90.0, 99.0, 99.9, 100.0):
        assert top_percentile(values, weights, percent) == percentile(values, weights, percent)
