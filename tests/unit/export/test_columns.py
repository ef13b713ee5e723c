"""Numbers as text: as many digits as fit, and all of them where they fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.export.columns import exact, lines, list_lines, within
from femsim.export.names import legal_names, plain_text

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers)
def test_twenty_characters_hold_at_least_thirteen_digits(x):
    (text,) = within(20, np.array([x]))
    assert len(text) <= 20
    assert float(text) == pytest.approx(x, rel=1e-12, abs=0)


@given(st.floats(1e-3, 1e5) | st.floats(-1e5, -1e-1))
def test_twenty_characters_hold_lengths_and_forces_to_the_last_bit_or_nearly(x):
    assert float(within(20, np.array([x]))[0]) == pytest.approx(x, rel=1e-15)


@given(numbers)
def test_exact_decimals_read_back_as_the_same_number(x):
    assert float(exact(np.array([x]))[0]) == x


def test_many_rows_come_in_pieces_and_in_order():
    text = "".join(lines("%d %s\n", np.arange(120_001), ["a"] * 120_001))
    assert text.count("\n") == 120_001
    assert text.endswith("119999 a\n120000 a\n")


@pytest.mark.parametrize("n", [1, 15, 16, 17, 32, 33])
def test_a_list_has_sixteen_numbers_a_line_and_no_comma_at_its_end(n):
    text = "".join(list_lines(np.arange(1, n + 1)))
    assert [int(word) for word in text.replace("\n", "").split(",")] == list(range(1, n + 1))
    assert max(line.rstrip(",").count(",") for line in text.splitlines()) <= 15
    assert not text.rstrip("\n").endswith(",")


def test_names_become_legal_and_stay_apart():
    names = legal_names(["bone kept", "bone_kept", "1.cap", "eall", "x" * 200], reserved=("EALL",))
    assert list(names.values())[:4] == ["BONE_KEPT", "BONE_KEPT_2", "S_1_CAP", "EALL_2"]
    assert len(names["x" * 200]) <= 80


def test_remarks_become_one_line_of_ascii():
    assert plain_text("E in N·mm²\n*STEP é") == "E in N.mm2?*STEP ?"
