"""activities.csv is read as it was written, and every activity is told once."""

from copy import deepcopy

import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.results import activities, summary


@pytest.fixture(scope="module")
def run(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


def test_the_table_gives_back_the_courses(small_run, run):
    written, courses = activities.read_csv(run), small_run.courses()
    assert [one.activity for one in written] == ["walking", "walking", "jogging", "rising"]
    for one, both in zip(written, courses):
        history = both["operated"].case.history
        assert one.instants == pytest.approx(history.instants) and one.instant_unit == history.instant_unit
        assert one.hip == pytest.approx(history.hip, rel=1e-6)  # seven digits are written
        for model, course in both.items():
            assert one.largest[model] == pytest.approx(course.largest[:, -1], rel=1e-6)
            assert one.p99[model] == pytest.approx(course.p99, rel=1e-6)


def test_two_activities_of_one_name_and_one_instant_stay_apart(small_run, tmp_path):
    rising = small_run.courses()[-1]
    activities.write_csv(tmp_path, [rising, rising])
    assert [len(one.instants) for one in activities.read_csv(tmp_path)] == [1, 1]


@pytest.mark.parametrize("text", ["activity\nwalking\n", "activity,frame,place\nwalking,x,femur\n"])
def test_a_damaged_table_is_refused(tmp_path, text):
    (tmp_path / activities.FILE).write_text(text)
    with pytest.raises(StoreError, match="damaged"):
        activities.read_csv(tmp_path)


def test_a_run_without_the_table_says_so(tmp_path):
    with pytest.raises(StoreError, match="has no activities"):
        activities.read_csv(tmp_path)


def test_the_routine_speaks_for_the_same_activity_under_load(run):
    told = summary.read(run)["activities"]
    assert activities.rows_once(told) == [1, 2, 3]


@pytest.mark.parametrize("change", [("hip_peak_n", 1.0), ("sources", ["another"]), ("duration_s", 9.0)])
def test_an_activity_that_differs_is_told_beside_the_one_under_load(run, change):
    told = deepcopy(summary.read(run)["activities"])
    told[1].update([change])
    assert activities.rows_once(told) == [0, 1, 2, 3]


def test_rounding_makes_no_other_activity(run):
    told = deepcopy(summary.read(run)["activities"])
    told[1]["models"]["operated"]["risk_factor_max"] *= 1 + 1e-12
    assert activities.rows_once(told) == [1, 2, 3]
    assert activities.rows_once([]) == [] and activities.rows_once(told[:1]) == [0]


def test_it_says_when_and_where_a_model_is_at_its_worst(run):
    told = summary.read(run)["activities"]
    assert activities.reached(told[0], "operated") == "at 15 % gait cycle in neck"
    assert activities.reached(told[3], "intact") == "at 0.8 s in shaft"


def test_zones_are_read_from_the_femur_alone(run):
    lines = (run / activities.FILE).read_text().splitlines()
    n_frames = sum(len(one.instants) for one in activities.read_csv(run))
    assert len(lines) == 1 + 3 * n_frames and np.unique([line.count(",") for line in lines]).tolist() == [11]
