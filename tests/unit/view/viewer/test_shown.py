"""A view comes back from a file or a link as it was; what cannot be had, or is no view, changes nothing."""

import base64
import dataclasses
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.errors import UsageError
from femsim.view.viewer.shown import Camera, View, as_link, as_text, changed, of_link, of_text

ABLE = {
    "panels": ("0:operated", "0:intact", "0:difference", "1:operated", "1:intact"),
    "fields": ("risk_factor", "density"),
    "courses": ("activity", "failure"),
    "steps": 20,
    "regions": ("bone_kept", "cap"),
    "zones": ("neck", "shaft"),
}
CAMERA = Camera((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 2.0, 3.0), 80.0)
VIEW = View(
    ("0:operated", "0:difference"), "density", "failure", 7, "free", 3.5, 20.0, -10.0, True, ("cap",), ("shaft",),
    "neck", 30.0, True, False, (0.1, 0.9), (0.2, 5.0), CAMERA,
)  # fmt: skip
USUAL = View(("0:operated",), "risk_factor")


def test_a_view_comes_back_from_a_file_and_from_a_link():
    assert changed(USUAL, of_text(as_text(VIEW)), ABLE) == VIEW
    assert changed(USUAL, of_link(as_link(VIEW)), ABLE) == VIEW


def test_a_link_has_nothing_that_an_address_would_change():
    assert set(as_link(VIEW)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "wanted",
    [
        {"panels": []},
        {"panels": ["2:operated"]},
        {"panels": "0:operated"},
        {"field": "nothing"},
        {"field": ["density"]},
        {"step": "x"},
        {"step": float("nan")},
        {"step": True},
        {"plane": "/etc/passwd"},
        {"offset": float("inf")},
        {"edges": "yes"},
        {"limits": [1.0]},
        {"limits": [2.0, 1.0]},
        {"limits": ["a", "b"]},
        {"zone": "cap"},
        {"camera": {"towards": [0, 0, 1], "up": [0, 0, 1], "centre": [0, 0, 0], "half_height": 50}},
        {"camera": {"towards": [0, 0, 0], "up": [0, 0, 1], "centre": [0, 0, 0], "half_height": 50}},
        {"camera": 3},
        {"__class__": 1},
        {"nobody": 1},
    ],
)
def test_what_cannot_be_had_changes_nothing(wanted):
    assert changed(VIEW, wanted, ABLE) == VIEW


@pytest.mark.parametrize(
    "wanted, name, got",
    [
        ({"step": 99}, "step", 19),
        ({"step": -1}, "step", 0),
        ({"offset": 1e9}, "offset", 1000.0),
        ({"times": -5}, "times", 0.0),
        ({"panels": ["0:intact", "9:intact", "0:intact"]}, "panels", ("0:intact",)),
        ({"panels": list(ABLE["panels"])}, "panels", ABLE["panels"][:4]),
        ({"limits": None}, "limits", None),
        ({"zone": ""}, "zone", ""),
    ],
)
def test_what_lies_outside_is_brought_to_the_nearest_that_can_be_had(wanted, name, got):
    assert getattr(changed(VIEW, wanted, ABLE), name) == got


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([field.name for field in dataclasses.fields(View)]), ANYTHING))
def test_whatever_a_page_sends_the_view_can_be_shown(wanted):
    found = changed(VIEW, wanted, ABLE)
    assert set(found.panels) <= set(ABLE["panels"]) and 1 <= len(found.panels) <= 4
    assert found.field in ABLE["fields"] and found.course in ABLE["courses"] and 0 <= found.step < 20
    assert changed(USUAL, of_text(as_text(found)), ABLE) == found


@pytest.mark.parametrize("text", ["", "[]", "3", "{", "x" * 30_000, "[" * 5000])
def test_a_file_that_is_no_view_is_refused(text):
    with pytest.raises(UsageError, match="no view"):
        of_text(text)


@pytest.mark.parametrize("word", ["", "x", "%%%", "é", "A" * 30_000, as_link(VIEW)[:-9]])
def test_a_damaged_link_is_nothing(word):
    assert of_link(word) == {}


def test_a_link_that_swells_is_nothing():
    bomb = zlib.compress(b'{"field": "' + b"x" * 10_000_000 + b'"}', 9)
    assert of_link(base64.urlsafe_b64encode(bomb).decode()) == {}
