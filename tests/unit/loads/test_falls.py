"""Falls: how large, which way, and in balance."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.loads.fall import floor_normal
from femsim.loads.fall_backwards import FallBackwards
from femsim.loads.fall_sideways import FallSideways
from femsim.loads.subject import Subject

SITES = {"trochanter_side": np.array([65.0, -10.0, -20.0]), "knee": np.array([36.5, -16.0, -421.0])}
FALLS = [FallSideways, FallBackwards]


def _peak(fall, sites=SITES, subject=None):
    """Force of the floor and on the head, each (3,) [N]."""
    history = fall.history(subject or Subject(), sites)
    head, floor = history.forces[history.peak]
    return floor, head


@pytest.mark.parametrize(
    "speed, stiffness, mass, force", [(3.0, 71.0, 35.0, 4730.0), (3.0, 30.0, 35.0, 3070.0), (3.0, 71.0, 45.0, 5360.0)]
)
@pytest.mark.parametrize("kind", FALLS)
def test_the_floor_pushes_as_a_spring_that_stops_a_mass(kind, speed, stiffness, mass, force):
    fall = kind(impact_speed_m_per_s=speed, stiffness_kn_per_m=stiffness, effective_mass_share=mass / 75.0)
    assert np.linalg.norm(_peak(fall)[0]) == pytest.approx(force, rel=2e-3)  # quoted with three digits


def test_a_person_of_75_kg_falls_with_4_73_kn():
    assert np.linalg.norm(_peak(FallSideways())[0]) == pytest.approx(4730.0, abs=5.0)


@pytest.mark.parametrize("kind", FALLS)
@pytest.mark.parametrize("tilt", [-20.0, 0.0, 10.0, 45.0])
@pytest.mark.parametrize("seed", range(5))
def test_no_moment_acts_about_the_axis_on_which_the_knee_turns(kind, tilt, seed):
    rng = np.random.default_rng(seed)
    sites = {name: point + rng.normal(0, 8, 3) for name, point in SITES.items()}
    floor, head = _peak(kind(shaft_from_floor_deg=tilt), sites)
    up = floor / np.linalg.norm(floor)
    axis = np.cross((0.0, 0.0, 1.0), up)  # horizontal, square to the shaft
    moments = np.cross(sites["trochanter_side"] - sites["knee"], floor), np.cross(-sites["knee"], head)
    about = [moment @ axis for moment in moments]
    assert abs(sum(about)) < 1e-12 * abs(about[0])


def test_the_knee_carries_the_small_rest_against_the_floor():
    floor, head = _peak(FallSideways())
    knee = -(floor + head)
    assert 0 < -knee @ floor / (floor @ floor) < 0.15
    assert np.cross(knee, floor) == pytest.approx(0.0, abs=1e-6)


def test_on_the_side_the_floor_pushes_inwards_and_from_behind():
    x, y, z = floor_normal(0.0, 0.0)
    assert (x, y, z) == pytest.approx((-1.0, 0.0, 0.0))
    floor, head = _peak(FallSideways())
    assert floor[0] < 0 < floor[1] and floor[2] < 0  # inwards, forward, and down the shaft: the knee is the higher end
    assert head[0] > 0 > head[1]
    assert np.degrees(np.arctan2(floor[1], -floor[0])) == pytest.approx(15.0)
    assert np.degrees(np.arcsin(-floor[2] / np.linalg.norm(floor))) == pytest.approx(10.0)


def test_on_the_back_the_floor_pushes_forward_and_the_more_inwards_the_more_the_hip_is_turned_out():
    straight, turned, side = (_peak(FallBackwards(external_rotation_deg=angle))[0] for angle in (0.0, 45.0, 90.0))
    assert straight[0] == pytest.approx(0.0, abs=1e-9) and straight[1] > 0
    assert turned[1] == pytest.approx(-turned[0])
    assert side == pytest.approx(_peak(FallSideways(internal_rotation_deg=0.0))[0], abs=1e-9)


def test_the_impact_lasts_half_a_period_of_its_spring():
    history = FallSideways(frames=7).history(Subject(), SITES)
    assert history.duration_s == pytest.approx(np.pi * np.sqrt(35.0 / 71000.0))
    assert history.instants[history.peak] == pytest.approx(history.duration_s / 2)


@pytest.mark.parametrize("missing", ["knee", "trochanter_side"])
def test_a_femur_without_levers_is_refused(missing):
    sites = {name: point for name, point in SITES.items() if name != missing}
    with pytest.raises(ModelError, match=missing):
        FallSideways().history(Subject(), sites)


def test_a_knee_above_the_hip_is_refused():
    with pytest.raises(ModelError, match="towards the hip"):
        FallSideways().history(Subject(), SITES | {"knee": np.array([36.0, -16.0, 400.0])})
