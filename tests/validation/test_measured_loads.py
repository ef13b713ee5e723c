"""Measured loads as they were published run as they are; femsim's own walking is one of the hips that were measured.

In vivo: ten instrumented hips (OrthoLoad, Bergmann 2016, doi 10.1371/journal.pone.0155612). Model: OpenSim gait2392.
"""

import csv

import numpy as np
import pytest

from femsim.loads.reading.plausible import MOST_MEDIAL
from femsim.loads.recorded import Recorded
from femsim.loads.subject import Subject
from femsim.loads.walking import Walking

SUBJECT = Subject(body_mass_kg=75)
PEAKS, WALK = "orthoload_hip3_peak_forces.csv", "opensim_gait2392_subject01_walk_hip_r.csv"
BEGIN, END = 0.5, 1.75  # s; the swings before two steps of the same leg


@pytest.fixture(scope="module")
def loads(shared_data):
    folder = shared_data / "loads"
    if not (folder / PEAKS).is_file() or not (folder / WALK).is_file():
        pytest.skip(f"no measured loads in {folder}")
    return folder


@pytest.fixture(scope="module")
def peaks(loads):
    """(subject, activity) → peak in % body weight, computed by femsim from the table."""
    with (loads / PEAKS).open(encoding="utf-8") as file:
        names = [(row["subject"], row["activity"]) for row in csv.DictReader(file)]
    found = {}
    for subject, activity in names:
        recorded = Recorded(loads / PEAKS, frame="bergmann", rows=f"subject={subject}, activity={activity}")
        found[subject, activity] = 100 * recorded.history(SUBJECT).hip[0] / SUBJECT.body_weight
    return found


def test_every_measured_peak_runs_as_it_was_published(loads, peaks):
    with (loads / PEAKS).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found = peaks[row["subject"], row["activity"]]
            assert found == pytest.approx([float(row[f"F{axis}_pBW"]) for axis in "xyz"], rel=1e-12)
            assert np.linalg.norm(found) == pytest.approx(float(row["Fres_pBW"]), abs=0.001)  # its last digit
    assert len(peaks) == 29


def test_every_measured_peak_pushes_the_head_outwards(peaks):
    # What the refusal of inward forces rests on.
    assert min(peak[0] / np.linalg.norm(peak) for peak in peaks.values()) > 0.13 > -MOST_MEDIAL


def test_the_recorded_walk_peaks_where_the_model_published_it(loads):
    history = Recorded(loads / WALK, recorded_mass_kg=72.4).history(SUBJECT)
    assert len(history.instants) == 20
    assert np.linalg.norm(history.hip[history.peak]) / SUBJECT.body_weight == pytest.approx(3.76, abs=0.005)
    assert history.instants[history.peak] == pytest.approx(1.26)


def test_one_cycle_of_the_recorded_walk_closes(loads):
    history = Recorded(loads / WALK, recorded_mass_kg=72.4, begin=BEGIN, end=END, cyclic=True).history(SUBJECT)
    assert history.weights.sum() == pytest.approx(1.0)
    assert history.duration_s == pytest.approx(END - BEGIN)


@pytest.mark.parametrize("part", ["lateral", "anterior", "proximal", "resultant"])
def test_the_peak_of_walking_lies_within_two_deviations_of_ten_people(peaks, part):
    walking = Walking(frames=1).history(SUBJECT)
    own = 100 * walking.hip[0] / SUBJECT.body_weight
    measured = np.array([peak for (_, activity), peak in peaks.items() if activity == "LW"])
    of = {"lateral": 0, "anterior": 1, "proximal": 2}
    own, measured = (
        (np.linalg.norm(own), np.linalg.norm(measured, axis=1))
        if part == "resultant"
        else (own[of[part]], measured[:, of[part]])
    )
    assert len(measured) == 10
    assert abs(own - measured.mean()) <= 2 * measured.std(ddof=1)
