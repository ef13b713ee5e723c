"""Pictures say truly what pushes, what pulls, what is held, and which activity they show."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from femsim.view.figures import FIGURES
from femsim.view.figures.loads import FLOOR, MUSCLE, _arrows, _held_notes
from femsim.view.scene import load


@pytest.fixture
def scene(saved):
    """The smallest run: walking, with a routine."""
    return load(saved)


def changed(scene, change):
    """The scene after `change` was done to what is told of it."""
    told = deepcopy(dict(scene.told))
    change(told)
    return replace(scene, told=told)


def test_muscles_pull_away_from_the_bone_and_the_floor_pushes_onto_it(scene):
    def on_the_floor(told):
        told["loads"]["arrows"][1]["channel"] = "floor"

    _, muscle = _arrows(scene)
    _, floor = _arrows(changed(scene, on_the_floor))
    place = scene.told["loads"]["arrows"][1]["point"]
    assert muscle.tail == pytest.approx(place) and muscle.inner == pytest.approx(place) and muscle.colour == MUSCLE
    assert floor.tip == pytest.approx(place) and floor.inner == pytest.approx(place) and floor.colour == FLOOR
    assert muscle.tip - muscle.tail == pytest.approx(floor.tip - floor.tail)  # both along the force


def test_the_hip_force_ends_on_the_head(scene):
    hip, _ = _arrows(scene)
    force = np.array(scene.told["loads"]["arrows"][0]["force"])
    assert np.linalg.norm(hip.tip) == pytest.approx(scene.told["femur"]["head_radius_mm"] + 1)
    assert (hip.tip - hip.tail) @ force == pytest.approx(np.linalg.norm(hip.tip - hip.tail) * np.linalg.norm(force))


def test_arrows_longer_than_their_force_are_owned_up_to(scene):
    def weak(told):
        told["loads"]["arrows"][1]["force"] = [0.0, 0.0, 20.0]

    figure = FIGURES["loads"]()
    assert "longer" not in figure.caption(scene)
    assert "very small ones longer" in figure.caption(changed(scene, weak))


def test_what_is_held_is_told_in_the_words_of_the_support(scene):
    def in_flight(told):
        told["loads"]["support"] = {"words": "Nothing is held.", "n_nodes": 0}

    def of_old(told):
        del told["loads"]["support"]["words"]

    assert _held_notes(scene) == ["The flat end is held in all directions.", "What is held is hatched."]
    assert _held_notes(changed(scene, in_flight)) == ["Nothing is held."]
    assert "hatched" not in FIGURES["loads"]().caption(changed(scene, in_flight))
    assert _held_notes(changed(scene, of_old))[0] == "The distal end is held in all directions."


@pytest.mark.parametrize("name", ["risk", "shielding", "loads", "cycle"])
def test_a_picture_of_one_activity_of_a_routine_says_which(scene, name):
    def alone(told):
        del told["activities"][1:]

    figure = FIGURES[name]()
    assert "walking" in figure.caption(scene)
    assert "walking" not in figure.caption(changed(scene, alone))


@pytest.mark.parametrize("name", ["envelope", "risk_course"])
def test_a_single_instant_has_no_course(scene, name):
    def at_once(told):
        del told["activities"][1:]
        told["activities"][0]["n_frames"] = 1

    figure = FIGURES[name]()
    assert figure.needs(scene) == ""
    assert figure.needs(changed(scene, at_once)) == "the activity has a single instant"


@pytest.mark.parametrize("name", ["envelope", "stimulus", "risk_course"])
def test_a_run_of_an_older_femsim_is_left_without_what_it_does_not_have(scene, name):
    def of_old(told):
        del told["activities"]

    old = changed(scene, of_old)
    fields = {field: values for field, values in scene.operated.fields.items() if field in ("density", "risk_factor")}
    assert FIGURES[name]().needs(replace(old, operated=replace(scene.operated, fields=fields)))


def test_the_worst_of_all_and_the_mean_of_all_name_what_they_are_of(scene):
    assert "(walking, jogging, rising)" in FIGURES["envelope"]().caption(scene)
    assert "over the routine: walking, jogging, rising." in FIGURES["stimulus"]().caption(scene)


def test_what_has_no_course_is_said_to_be_left_out(scene):
    assert "Not drawn, a single instant: rising." in FIGURES["risk_course"]().caption(scene)
