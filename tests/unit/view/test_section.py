"""The cut follows neck and shaft, though no plane holds both."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.view.figures.section import levelled
from femsim.view.scene import load


@pytest.fixture
def scene(saved):
    """A run whose shaft lies 9 mm behind the neck, with its lesser trochanter 40 mm below the neck's middle."""
    scene = load(saved)
    marks = dict(scene.told["landmarks"])
    neck = np.asarray(marks["neck_centre"])
    behind = -9.0 * scene.cut_normal
    marks["lesser_trochanter"] = (neck - [0, 0, 40]).tolist()
    marks["shaft_point"] = (neck - [0, 0, 80] - (neck @ scene.cut_normal) * scene.cut_normal + behind).tolist()
    return replace(scene, told={**scene.told, "landmarks": marks})


def moved(scene, height_below_neck: float) -> np.ndarray:
    """(3,) by which a place below the neck is slid."""
    place = np.asarray(scene.told["landmarks"]["neck_centre"]) - [0, 0, height_below_neck]
    body = replace(scene.operated, points=place[None], corners=np.zeros((0, 4), int))
    return levelled(scene, body).points[0] - place


def test_the_shaft_axis_comes_into_the_plane_of_the_neck(scene):
    assert moved(scene, 60.0) == pytest.approx(9.0 * scene.cut_normal)


def test_neck_and_stem_stay_where_they_are(scene):
    assert not moved(scene, 15.0).any()


def test_sliding_is_along_the_line_of_sight_only(scene):
    part = moved(scene, 30.0)
    assert 0 < part @ scene.cut_normal < 9.0
    assert np.cross(part, scene.cut_normal) == pytest.approx(0)
