"""A limp shifts gait forces from one leg to the other."""

import pytest

from femsim.loads import ACTIVITIES
from femsim.loads.subject import Subject

GAIT = {"walking", "treadmill_walking", "incline_up", "incline_down", "stairs_up", "stairs_down", "jogging", "running"}
SITES = {"trochanter_side": (65.0, -10.0, -20.0), "knee": (36.5, -16.0, -421.0)}


def _forces(name, **subject):
    keys = {"peak_percent_bw": 300.0} if name in ("incline_up", "incline_down", "jump_landing") else {}
    return ACTIVITIES[name](**keys).history(Subject(**subject), SITES)


@pytest.mark.parametrize("name", sorted(set(ACTIVITIES) - {"recorded"}))
@pytest.mark.parametrize("ratio", [0.5, 3.0])
def test_only_gait_is_shifted(name, ratio):
    share = 2 * ratio / (1 + ratio) if name in GAIT else 1.0
    limping = _forces(name, limp_ratio=ratio)
    assert limping.forces == pytest.approx(share * _forces(name).forces, rel=1e-12)
    assert any("limp" in sentence for sentence in limping.sources) == (name in GAIT)


def test_both_legs_together_bear_what_they_bore():
    one, other = Subject(limp_ratio=0.6).share_of_this_leg, Subject(limp_ratio=1 / 0.6).share_of_this_leg
    assert one + other == pytest.approx(2.0, rel=1e-14)
    assert one / other == pytest.approx(0.6, rel=1e-14)


def test_without_a_limp_nothing_changes():
    assert Subject().share_of_this_leg == 1.0
    assert not any("limp" in sentence for sentence in _forces("walking").sources)
