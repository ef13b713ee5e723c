"""Keys by their path: what there is, what it takes, what a scenario has there."""

import pytest

from femsim.scenario.keys import named
from femsim.scenario.reading import load
from femsim.scenario.shipped import scenario_file


@pytest.fixture(scope="module")
def walking():
    return load(scenario_file("walking"))


@pytest.mark.parametrize(
    ("path", "value", "unit"),
    [
        ("implant.cement_mm", 1.0, "mm"),
        ("implant.kind", "resurfacing_cap", "-"),
        ("bone.density.head_density_g_per_cm3", 0.38, "g/cm3"),
        ("analysis", "linear_static", "-"),
        ("analysis.kind", "linear_static", "-"),
        ("bone.osteoporosis.density_factor", None, "-"),  # not in this scenario
        ("femur.file", None, "-"),  # of another kind of femur
    ],
)
def test_a_key_has_its_value_and_unit(walking, path, value, unit):
    assert named(path).of(walking) == value
    assert named(path).unit == unit


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("implant.cemnt_mm", "cement_mm"),
        ("implnt.cement_mm", "'implant'"),
        ("implant", "is a table"),
        ("cement_mm", "there is no table"),
        ("", "there is no table"),
        ("femur.head.diameter", "there is no table 'femur.head'"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest(path, words):
    with pytest.raises(ValueError, match=words):
        named(path)


def test_the_kind_of_the_scenario_judges_a_value(walking):
    # Another implant takes a thicker mantle than a cap.
    assert "above the most allowed" in named("implant.cement_mm").problem(5.0, walking)
    assert named("implant.cement_mm").problem(5.0) == ""


def test_a_key_of_another_kind_is_judged_by_that_kind(walking):
    assert "a text" in named("femur.file").problem(3, walking)
