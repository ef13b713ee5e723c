"""Level walking, on the floor and on a treadmill."""

import numpy as np
import pytest

from femsim.loads.course import cycle_share
from femsim.loads.force_sets import HELLER_WALKING
from femsim.loads.subject import Subject
from femsim.loads.treadmill_walking import TreadmillWalking
from femsim.loads.walking import Walking

PERCENT = Subject(body_mass_kg=100 / 9.80665)  # 1 % body weight is 1 N


def _peak(activity, subject=PERCENT):
    history = activity.history(subject)
    return np.linalg.norm(history.hip[history.peak])


@pytest.mark.parametrize("frames", [1, 7, 20, 101])
def test_the_peak_instant_is_a_frame_however_many_there_are(frames):
    history = Walking(frames=frames).history(Subject())
    assert len(history.instants) == frames
    assert history.instants[history.peak] == pytest.approx(18.0, abs=1e-12)
    assert (np.diff(history.instants) > 0).all() and history.instants[-1] < 100.0


def test_at_the_peak_the_forces_are_the_published_set():
    history = Walking().history(PERCENT)
    assert history.forces[history.peak] == pytest.approx(
        np.array([(54, -32.8, -229.2), (-58, 4.3, 86.5), (-7.2, 11.6, 13.2), (0.5, -0.7, -19), (0.9, 18.5, -92.9)]),
        rel=1e-12,
    )


@pytest.mark.parametrize("speed, peak", [("slow", 242), ("normal", 238), ("fast", 250)])
def test_the_peak_is_that_of_bergmann_2001_at_each_speed(speed, peak):
    assert _peak(Walking(speed=speed)) == pytest.approx(peak, rel=2e-3)  # the set of Heller has 237.7


def test_at_normal_speed_the_set_is_as_published_to_the_last_bit():
    history = Walking(frames=1).history(Subject())
    published = np.array([(-x, y, z) for _, _, (x, y, z) in HELLER_WALKING]) * (Subject().body_weight / 100.0)
    assert (history.forces[0] == published).all()


def test_the_hip_force_leans_as_published():
    lateral, anterior, proximal = Walking().history(PERCENT).hip[5]
    assert np.degrees(np.arctan2(lateral, -proximal)) == pytest.approx(13.3, abs=0.05)
    assert np.degrees(np.arctan2(-anterior, -proximal)) == pytest.approx(8.1, abs=0.05)


def test_the_mean_force_of_ten_patients_leans_as_published():
    lateral, anterior, proximal = Walking.spread.mean_vector
    assert np.degrees(np.arctan2(lateral, -proximal)) == pytest.approx(16.0, abs=0.05)
    assert np.degrees(np.arctan2(-anterior, -proximal)) == pytest.approx(5.7, abs=0.05)


def test_the_cycle_has_two_humps_and_a_quiet_swing():
    assert cycle_share([18.0]) == 1.0
    assert cycle_share([45.0]) == pytest.approx(232 / 250)
    assert 0.65 <= cycle_share([30.0])[0] <= 0.76
    assert (cycle_share(np.arange(75, 86)) <= 0.091).all()
    assert cycle_share([0.0]) == cycle_share([100.0])


def test_scale_multiplies_hip_and_muscles_together():
    plain, scaled = (Walking(scale=scale).history(Subject()) for scale in (1.0, 1.5))
    assert scaled.forces == pytest.approx(1.5 * plain.forces, rel=1e-14)
    assert any("1.5" in sentence for sentence in scaled.sources)


def test_without_muscles_the_hip_force_is_alone_and_the_report_says_so():
    history = Walking(muscles=False).history(Subject())
    assert history.channels == ("hip",)
    assert any("switched off" in sentence for sentence in history.sources)


def test_a_cycle_of_two_steps_covers_speed_times_its_duration():
    counting = Walking().counting
    assert counting.noun == "steps" and counting.per_cycle == 2
    assert counting.km_per_cycle == pytest.approx(4.0 * 1.10 / 3600)
    assert Walking(speed_km_per_h=5.0, cycle_s=1.0).counting.km_per_cycle == pytest.approx(5.0 / 3600)


@pytest.mark.parametrize("speed, peak", [(1.0, 280.0), (3.0, 380.0), (5.0, 480.0)])
def test_on_a_treadmill_the_peak_rises_in_a_straight_line(speed, peak):
    assert _peak(TreadmillWalking(speed_km_per_h=speed)) == pytest.approx(peak, rel=1e-12)
