"""Which faces of an interface each condition frees, and the frame it looks in."""

import numpy as np
import pytest

from femsim.implants.bonds import bond
from femsim.interfaces import INTERFACE_CONDITIONS
from femsim.interfaces.frame import ALONG, ANTERIOR, SUPERIOR, implant_frame
from femsim.interfaces.proximal import Proximal

HEIGHTS = np.linspace(-100, 0, 101)
STEM = np.column_stack([HEIGHTS, np.where(np.arange(101) % 2, 4.0, -4.0), np.zeros(101)])
# A right femur in its frame: x lateral, y anterior, z proximal; a neck of 135°.
NECK, SHAFT = np.array([-1, 0, 1]) / np.sqrt(2), np.array([0.0, 0, 1])


@pytest.mark.parametrize(
    "name, freed",
    [("bonded", HEIGHTS > 1), ("sliding", HEIGHTS < 1), ("free", HEIGHTS < 1), ("superior_half", STEM[:, 1] < 0)],
)
def test_what_is_freed(name, freed):
    assert np.array_equal(INTERFACE_CONDITIONS[name]().freed(STEM), freed)


@pytest.mark.parametrize("share, bonded_down_to", [(0.4, -40), (0.0, 0), (1.0, -100)])
def test_a_coating_holds_from_the_proximal_end_down(share, bonded_down_to):
    assert np.array_equal(Proximal(share).freed(STEM), bonded_down_to - 1e-9 > HEIGHTS)


def test_below_a_coating_it_slides_unless_told_otherwise():
    assert Proximal().slides and not Proximal(below="free").slides


@pytest.mark.parametrize(
    "fixation, slides", [("sliding", True), ("proximal", True), ("proximal_free", False), ("free", False)]
)
def test_a_fixation_says_whether_the_freed_sides_slide(fixation, slides):
    assert bond(fixation, 0.5).slides is slides


def test_superior_is_the_upper_side_of_the_neck():
    frame = implant_frame(np.zeros(3), NECK, NECK, SHAFT)
    assert frame.directions[SUPERIOR] == pytest.approx(np.array([1, 0, 1]) / np.sqrt(2))


def test_superior_goes_over_to_lateral_where_the_implant_runs_along_the_shaft():
    frame = implant_frame(np.zeros(3), SHAFT, NECK, SHAFT)
    assert frame.directions[SUPERIOR] == pytest.approx([1, 0, 0])


@pytest.mark.parametrize("axis", [NECK, SHAFT, np.array([-0.6, 0.0, 0.8])])
def test_the_frame_has_front_in_front_and_square_unit_directions(axis):
    frame = implant_frame(np.array([1.0, 2, 3]), axis, NECK, SHAFT)
    assert frame.directions @ frame.directions.T == pytest.approx(np.eye(3), abs=1e-12)
    assert frame.directions[ANTERIOR] == pytest.approx([0, 1, 0])
    assert frame.of(np.array([[1.0, 2, 3] + 5 * axis]))[0] == pytest.approx(5 * np.eye(3)[ALONG])
