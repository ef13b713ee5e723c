"""Known vectors in every frame, and the laws of turning them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.errors import UsageError
from femsim.loads.frames import FRAMES, from_bergmann, rotation_to_bergmann, to_bergmann

TURNED = sorted(name for name, frame in FRAMES.items() if frame.to_bergmann)
SIDES = ("right", "left")


@pytest.mark.parametrize(
    ("hip98", "bergmann", "size"),
    [((-54, -32.8, -229.2), (54, -32.8, -229.2), 237.75), ((-59.3, -60.6, -236.3), (59.3, -60.6, -236.3), 251.05)],
    ids=["walking", "stairs"],
)
def test_the_peaks_of_hip98_as_bergmann_tells_them(hip98, bergmann, size):
    found = to_bergmann(hip98, "hip98")
    assert found == pytest.approx(bergmann, rel=1e-15)
    assert np.linalg.norm(found) == pytest.approx(size, abs=0.005)  # the last digit given


@pytest.mark.parametrize("frame", ["isb", "opensim"])
def test_isb_is_anterior_proximal_right(frame):
    assert to_bergmann((1.0, 2.0, 3.0), frame) == pytest.approx((3.0, 1.0, 2.0))


@pytest.mark.parametrize("frame", ["isb", "opensim", "bergmann"])
def test_right_is_medial_on_a_left_leg(frame):
    right, left = (to_bergmann((1.0, 2.0, 3.0), frame, side) for side in SIDES)
    assert left == pytest.approx(right * [-1, 1, 1])


def test_medial_is_medial_on_either_leg():
    assert to_bergmann((1.0, 2.0, 3.0), "hip98", "left") == pytest.approx(to_bergmann((1.0, 2.0, 3.0), "hip98"))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("frame", TURNED)
def test_a_frame_is_orthonormal(frame, side):
    rotation = rotation_to_bergmann(frame, side)
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-15)


@pytest.mark.parametrize(
    ("frame", "side", "sign"),
    [
        *((frame, "right", 1) for frame in ("bergmann", "isb", "opensim")),
        *((frame, "left", -1) for frame in ("bergmann", "isb", "opensim")),
        ("hip98", "right", -1),  # its axes are right-handed on a left femur
    ],
)
def test_only_what_was_told_of_a_left_femur_is_mirrored(frame, side, sign):
    assert np.linalg.det(rotation_to_bergmann(frame, side)) == pytest.approx(sign)


components = st.floats(-1e4, 1e4)


@given(st.tuples(components, components, components), st.sampled_from(TURNED), st.sampled_from(SIDES))
def test_there_and_back_is_the_same_vector_of_the_same_size(vector, frame, side):
    there = to_bergmann(vector, frame, side)
    assert from_bergmann(there, frame, side) == pytest.approx(vector)
    assert np.linalg.norm(there) == pytest.approx(np.linalg.norm(vector))


def test_whole_histories_are_turned_at_once():
    vectors = np.arange(24.0).reshape(4, 2, 3)
    assert to_bergmann(vectors, "isb")[2, 1] == pytest.approx(to_bergmann(vectors[2, 1], "isb"))


@pytest.mark.parametrize(("frame", "side"), [("bergman", "right"), ("isb", "both"), ("femur", "right")])
def test_what_cannot_be_turned_is_refused(frame, side):
    with pytest.raises(UsageError):
        to_bergmann((1.0, 0.0, 0.0), frame, side)
