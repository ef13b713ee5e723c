"""A failure analysis of both femora: what is told of it, what is kept, and what remains when it fails."""

import csv
import sys
from dataclasses import replace

import pytest

from femsim import beyond
from femsim.analyses.linear_static import LinearStatic
from femsim.errors import ConvergenceError
from femsim.results import failure, vtkhdf
from femsim.results.selection import OF_FRACTURE
from tests.unit.beyond.conftest import StandIn

MODULE = sys.modules["femsim.beyond.failing"]  # the package has a function of this name


def measure(found, name, model):
    return next((m.value for m in found.measures if (m.name, m.model) == (name, model)), None)


def test_linear_statics_finds_nothing_more(asked, tmp_path):
    found = beyond.found(asked(LinearStatic())[0])
    assert (found.sections, found.measures, found.log) == ({}, (), ())
    found.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_both_femora_are_broken_and_set_against_each_other(asked, small_run):
    one, stages = asked()
    found = beyond.found(one)
    told = found.sections["failure"]
    assert stages == ["break intact", "break operated"] and list(told["models"]) == ["operated", "intact"]
    assert told["operated_over_intact"] == pytest.approx(0.8)
    hip = float(small_run.failure_course("intact").hip_force.max())
    assert measure(found, "fracture_load", "intact") == pytest.approx(hip)
    assert measure(found, "fracture_load", "change") == pytest.approx(-20.0)
    assert found.log[:3] == ("", "failure of operated:", "step 1: 3 iterations")


def test_the_linear_estimate_stands_beside_the_nonlinear_load(asked, small_run):
    found = beyond.found(asked()[0])
    one = found.sections["failure"]["models"]["intact"]
    risk = small_run.courses()[0]["intact"]
    history = risk.case.history
    peak = float((history.hip[history.peak] ** 2).sum() ** 0.5)
    assert one["linear_estimate_n"] == pytest.approx(peak / risk.peak_of("femur")[0])
    percent = 100.0 * (one["linear_estimate_n"] / one["fracture_load_n"] - 1.0)
    assert one["linear_over_fracture_percent"] == pytest.approx(percent)
    assert measure(found, "linear_over_fracture_load", "intact") == pytest.approx(percent)


def test_without_an_implant_one_femur_is_broken_once(asked, tmp_path):
    one, stages = asked(implant=False)
    found = beyond.found(one)
    assert stages == ["break intact"] and list(found.sections["failure"]["models"]) == ["intact"]
    assert found.sections["failure"]["operated_over_intact"] is None
    assert measure(found, "fracture_load", "operated") == measure(found, "fracture_load", "intact")
    assert measure(found, "fracture_load", "change") == 0.0
    found.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"failure.csv", "failure-intact.vtkhdf"}


def test_a_load_that_did_not_pass_its_peak_is_at_least_and_has_no_change(asked, small_run):
    found = beyond.found(asked(StandIn(small_run, past_peak=False))[0])
    assert found.sections["failure"]["operated_over_intact"] is None
    assert found.sections["failure"]["models"]["intact"]["linear_over_fracture_percent"] is None
    assert measure(found, "fracture_load", "change") is None and measure(found, "first_crack_load", "change")
    notes = [m.note for m in found.measures if m.name == "fracture_load"]
    assert sum("had not passed its peak" in one for one in found.warnings) == 2 and all(
        note.startswith("at least") for note in notes
    )


@pytest.mark.parametrize("elements, warned", [(2.0, True), (MODULE.FEW, False)])
def test_a_first_crack_of_few_elements_belongs_to_the_mesh(elements, warned, asked, monkeypatch):
    true = MODULE.fracture
    monkeypatch.setattr(MODULE, "fracture", lambda *given: replace(true(*given), crack_elements=elements))
    found = beyond.found(asked()[0])
    assert any("its load belongs to the mesh" in warning for warning in found.warnings) is warned


def test_measures_have_the_names_that_are_told_apart(asked):
    assert {m.name for m in beyond.found(asked()[0]).measures} == set(OF_FRACTURE)


@pytest.mark.parametrize("model", ["intact", "operated"])
def test_the_course_to_the_last_good_state_is_kept_beside_the_run(model, asked, small_run, tmp_path):
    one, _ = asked(StandIn(small_run, fails=model))
    with pytest.raises(ConvergenceError, match="too small") as told:
        beyond.found(one)
    path = tmp_path / f"small-01234567-failure-{model}-partial.csv"
    assert str(path) in told.value.remedy and told.value.remedy.startswith("refine the mesh; 7 converged states")
    assert told.value.exit_code == 4 and list(tmp_path.iterdir()) == [path]
    with path.open() as file:
        assert [float(row["factor"]) for row in csv.DictReader(file)][-1] == pytest.approx(
            2.5 * (0.8 if model == "operated" else 1.0)
        )


def test_an_error_without_a_course_passes_as_it_is(asked, small_run, tmp_path):
    one, _ = asked(StandIn(small_run, fails="intact", with_course=False))
    with pytest.raises(ConvergenceError) as told:
        beyond.found(one)
    assert told.value.remedy == "refine the mesh" and list(tmp_path.iterdir()) == []


def test_the_files_give_back_the_course(asked, small_run, tmp_path):
    beyond.found(asked()[0]).write(tmp_path)
    course = small_run.failure_course("operated", 0.8)
    written = failure.read_csv(tmp_path)["operated"]
    for name, unit in (("factor", 1), ("travel", 1), ("hip_force", 1), ("work", 1e3), ("stored", 1e3), ("yielded", 1)):
        assert getattr(written, name) == pytest.approx(getattr(course, name) / unit, rel=1e-8)
    assert written.frames.tolist() == course.frames.tolist() and written.peak == course.peak
    path = tmp_path / "failure-operated.vtkhdf"
    assert vtkhdf.instants(path).tolist() == course.frames.tolist()
    step = vtkhdf.read_step(path, "operated", 2)
    assert step.cell_fields["damage"] == pytest.approx(course.damage[2], rel=1e-6)
    assert step.point_fields["displacement"] == pytest.approx(course.displacement[2], rel=1e-5, abs=1e-9)
