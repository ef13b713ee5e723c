"""What is told of an impact: peaks, risk over its instants, and what the files give back."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses import impact_breaks
from femsim.analyses.impact_course import Breakage
from femsim.metrics import fracture
from femsim.metrics.blow import blow, blow_measures
from femsim.metrics.bone_strain import bone_strain, mean_strain
from femsim.metrics.risk_factor import RiskFactor
from femsim.results import impact, vtkhdf
from femsim.results.selection import OF_IMPACT

OF_BREAKING = {"impact_crack_area", "impact_dissipated", "impact_first_crack_force", "impact_fracture_force"}


def breakage(course, area):
    rising = np.linspace(0.0, 1.0, len(course.times))
    return Breakage(100.0 * rising, area * rising, 30.0, 340.0)


def blow_of(small_run, model="intact", **changes):
    pair = dict(zip(("operated", "intact"), small_run.outcomes()))
    course = replace(small_run.impact_course(model), **changes)
    return course, blow(course, pair[model], pair["operated"], RiskFactor().criterion)


def test_peaks_are_those_of_the_courses(small_run):
    course, found = blow_of(small_run)
    assert found.leading == "floor" and found.peak_force == {"floor": 4000.0, "hip": 3000.0}
    assert found.peak_time["floor"] == pytest.approx(0.02) and found.risk_time == pytest.approx(0.02)
    assert found.energy_error == pytest.approx(np.abs(course.balance).max())


def test_the_first_force_leads_where_there_is_no_floor(small_run):
    pulse = {"hip": small_run.impact_course("intact").forces["hip"]}
    assert blow_of(small_run, forces=pulse)[1].leading == "hip"


def test_mean_strain_of_a_displacement_is_that_of_the_load_that_makes_it(small_run):
    operated, intact = small_run.outcomes()
    whole = bone_strain(intact, operated).fields[:, 0]
    assert mean_strain(intact, operated, intact.displacement_basis[0]) == pytest.approx(whole, rel=1e-12, abs=1e-15)


def test_risk_grows_in_proportion_to_a_displacement_and_is_told_of_bone_alone(small_run):
    course, found = blow_of(small_run, "operated")
    assert found.risk_over_time[[0, 2]] == pytest.approx([0.0, found.risk_max])
    assert found.risk_over_time[1] == pytest.approx(found.risk_max * np.sin(np.pi / 4), rel=1e-6)
    metal = course.model.mesh.in_region("cap", "cement")
    assert np.isnan(found.risk[:, metal]).all() and np.isfinite(found.risk[:, ~metal]).all()


def test_measures_have_the_names_that_are_told_apart_and_units(small_run):
    blows = {model: blow_of(small_run, model)[1] for model in ("operated", "intact")}
    found = blow_measures(blows)
    told_elsewhere = {name for name in OF_IMPACT if name.startswith("impact_breaking")} | OF_BREAKING
    assert {m.name for m in found} == set(OF_IMPACT) - told_elsewhere
    assert {m.model for m in found} == {"operated", "intact", "change"} and all(m.unit and m.note for m in found)


def test_a_fracture_is_told_with_its_time_and_force(small_run):
    course = small_run.impact_course("intact")
    found = blow_of(small_run, breakage=breakage(course, 680.0))[1]
    assert found.breaks.broke and found.severity == pytest.approx(2.0)
    assert found.breaks.time == pytest.approx(0.02) and found.breaks.force == pytest.approx(4000.0)
    assert found.breaks.crack_time == pytest.approx(0.012)
    measures = blow_measures({"intact": found})
    assert {m.name for m in measures} >= OF_BREAKING and all(m.unit and m.note for m in measures)


def test_bone_that_held_has_no_force_of_fracture(small_run):
    found = blow_of(small_run, breakage=breakage(small_run.impact_course("intact"), 170.0))[1]
    assert not found.breaks.broke and found.severity == pytest.approx(0.5)
    assert "impact_fracture_force" not in {m.name for m in blow_measures({"intact": found})}


def test_linear_bone_is_judged_by_its_risk_factor(small_run):
    found = blow_of(small_run)[1]
    assert found.breaks is None and found.severity == found.risk_max


def test_what_is_broken_is_the_same_everywhere():
    assert impact_breaks.BROKEN == fracture.BROKEN


def test_broken_bone_is_counted_by_place(small_run):
    damage = np.zeros_like(small_run.impact_course("intact").damage)
    damage[-1, 0] = 0.9
    (volume,) = blow_of(small_run, damage=damage)[1].broken.values()
    assert volume == pytest.approx(24 * 16 * 80 / 360)  # one of 60 boxes, each of six tetrahedra


def test_the_files_give_back_the_course(small_run, tmp_path):
    course, found = blow_of(small_run)
    impact.write(tmp_path, {"intact": course}, {"intact": found})
    written = impact.read_csv(tmp_path)["intact"]
    assert written.times == pytest.approx(course.times, rel=1e-8)
    for name, unit in (("forces", 1), ("travels", 1), ("energies", 1e3)):
        for key, values in getattr(course, name).items():
            assert getattr(written, name)[key] == pytest.approx(values / unit, rel=1e-8, abs=1e-12)
    assert written.frames.tolist() == course.frames.tolist()
    assert written.risk == pytest.approx(found.risk_over_time, rel=1e-6)
    path = tmp_path / "impact-intact.vtkhdf"
    assert vtkhdf.instants(path) == pytest.approx(course.times[course.frames])
    assert vtkhdf.read_step(path, "intact", 2).cell_fields["risk_factor"] == pytest.approx(found.risk[2], nan_ok=True)
