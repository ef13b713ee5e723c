"""The figures of the literature, activity by activity."""

import numpy as np
import pytest

from femsim.loads import ACTIVITIES
from femsim.loads.course import RUN_SWING, eased, run, run_share
from femsim.loads.force_sets import STAIRS, WALKING
from femsim.loads.subject import Subject

PERCENT = Subject(body_mass_kg=100 / 9.80665)  # 1 % body weight is 1 N


def _hip(name, **keys):
    history = ACTIVITIES[name](**keys).history(PERCENT)
    return history.hip[history.peak]


def _angle(one, other):
    return np.degrees(np.arccos(one @ other / np.linalg.norm(one) / np.linalg.norm(other)))


PEAKS = [
    ("stairs_up", {}, 251.0, 1e-3),  # the set of Heller has 251.1
    ("stairs_down", {}, 260.0, 1e-12),
    ("standing_up", {}, 215.0, 5e-3),  # length of the mean vector; the mean length is 215
    ("sitting_down", {}, 156.0, 1e-12),
    ("knee_bend", {}, 143.0, 1e-12),
    ("one_legged_stance", {}, 261.0, 5e-3),  # as standing up
    ("jogging", {}, 550.0, 1e-12),
    ("running", {"speed_km_per_h": 6.0}, 749.0, 1e-12),
    ("running", {"speed_km_per_h": 12.0}, 1001.0, 1e-12),
    ("stumble", {}, 870.0, 1e-12),
    ("stumble", {"peak_percent_bw": 720.0}, 720.0, 1e-12),
    ("incline_up", {"peak_percent_bw": 333.0}, 333.0, 1e-12),
    ("incline_down", {"peak_percent_bw": 333.0}, 333.0, 1e-12),
    ("jump_landing", {"peak_percent_bw": 333.0}, 333.0, 1e-12),
]


@pytest.mark.parametrize("name, keys, percent, within", PEAKS)
def test_the_peak_is_the_published_one(name, keys, percent, within):
    assert np.linalg.norm(_hip(name, **keys)) == pytest.approx(percent, rel=within)


@pytest.mark.parametrize("forces, percent", [(WALKING, 237.7), (STAIRS, 251.1)])
def test_the_sets_of_heller_have_the_size_they_are_quoted_with(forces, percent):
    assert forces.hip_percent == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize("name", ["incline_up", "incline_down", "jump_landing"])
def test_a_peak_that_nobody_knows_must_be_given(name):
    with pytest.raises(TypeError, match="peak_percent_bw"):
        ACTIVITIES[name]()


@pytest.mark.parametrize(
    "name, model",
    [
        ("stairs_down", "stairs_up"),
        ("sitting_down", "standing_up"),
        ("knee_bend", "standing_up"),
        ("jogging", "walking"),
        ("running", "walking"),
        ("stumble", "walking"),
        ("treadmill_walking", "walking"),
    ],
)
def test_a_direction_that_nobody_measured_is_that_of_the_nearest_activity(name, model):
    assert _angle(_hip(name), _hip(model)) < 1e-5


def test_going_up_stairs_pushes_the_head_backwards_about_twice_as_much_as_walking():
    assert _hip("stairs_up")[1] / _hip("walking")[1] == pytest.approx(1.85, abs=0.01)


def test_vastus_medialis_pulls_at_its_own_site_on_stairs_only():
    assert dict(zip(STAIRS.channels, STAIRS.sites))["vastus_medialis"] == "vastus_medialis"
    assert STAIRS.percent[-1] == pytest.approx((8.8, 39.6, -267.1))
    assert "vastus_medialis" not in WALKING.channels


def test_muscles_follow_the_hip_force_in_proportion():
    history = ACTIVITIES["running"](frames=1).history(PERCENT)
    assert history.forces[0] == pytest.approx(WALKING.percent * 875.0 / WALKING.hip_percent, rel=1e-12)
    stance = ACTIVITIES["one_legged_stance"]().history(PERCENT).forces[0]
    assert stance[0] == pytest.approx((73.6, -15.0, -248.8), rel=1e-12)
    assert stance[1:] == pytest.approx(WALKING.percent[1:] * np.linalg.norm(stance[0]) / WALKING.hip_percent, rel=1e-12)


def test_a_run_has_one_hump_of_the_published_width_and_a_quiet_swing():
    t = np.linspace(0, 100, 100_001)
    share = run_share(t, 0.0)
    assert share.max() == 1.0 and t[np.argmax(share)] == 13.5
    assert np.ptp(t[share >= 0.5]) == pytest.approx(16.0, abs=0.01)
    assert (share[t > 35.0] < 1e-12).all()
    swing = run(1000, 0.28, 874.0)
    assert 874.0 * swing.share.min() == pytest.approx(RUN_SWING, rel=1e-12)
    assert swing.duration_s == pytest.approx(0.8)  # the foot is on the ground for 35 % of it


def test_a_stumble_is_told_in_seconds():
    history = ACTIVITIES["stumble"](duration_s=0.2).history(PERCENT)
    assert history.instant_unit == "s" and history.duration_s == 0.2 and not history.cyclic
    assert history.instants[history.peak] == pytest.approx(0.1)


def test_a_stance_does_not_move():
    history = ACTIVITIES["one_legged_stance"](frames=4).history(PERCENT)
    assert (history.forces == history.forces[0]).all()


def test_a_curve_is_eased_through_its_points():
    points = ((0, 300), (12, 3000), (32, 1500))
    assert eased([0, 6, 12, 22, 32], points) == pytest.approx([300, 1650, 3000, 2250, 1500])
