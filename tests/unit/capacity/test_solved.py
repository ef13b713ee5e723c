"""A model solved once for unit loads answers as the model solved for the activity."""

import pytest

from femsim.capacity import solved as module
from femsim.capacity.solved import solved, units_of
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.courses import courses
from femsim.scenario.reading import load
from femsim.solving import solved_pair
from tests import coarse_scenario


def own_units(loading):
    return units_of(loading, [activity.history for activity in loading.activities])


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    monkeypatch.setenv(module.SETTING, str(tmp_path / "solved"))

    def made(*sets, implant="intact"):
        (tmp_path / "s.toml").write_text(coarse_scenario.text(implant))
        return load(tmp_path / "s.toml", sets)

    return made


@pytest.mark.parametrize("implant", ["intact", "resurfacing_cap"])
def test_units_answer_as_the_direct_solve(scenario, implant):
    asked = scenario(implant=implant)
    _, operated, intact = solved_pair(asked)
    found = solved(asked, own_units)
    answers = found.courses("walking", found.loading.activities[0].history)
    for name, outcome in (("operated", operated), ("intact", intact)):
        ((direct,), _) = courses(outcome, operated, PrincipalStrain())
        # Single precision of what is kept; the solve itself is held to 1e-8 elsewhere.
        assert answers[name].largest == pytest.approx(direct.largest, rel=1e-5, abs=1e-9)


def test_another_activity_or_body_mass_is_not_solved_again(scenario, monkeypatch):
    first = solved(scenario(), own_units)
    monkeypatch.setattr(module, "solved_pair", lambda *_, **__: pytest.fail("solved again"))
    heavy = solved(scenario("subject.body_mass_kg=140"), own_units)
    run = solved(scenario('load.activity="jogging"'), own_units)
    one, two, three = (
        s.courses("it", s.loading.activities[0].history)["operated"].multiplier for s in (first, heavy, run)
    )
    assert two == pytest.approx(one / 2, rel=1e-12)
    assert three < one / 2  # 550 against 238 % of body weight


def test_only_what_is_missing_is_solved(scenario, monkeypatch):
    solved(scenario("load.muscles=false"), own_units)
    asked = []
    true = module.solved_pair
    monkeypatch.setattr(
        module, "solved_pair", lambda s, *, loading, **k: asked.append(loading) or true(s, loading=loading, **k)
    )
    found = solved(scenario(), own_units)
    (loading,) = asked
    assert len(loading.activities[0].history.forces) == len(found.units) - 1  # all but the head's


@pytest.mark.parametrize(
    "change", ['bone.law="keller_1994"', "mesh.size_mm=8.5", "application.muscle_patch_radius_mm=12"]
)
def test_another_model_is_solved_anew(scenario, monkeypatch, change):
    solved(scenario(), own_units)
    calls = []
    true = module.solved_pair
    monkeypatch.setattr(module, "solved_pair", lambda *a, **k: calls.append(1) or true(*a, **k))
    solved(scenario(change), own_units)
    assert calls


def test_a_damaged_load_is_solved_again(scenario, tmp_path):
    before = solved(scenario(), own_units)
    for path in (tmp_path / "solved").glob("*head*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    after = solved(scenario(), own_units)
    # Solved with other loads beside it, an iterative answer differs within its tolerance.
    assert after.operated.fields == pytest.approx(before.operated.fields, rel=1e-5, abs=1e-12)
