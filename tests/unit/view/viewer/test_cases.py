"""The dots of a sweep lie where the numbers of their cases say."""

import pytest

from femsim.errors import StoreError
from femsim.view.viewer.cases import ROOM, TALL, WIDE, Cases, cases_of

CASES = Cases(
    "tried",
    (0, 1, 3, 4),
    {"mass [kg]": (60.0, 70.0, 80.0, None), "sex [-]": ("female", "male", "female", "male")},
    {"risk [-]": (0.5, 1.0, 0.75, 0.9), "same [-]": (2.0, 2.0, 2.0, 2.0)},
)


def test_dots_lie_between_the_least_and_the_largest_value():
    plot = CASES.dots("mass [kg]", "risk [-]")
    assert [(dot["number"], dot["x"], dot["y"]) for dot in plot["dots"]] == [
        (0, ROOM, TALL - ROOM),
        (1, WIDE / 2, ROOM),
        (3, WIDE - ROOM, TALL / 2),
    ]
    assert plot["across"] == ("60", "80") and plot["up"] == ("0.5", "1")
    assert plot["dots"][1]["words"] == "case 1: mass [kg] 70; risk [-] 1"


def test_names_lie_side_by_side_and_equal_values_in_the_middle():
    plot = CASES.dots("sex [-]", "same [-]")
    assert [dot["x"] for dot in plot["dots"]] == [ROOM, WIDE - ROOM, ROOM, WIDE - ROOM]
    assert {dot["y"] for dot in plot["dots"]} == {TALL / 2} and plot["across"] == ("female", "male")


def test_a_column_that_is_not_there_is_no_column():
    with pytest.raises(KeyError):
        CASES.dots("mass [kg]", "nothing")


def test_a_folder_that_is_no_sweep_is_told(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        cases_of(tmp_path)
