"""Axes with distributions: what is drawn, what is refused, and subjects from a file."""

import numpy as np
import pytest

from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep

LHS = """[sweep]
design = "latin_hypercube"
n = 200
seed = 3
[[sweep.axis]]
key = "subject.body_mass_kg"
distribution = "truncated_normal"
mean = 75
sd = 12
low = 45
high = 120
[[sweep.axis]]
name = "sex"
values = [{label = "man", femur.sex = "male"}, {label = "woman", femur.sex = "female"}]
distribution = "choice"
weights = [3, 1]
"""


def planned(path, *overrides):
    return plan(load_sweep(path, overrides))


def test_draws_follow_their_distributions(sweep_file):
    cases = planned(sweep_file(LHS)).cases
    mass = np.array([case.values["subject.body_mass_kg"] for case in cases])
    # A Latin hypercube of 200 meets the mean of N(75, 12) cut at 45 and 120 far better than 12/√200 = 0.8.
    assert mass.mean() == pytest.approx(75.2, abs=0.1)
    assert sum(case.values["sex"] == "woman" for case in cases) == 50


def test_drawn_numbers_have_nine_digits(sweep_file):
    for case in planned(sweep_file(LHS), "sweep.n=20").cases:
        value = case.values["subject.body_mass_kg"]
        assert value == float(f"{value:.9g}")


def test_draws_that_meet_again_are_computed_once(sweep_file):
    text = """[sweep]
design = "monte_carlo"
n = 30
seed = 1
[[sweep.axis]]
key = "implant.cement_mm"
values = [1, 2]
"""
    found = planned(sweep_file(text))
    assert len(found.cases) == 2 and found.n_repeated == 28


def test_one_at_a_time_takes_low_and_high_ends_of_a_distribution(sweep_file):
    text = """[sweep]
design = "one_at_a_time"
[[sweep.axis]]
key = "subject.body_mass_kg"
low = 60
high = 80
"""
    assert [case.values["subject.body_mass_kg"] for case in planned(sweep_file(text)).cases] == [75.0, 61.0, 79.0]


AXIS = '[sweep]\ndesign = "monte_carlo"\nn = 8\nseed = 1\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AXIS.replace("seed = 1\n", "") + "low = 60\nhigh = 80", "missing"),
        (AXIS.replace("n = 8", "n = 0") + "low = 60\nhigh = 80", "below the least allowed, 1"),
        (AXIS + 'distribution = "normal"\nmean = 75\nsd = 12', "reaches out of what the key takes"),
        (AXIS + 'distribution = "normal"\nmean = 75', "sd: missing"),
        (AXIS + 'distribution = "normal"\nmean = 75\nsd = 0', "nothing is varied"),
        (AXIS + 'distribution = "choice"\nweights = [1]', "needs values to choose from"),
        (AXIS + 'distribution = "choice"\nvalues = [60, 70]\nweights = [1]', "2 values and 1 weights"),
        (AXIS + "values = [60, 70]\nlow = 50\nhigh = 60", "values and a distribution"),
        (AXIS.replace("n = 8", 'n = 8\ncorrelation = [["subject.body_mass_kg", "age", 0.5]]') + "low = 60\nhigh = 80",
         "there is no axis 'age'"),
        (AXIS.replace("monte_carlo", "sobol").replace("n = 8", 'n = 8\ncorrelation = [["a", "b", 0.5]]')
         + "low = 60\nhigh = 80", "take latin_hypercube, monte_carlo"),
        (AXIS.replace("body_mass_kg", "frames").replace("subject", "load") + "low = 10\nhigh = 20", "a whole number"),
    ],
)  # fmt: skip
def test_a_wrong_draw_is_told(problems_of, text, words):
    assert words in problems_of(text)


def test_correlations_that_cannot_be_are_refused(problems_of):
    axes = "".join(f'[[sweep.axis]]\nkey = "implant.{key}"\nlow = 1\nhigh = 2\n'
                   for key in ("cement_mm", "depth_mm", "notch_mm"))  # fmt: skip
    pairs = '[["implant.cement_mm", "implant.depth_mm", 0.9], ["implant.depth_mm", "implant.notch_mm", 0.9],'
    pairs += ' ["implant.cement_mm", "implant.notch_mm", -0.9]]'
    told = problems_of(f'[sweep]\ndesign = "monte_carlo"\nn = 8\nseed = 1\ncorrelation = {pairs}\n{axes}')
    assert "not positive definite" in told


HIPS = """[sweep]
design = "grid"
subjects = "hips.csv"
[[sweep.axis]]
key = "implant.cement_mm"
values = [1, 2]
"""


def hips(path, text):
    path.with_name("hips.csv").write_text(text, encoding="utf-8")
    return path


def test_every_hip_gets_every_case(sweep_file):
    path = hips(sweep_file(HIPS), "id,femur.sex,subject.body_mass_kg\nA,female,60\nB,,90.5\n")
    found = planned(path)
    assert [case.values for case in found.cases[1:3]] == [
        {"subject": "A", "femur.sex": "female", "subject.body_mass_kg": 60, "implant.cement_mm": 2},
        {"subject": "B", "femur.sex": "male", "subject.body_mass_kg": 90.5, "implant.cement_mm": 1},
    ]
    assert found.units == {"subject": "-", "femur.sex": "-", "subject.body_mass_kg": "kg", "implant.cement_mm": "mm"}


def test_files_of_subjects_lie_beside_their_table(sweep_file, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.stl").write_text(f"solid {name}\n")
    path = hips(sweep_file(HIPS), "id,femur.kind,femur.file\nA,surface,a.stl\nB,surface,b.stl\n")
    sets = planned(path).cases[0].sets
    assert f'femur.file="{tmp_path / "a.stl"}"' in sets


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("id,femur.sex\nA,male\nA,female\n", 3, "the id 'A' stands in line 2 already"),
        ("id,femur.sx\nA,male\n", 1, "unknown key"),
        ("name,femur.sex\nA,male\n", 1, "has no column 'id'"),
        ("id,femur.sex\n", 1, "no row below its header"),
        ("id,femur.kind,femur.file\nA,surface,no.stl\n", 2, "no such file"),
        ("id,subject.body_mass_kg\nA,heavy\n", 2, "a number in kg is expected"),
        ("id,subject.body_mass_kg\nA,700\n", 2, "above the most allowed"),
        ("id,femur.sex\nA\n", 2, "1 fields where the header names 2"),
        ("id,femur.sex\n,male\n", 2, "id is empty"),
        ("id,femur.sex,femur.sex\nA,male,male\n", 1, "stands twice"),
    ],
)
def test_a_wrong_table_of_subjects_is_told_with_its_line(sweep_file, problems_of, table, line, words):
    hips(sweep_file(HIPS), table)
    told = problems_of(HIPS)
    assert words in told and f"hips.csv:{line}" in told


def test_a_missing_table_of_subjects_is_told(problems_of):
    assert "cannot be read" in problems_of(HIPS)


def test_a_key_is_varied_by_subjects_or_by_an_axis(sweep_file, problems_of):
    hips(sweep_file(HIPS), "id,implant.cement_mm\nA,1\n")
    assert "is a column of the subjects too" in problems_of(HIPS)


def test_sobol_indices_are_of_one_hip(problems_of):
    assert "is about one hip" in problems_of(HIPS.replace('"grid"', '"saltelli"\nn = 8\nseed = 1'))


CROSSED = """[sweep]
design = "latin_hypercube"
n = 5
seed = 1
[[sweep.axis]]
key = "implant.cement_mm"
low = 0.5
high = 2
[[sweep.axis]]
key = "load.activity"
values = ["walking", "stairs_up"]
crossed = true
"""


def test_a_crossed_axis_goes_with_every_case(sweep_file):
    sweep = load_sweep(sweep_file(CROSSED))
    cases = plan(sweep).cases
    assert sweep.n_designed == len(cases) == 10
    assert [case.values["load.activity"] for case in cases] == ["walking", "stairs_up"] * 5
    assert cases[0].values["implant.cement_mm"] == cases[1].values["implant.cement_mm"]
    assert cases[0].stiffness_key == cases[1].stiffness_key != cases[2].stiffness_key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CROSSED.replace("latin_hypercube", "saltelli"), "cannot be crossed"),
        (CROSSED.replace('values = ["walking", "stairs_up"]', "").replace("load.activity", "implant.depth_mm")
         + "low = 0\nhigh = 1", "a crossed axis needs values"),
        (CROSSED.replace("high = 2", "high = 2\nsteps = 2\ncrossed = true"), "every axis is crossed"),
    ],
)  # fmt: skip
def test_a_wrong_crossing_is_told(problems_of, text, words):
    assert words in problems_of(text)
