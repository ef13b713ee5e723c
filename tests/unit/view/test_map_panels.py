"""Which femora stand on a map of several runs."""

import pytest

from femsim.view.map_panels import MOST, of_run, of_runs
from femsim.view.scene import load


@pytest.fixture(scope="module")
def runs(small_run, tmp_path_factory):
    """Title → folder: three operated femora and one with nothing put in."""
    out = tmp_path_factory.mktemp("runs")
    folders = {name: small_run.write(out, name=name) for name in ("a", "b", "c")}
    return folders | {"plain": small_run.write(out, name="plain", implant=False)}


def titles(panels):
    return [panel.title for panel in panels]


def test_a_run_has_the_operated_femur_and_its_twin(runs):
    assert titles(of_run(load(runs["a"]))) == ["Operated", "Intact"]
    assert [panel.is_twin for panel in of_run(load(runs["a"]))] == [False, True]


def test_a_run_with_nothing_put_in_has_one_femur_that_is_no_twin(runs):
    (panel,) = of_run(load(runs["plain"]))
    assert panel.title == "Intact" and not panel.is_twin


def test_the_intact_femur_of_the_first_run_stands_behind_all_runs(runs):
    panels, left_out = of_runs({title: runs[title] for title in "ab"})
    assert titles(panels) == ["a", "b", "a, before the operation"] and left_out == ()
    assert [panel.body.name for panel in panels] == ["operated", "operated", "intact"]
    assert panels[2].scene is panels[0].scene and panels[2].is_twin


def test_the_intact_femur_is_not_shown_twice(runs):
    panels, left_out = of_runs({title: runs[title] for title in ("a", "plain")})
    assert titles(panels) == ["a", "plain"] and left_out == ()
    assert panels[1].body.name == "intact" and not panels[1].is_twin


def test_titles_are_words_and_keys_stay_what_they_are(runs):
    panels, _ = of_runs({"resurfacing_cap cement_mm=2": runs["a"], "plain_one": runs["plain"]})
    assert titles(panels) == ["resurfacing cap cement_mm=2", "plain one"]


def test_what_there_is_no_room_for_is_named_and_not_read(runs, tmp_path):
    folders = {**{title: runs[title] for title in "abc"}, "again": runs["a"], "gone": tmp_path / "gone"}
    panels, left_out = of_runs(folders)
    assert len(panels) == MOST and titles(panels) == ["a", "b", "c", "again"]
    assert left_out == ("gone", "a, before the operation")
