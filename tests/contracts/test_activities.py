"""What every activity promises."""

import functools
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from femsim.anatomy.attachments import GREATER_TROCHANTER, VASTUS_LATERALIS
from femsim.loads import ACTIVITIES, ROUTINES
from femsim.loads.activity import Counting, Spread
from femsim.loads.history import HEAD
from femsim.loads.places import KNEE, TROCHANTER_SIDE, VASTUS_MEDIALIS
from femsim.loads.subject import Subject

SUBJECT = Subject(body_mass_kg=80)
SITES = {TROCHANTER_SIDE: np.array([65.0, -10.0, -20.0]), KNEE: np.array([36.5, -16.0, -421.0])}
REQUIRED = {"incline_up": 300.0, "incline_down": 300.0, "jump_landing": 400.0}  # peak_percent_bw that must be given
FALLS = ("fall_sideways", "fall_backwards")


def sample(name, kinds=ACTIVITIES, **keys):
    if name == "recorded":
        keys = {"file": recording(), "cyclic": True} | keys
    if name in REQUIRED:
        keys["peak_percent_bw"] = REQUIRED[name]
    return kinds[name](**keys)


@functools.cache
def recording() -> Path:
    """A small file of forces, written once."""
    path = Path(tempfile.mkdtemp()) / "recording.csv"
    path.write_text(RECORDING, encoding="utf-8")
    return path


RECORDING = "time_s,Fx_lat_pBW,Fy_ant_pBW,Fz_sup_pBW\n0,20,-5,-60\n0.2,60,-25,-230\n0.5,50,-20,-180\n1.1,20,-5,-60\n"


@pytest.fixture(params=sorted(ACTIVITIES))
def name(request):
    return request.param


@pytest.fixture
def activity(name):
    return sample(name)


@pytest.fixture
def history(activity):
    return activity.history(SUBJECT, SITES)


def test_forces_scale_with_the_power_of_body_mass_that_it_says(activity, history):
    heavy = activity.history(Subject(body_mass_kg=2 * SUBJECT.body_mass_kg), SITES)
    assert heavy.mass_exponent == history.mass_exponent
    assert heavy.forces == pytest.approx(2**history.mass_exponent * history.forces, rel=1e-12)


def test_forces_are_numbers(history):
    assert np.isfinite(history.forces).all() and np.isfinite(history.instants).all()


def test_the_peak_hip_force_is_one_to_twelve_body_weights_or_that_of_a_machine(history):
    peak = np.linalg.norm(history.hip[history.peak])
    if history.mass_exponent == 0.0:
        assert 1000.0 <= peak <= 6000.0  # N
    else:
        assert 1.0 <= peak / SUBJECT.body_weight <= 12.0


def test_no_muscle_pulls_harder_than_the_hip_bears(history):
    assert (np.linalg.norm(history.forces, axis=2).max(axis=0) <= 1.1 * np.linalg.norm(history.hip, axis=1).max()).all()


def test_the_hip_force_presses_the_head_onto_the_bone_at_its_peak(name, history):
    hip = history.hip[history.peak]
    if name in FALLS:
        floor = history.forces[history.peak, history.channels.index("floor")]
        assert hip @ floor == pytest.approx(-np.linalg.norm(hip) * np.linalg.norm(floor), rel=1e-12)
        assert hip[0] > 0  # outwards, where the floor is
    else:
        assert hip[2] < 0  # down
        assert hip[0] > 0 or name == "axial_compression"  # and outwards; a machine along an upright shaft


def test_channels_act_at_known_sites(history):
    known = {HEAD, GREATER_TROCHANTER, VASTUS_LATERALIS, VASTUS_MEDIALIS, TROCHANTER_SIDE}
    assert set(history.sites) <= known
    assert history.sites[history.channels.index("hip")] == HEAD
    assert len(set(history.channels)) == len(history.channels)


def test_it_names_its_sources(name, history):
    assert history.sources and all(sentence.endswith(".") for sentence in history.sources)
    if name == "recorded":  # of whom, the file's owner knows
        return
    told = " ".join(history.sources)
    assert "assumed" in told and ("patients" in told or "patient" in told or "subjects" in told)


def test_every_scenario_key_has_a_text(activity):
    keys = [field.metadata["about"] for field in fields(activity) if "about" in field.metadata]
    assert keys and all(about.text for about in keys)


def test_instants_rise_and_a_cycle_does_not_repeat_its_first(history):
    assert (np.diff(history.instants) > 0).all()
    assert history.weights.sum() == pytest.approx(1.0, abs=1e-12) and (history.weights > 0).all()
    if history.cyclic and history.instant_unit.startswith("%"):
        assert history.instants[-1] - history.instants[0] < 100.0
    else:
        assert history.instants[0] >= 0 and history.instants[-1] <= history.duration_s


@pytest.mark.parametrize("frames", [1, 2, 3, 7, 20, 101])
def test_the_peak_is_a_frame_however_many_there_are(name, activity, frames):
    alone, many = (replace(activity, frames=n).history(SUBJECT, SITES) for n in (1, frames))
    # A recording is thinned, never made denser than it is.
    assert len(many.instants) == (min(frames, 3) if name == "recorded" else frames)
    assert many.forces[many.peak] == pytest.approx(alone.forces[0], rel=1e-12)
    assert (np.linalg.norm(many.hip, axis=1) > 0.005 * np.linalg.norm(alone.hip[0])).all() or frames > 20


def test_scale_multiplies_every_force_and_is_told(activity, history):
    scaled = replace(activity, scale=1.25).history(SUBJECT, SITES)
    assert scaled.forces == pytest.approx(1.25 * history.forces, rel=1e-12)
    assert any("multiplied by 1.25" in sentence for sentence in scaled.sources)


def test_muscles_can_be_switched_off_and_it_is_told(activity, history):
    if isinstance(getattr(activity, "muscles", None), bool):
        assert len(history.channels) > 1
        bare = replace(activity, muscles=False).history(SUBJECT, SITES)
        assert bare.channels == ("hip",) and (bare.hip == history.hip).all()
        assert any("switched off" in sentence for sentence in bare.sources)


def test_its_cycles_can_be_counted_where_somebody_does_it(name, activity):
    counting = activity.counting
    assert (counting is None) == (name not in ROUTINES)
    if counting is not None:
        assert isinstance(counting, Counting) and counting.noun and counting.per_cycle in (1.0, 2.0)
        assert counting.km_per_cycle is None or 0.0003 < counting.km_per_cycle < 0.005


def test_its_spread_is_that_of_people(activity):
    spread = activity.spread
    if spread is not None:
        assert isinstance(spread, Spread) and spread.n_subjects >= 2 and spread.source
        assert 0 < spread.sd < spread.mean and spread.low <= spread.mean <= spread.high
        assert len(spread.subjects) in (0, spread.n_subjects)


def test_its_spread_agrees_with_its_own_subjects(activity):
    spread = activity.spread
    if spread is not None and spread.subjects:
        subjects = np.array(spread.subjects)
        sizes = np.linalg.norm(subjects, axis=1)
        # Figures are rounded to 1 % body weight in the sources, components to 0.1 or 1.
        assert sizes.mean() == pytest.approx(spread.mean, abs=1.0)
        assert sizes.std(ddof=1) == pytest.approx(spread.sd, abs=1.0)
        assert (sizes.min(), sizes.max()) == pytest.approx((spread.low, spread.high), abs=1.0)
        assert subjects.mean(axis=0) == pytest.approx(spread.mean_vector, abs=0.6)
        assert subjects.std(axis=0, ddof=1) == pytest.approx(spread.sd_vector, abs=0.6)
