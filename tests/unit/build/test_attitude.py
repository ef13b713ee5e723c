"""Forces come into the frame of the femur from wherever an activity tells them."""

import numpy as np
import pytest

from femsim.anatomy.attachments import FemurSites
from femsim.anatomy.bergmann import bergmann_rotation
from femsim.build.attitude import acted_on, in_femur_frame, noted
from femsim.errors import ModelError
from femsim.loads.history import LoadHistory
from femsim.supports.rig import Rig
from tests.unit.anatomy.conftest import make_toy_femur

DOWN = np.array([0.0, 0.0, -2000.0])
LAB = Rig(20.0, adduction_deg=12.0).from_lab


@pytest.fixture(scope="module")
def femur():
    return make_toy_femur()


def told_in(frame: str) -> LoadHistory:
    return LoadHistory(
        ("hip", "abductor"), ("head", "greater_trochanter"), np.array([[DOWN, -0.4 * DOWN]]), np.zeros(1), "s", 1.0,
        False, frame=frame,
    )  # fmt: skip


@pytest.mark.parametrize("frame", ["femur", "bergmann", "lab"])
def test_forces_keep_their_size_and_end_in_the_femur_frame(femur, frame):
    turned = in_femur_frame(told_in(frame), bergmann_rotation(femur), LAB)
    assert turned.frame == "femur"
    assert np.linalg.norm(turned.forces, axis=2) == pytest.approx(np.array([[2000.0, 800.0]]))


def test_each_frame_has_its_own_turn(femur):
    forces = {
        frame: in_femur_frame(told_in(frame), bergmann_rotation(femur), LAB).hip[0] for frame in ("bergmann", "lab")
    }
    assert forces["bergmann"] == pytest.approx(2000 * np.array([0.0, -np.sin(np.radians(8)), -np.cos(np.radians(8))]))
    assert forces["lab"] == pytest.approx(2000 * np.array([np.sin(np.radians(12)), 0.0, -np.cos(np.radians(12))]))


def test_a_frame_that_nobody_knows_is_refused():
    with pytest.raises(ModelError, match="frame 'opensim'"):
        in_femur_frame(told_in("opensim"), np.eye(3), np.eye(3))


def test_only_sites_that_a_force_acts_at_are_found(femur):
    assert list(acted_on(FemurSites(femur), told_in("femur"))) == ["greater_trochanter"]


def test_the_femur_says_what_is_assumed_of_it(femur):
    notes = noted(femur, bergmann_rotation(femur), FemurSites(femur)).notes
    assert any("assumed to lean back by 8.0°" in note for note in notes)
