"""What a construct tolerates: loads and body masses at which bone first yields."""

from math import sqrt

import pytest

from femsim.capacity import solved
from femsim.capacity.tolerance import SHAFT, Limit, tolerance
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.errors import UsageError
from femsim.metrics.courses import courses
from femsim.scenario.reading import load
from femsim.solving import solved_pair
from tests import coarse_scenario

ASKED = ("walking", "running", "fall_sideways", "bench_iso7206")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the models of this module are kept: they are solved once."""
    return tmp_path_factory.mktemp("tolerance")


@pytest.fixture
def scenario(folder, monkeypatch):
    monkeypatch.setenv(solved.SETTING, str(folder / "solved"))
    (folder / "s.toml").write_text(coarse_scenario.text())
    return lambda *sets: load(folder / "s.toml", sets)


@pytest.fixture
def borne(scenario):
    """Activity → what is borne of it, of a scenario with something changed."""

    def asked(*sets, names=ASKED, **more):
        return {row.activity: row for row in tolerance(scenario(*sets), names, **more).rows}

    return asked


@pytest.fixture
def usual(borne):
    return borne()


def test_activities_come_in_the_order_they_are_asked_in(scenario):
    found = tolerance(scenario(), ("running", "walking"))
    assert [row.activity for row in found.rows] == ["running", "walking"] and found.left_out == {}
    assert found.body_mass_kg == 70.0 and set(found.sources) == {"running", "walking"} and found.loads > 0


def test_the_load_borne_is_that_of_the_direct_run(scenario, usual):
    _, operated, intact = solved_pair(scenario())
    for model, outcome in (("operated", operated), ("intact", intact)):
        ((direct,), _) = courses(outcome, operated, PrincipalStrain())
        both = (usual["walking"].proximal[model], usual["walking"].shaft[model])
        # What is kept is in single precision.
        assert min(limit.multiplier for limit in both) == pytest.approx(direct.multiplier, rel=1e-5)


def test_bone_above_the_shaft_and_the_shaft_are_judged_apart(usual):
    for row in usual.values():
        for model in ("operated", "intact"):
            assert row.shaft[model].zone in SHAFT
            assert row.proximal[model].zone not in SHAFT


@pytest.mark.parametrize("name", ["walking", "running", "fall_sideways"])
def test_a_person_of_the_body_mass_told_reaches_the_limit(borne, usual, name):
    limit = usual[name].proximal["operated"]
    assert 30 < limit.body_mass_kg and limit.multiplier == pytest.approx(1 / limit.risk)
    mass = min(limit.body_mass_kg, 190.0)
    exponent = 0.5 if name == "fall_sideways" else 1.0
    heavy = borne(f"subject.body_mass_kg={mass}")[name].proximal["operated"]
    assert heavy.risk == pytest.approx((mass / limit.body_mass_kg) ** exponent, rel=1e-9)
    assert heavy.body_mass_kg == pytest.approx(limit.body_mass_kg, rel=1e-9)


def test_a_heavier_person_bears_less_by_the_power_that_the_activity_grows_with(borne, usual):
    heavy = borne("subject.body_mass_kg=140")
    for name, less in (("walking", 2.0), ("running", 2.0), ("fall_sideways", sqrt(2.0)), ("bench_iso7206", 1.0)):
        for part in ("proximal", "shaft"):
            before, after = (getattr(rows[name], part)["operated"].multiplier for rows in (usual, heavy))
            assert after == pytest.approx(before / less, rel=1e-9), (name, part)


def test_where_body_mass_plays_no_part_none_is_told(usual):
    row = usual["bench_iso7206"]
    assert row.proximal["operated"].body_mass_kg is None and row.shaft["intact"].body_mass_kg is None
    assert row.hip_peak_n == pytest.approx(2300.0)


def test_the_hip_force_is_told_in_newton_and_body_weights(usual):
    row = usual["running"]
    assert row.hip_peak_percent_bw == pytest.approx(875.0)  # 749 + 42 (9 - 6)
    assert row.hip_peak_n == pytest.approx(8.75 * 70 * 9.80665)


def test_more_yield_strain_bears_more(borne, usual):
    strong = PrincipalStrain(*(2 * value for value in vars(PrincipalStrain()).values()))
    for name, row in borne(criterion=strong).items():
        assert row.proximal["intact"].multiplier == pytest.approx(2 * usual[name].proximal["intact"].multiplier)


def test_the_keys_that_a_scenario_gives_an_activity_hold_for_it_alone(borne, usual):
    grown = borne("load.scale=1.25", "routine.running.km_per_week=20", "routine.running.speed_km_per_h=12")
    assert grown["walking"].hip_peak_n == pytest.approx(1.25 * usual["walking"].hip_peak_n)
    assert grown["running"].hip_peak_percent_bw == pytest.approx(1001.0)
    assert grown["fall_sideways"] == usual["fall_sideways"]


def test_an_intact_femur_has_one_answer(borne):
    row = borne('implant={kind="intact"}', names=("walking",))["walking"]
    assert row.proximal["operated"] == row.proximal["intact"] and row.shaft["operated"] == row.shaft["intact"]


def test_what_needs_a_key_is_left_out_unless_the_scenario_gives_it(scenario, monkeypatch):
    from femsim.capacity import tolerance as module

    chosen, left_out = module.askable(scenario(), ())
    assert left_out["incline_up"] == "needs peak_percent_bw" and left_out["recorded"] == "needs file"
    assert {"walking", "wear_iso14242"} <= set(chosen) and "incline_up" not in chosen
    given = scenario("routine.incline_up.times_per_day=100", "routine.incline_up.peak_percent_bw=400")
    chosen, left_out = module.askable(given, ())
    assert chosen["incline_up"].peak_percent_bw == 400 and "incline_up" not in left_out


def test_an_activity_that_needs_a_key_is_refused_when_it_is_asked_for(scenario):
    with pytest.raises(UsageError, match="jump_landing needs peak_percent_bw") as caught:
        tolerance(scenario(), ("walking", "jump_landing"))
    assert "[routine.jump_landing]" in caught.value.remedy


def test_an_unknown_activity_is_refused_with_the_nearest(scenario):
    with pytest.raises(UsageError, match="Did you mean 'stairs_up'"):
        tolerance(scenario(), ("stairs_upp",))


def test_a_part_that_feels_nothing_has_no_limit():
    from types import SimpleNamespace

    from femsim.capacity.tolerance import _limit

    course = SimpleNamespace(
        worst_of=lambda zones: (0.0, 3.0, ""),
        case=SimpleNamespace(history=SimpleNamespace(mass_exponent=1.0)),
    )
    assert _limit(course, (), 70.0) == Limit(0.0, None, None, "", 3.0)
