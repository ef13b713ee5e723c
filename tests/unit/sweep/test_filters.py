"""Conditions of a sweep: what they hold, and that nothing can be executed by them."""

import pytest

from femsim.sweep.filters import parsed

VALUES = {"a.x_mm": 3.0, "a.y_mm": 5.0, "a.kind": "cap", "a.none": None}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a.x_mm - a.y_mm >= -2", True),
        ("a.x_mm - a.y_mm > -2", False),
        ("1 < a.x_mm < a.y_mm", True),
        ("1 < a.x_mm < 2", False),
        ("a.kind == 'cap' and a.x_mm * 2 / 3 == 2", True),
        ("not a.kind == 'cap' or a.x_mm != 3", False),
    ],
)
def test_a_condition_means_what_it_says(text, holds):
    assert parsed(text).holds(VALUES.get) is holds


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "a.x_mm", "1 < 2", "a[0] > 1", "(lambda: 1)() > a.x_mm", "a.x_mm ** 9 > 1",
        "a.x_mm > [1]", "a.x_mm if a.y_mm else 1", "a.x_mm >", "", "a.x_mm in 'cap'", "(" * 300 + "a > 1",
        "a" * 600 + ">1",
        "f'{a.x_mm}' == '3'", "a.x_mm > 1j",
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ValueError):
        parsed(text)


def test_a_key_without_a_value_cannot_be_compared():
    with pytest.raises(ValueError, match=r"a\.none is not set"):
        parsed("a.none > 1").holds(VALUES.get)


@pytest.mark.parametrize("text", ["a.kind > 1", "a.x_mm / 0 > 1"])
def test_what_cannot_be_reckoned_is_told(text):
    with pytest.raises(ValueError, match=r"a\.(kind|x_mm) = "):
        parsed(text).holds(VALUES.get)
