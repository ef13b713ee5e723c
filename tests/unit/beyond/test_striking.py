"""An impact on both femora, and the search for what just breaks them, with an analysis that takes no time."""

import sys
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim import beyond
from femsim.analyses.impact_course import Breakage
from femsim.errors import ConvergenceError
from femsim.fem.impact_setting import ImpactSetting, Mass, Pulse
from femsim.registry import Registry


@dataclass(frozen=True)
class Struck:
    """Gives the impact of the smallest run, larger where it is harder; `fails_from` : speed [m/s] it cannot follow."""

    small_run: object
    search_breaking: bool = True
    drop_height_mm: float | None = None
    fails_from: float = np.inf
    times: float = 1.0
    bone: str = "linear"

    def run(self, model, setting, *, log=None, progress=None):
        speed = setting.masses[0].speed / 1e3 if setting.masses else 3.0 * setting.pulse.factors.max()
        if speed >= self.fails_from:
            error = ConvergenceError("The step did not converge.", remedy="shorten the step")
            error.course = self.small_run.impact_course(model.name)
            raise error
        if log:
            log(f"{speed:g} m/s")
        if progress:
            progress(0.5, "20 of 40 ms")
        course = self.small_run.impact_course(model.name, self.times * speed / 3.0)
        if self.bone == "linear":
            return course
        rising = np.linspace(0.0, 1.0, len(course.times))
        broke = speed > 4.3
        return replace(course, breakage=Breakage(100.0 * rising, 500.0 * rising * broke, 30.0, 340.0))


@pytest.fixture
def struck(small_run, monkeypatch, tmp_path):
    """Strikes the smallest pair; returns what was found, stages, and how far they had come."""
    monkeypatch.setattr(beyond, "ANALYSES", Registry("analysis", impact=Struck))

    def strike(kind="fall", **how):
        operated, intact = small_run.outcomes()
        analysis = Struck(small_run, **how)

        def setting(scenario, pair, model):
            n, e = model.mesh.n_nodes, model.mesh.n_elements
            pulse = Pulse(np.zeros((1, n, 3)), [0.0, 0.1], [[0.0], [1.0]], [0.0, 700.0]) if kind == "pulse" else None
            return ImpactSetting(
                kind, np.zeros((n, 3), bool), np.zeros((e, 4)), np.zeros((n, 3)), pulse=pulse,
                masses=() if pulse else (Mass("trunk", 0.035, 3000.0),), words=("The knee is a pivot.",),
            )  # fmt: skip

        monkeypatch.setattr(sys.modules["femsim.beyond.striking"], "impact_setting", setting)
        stages, far = [], []
        asked = beyond.Asked(
            scenario=replace(small_run.scenario(), analysis=analysis), pair=SimpleNamespace(), operated=operated,
            intact=intact, risks={}, beside=tmp_path / "small-01234567", progress=stages.append,
            within=lambda *one: far.append(one),
        )  # fmt: skip
        return beyond.found(asked), stages, far

    return strike


def values(found, name):
    return {m.model: m.value for m in found.measures if m.name == name}


def test_the_speed_that_just_breaks_is_found_for_both_and_every_run_is_told(struck):
    found, stages, _ = struck()
    told = found.sections["impact"]["models"]
    for model, one in told.items():
        limit = one["breaking"]
        assert limit["sought"] == "speed" and limit["given"] == 3.0 and limit["unit"] == "m/s"
        first, second = limit["tried"]
        assert first["severity"] == pytest.approx(one["risk_factor_max"]) and second["severity"] == pytest.approx(1.0)
        assert limit["value"] == pytest.approx(3.0 / first["severity"]) == values(found, "impact_breaking_speed")[model]
        assert sum(stage.startswith(f"strike {model}") for stage in stages) == 2
    assert sum("severity" in line for line in found.log) == 2
    assert "change" in values(found, "impact_breaking_speed")


def test_it_is_not_searched_unless_asked(struck):
    found, stages, _ = struck(search_breaking=False)
    assert stages == ["strike intact", "strike operated"]
    assert all("breaking" not in one for one in found.sections["impact"]["models"].values())


def test_it_is_told_how_far_each_run_has_come(struck):
    _, stages, far = struck()
    assert far == [(stage, 0.5, "20 of 40 ms") for stage in stages]


def test_a_height_is_searched_where_a_weight_falls(struck):
    found, _, _ = struck("drop", drop_height_mm=100.0)
    limit = found.sections["impact"]["models"]["intact"]["breaking"]
    assert limit["sought"] == "drop height" and limit["value"] == pytest.approx(100.0 * limit["factor"] ** 2)
    assert values(found, "impact_breaking_height")["intact"] == limit["value"]


def test_a_force_is_searched_where_something_pushes(struck):
    found, _, _ = struck("pulse")
    limit = found.sections["impact"]["models"]["intact"]["breaking"]
    assert limit["sought"] == "push" and limit["value"] == pytest.approx(700.0 * limit["factor"])


def test_a_femur_that_never_breaks_is_named_and_the_rest_is_kept(struck):
    found, _, _ = struck(times=1e-3)
    one = found.sections["impact"]["models"]["intact"]
    assert one["breaking"]["value"] is None and "does not break at 10 times" in one["breaking"]["why_not"]
    assert len(one["breaking"]["tried"]) == 2 and one["peak_force_n"]["floor"] > 0
    assert values(found, "impact_breaking_speed") == {}
    assert any("intact femur: What just breaks was not found" in warning for warning in found.warnings)


def test_a_harder_run_that_cannot_be_followed_ends_the_search_alone(struck):
    found, _, _ = struck(fails_from=3.01, times=0.1)
    limit = found.sections["impact"]["models"]["intact"]["breaking"]
    assert "could not be followed" in limit["why_not"] and len(limit["tried"]) == 1


def test_the_impact_itself_must_be_followed(struck):
    with pytest.raises(ConvergenceError) as caught:
        struck(fails_from=2.0)
    assert caught.value.exit_code == 4


def test_its_course_to_the_last_good_state_is_kept_beside_the_run(struck, tmp_path):
    with pytest.raises(ConvergenceError) as caught:
        struck(fails_from=2.0)
    path = tmp_path / "small-01234567-impact-intact-partial.csv"
    assert caught.value.remedy == f"shorten the step; 41 states, up to 40 ms, are in {path}"
    assert list(tmp_path.iterdir()) == [path] and len(path.read_text().splitlines()) == 42


def test_bone_that_may_break_is_told_to_hold_or_break_and_the_speed_that_breaks_it_is_bracketed(struck):
    found, _, _ = struck(bone="breaking")
    one = found.sections["impact"]["models"]["intact"]
    assert one["fracture"]["broke"] is False and one["fracture"]["force_n"] is None
    assert one["fracture"]["first_crack_time_s"] == pytest.approx(0.012)
    limit = one["breaking"]
    assert limit["value"] == pytest.approx(4.3, rel=0.03) and "analysis.fracture_area_mm2" in limit["severity"]
    assert max(run["value"] for run in limit["tried"]) <= 1.5 * 3.0 * (1 + 1e-9)
    assert values(found, "impact_first_crack_force")["intact"] == pytest.approx(one["fracture"]["first_crack_force_n"])
    assert values(found, "impact_fracture_force") == {}


def test_what_strikes_is_told_in_a_sentence(struck):
    found = [struck(kind, search_breaking=False)[0] for kind in ("fall", "drop", "pulse")]
    assert [one.sections["impact"]["setting"]["blow"] for one in found] == [
        "A fall: the hip meets the floor at 3 m/s, 35 kg behind it.",
        "A weight of 35 kg meets the head at 3 m/s.",
        "A push of 700 N over 100 ms.",
    ]
