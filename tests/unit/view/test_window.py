"""What the window shows is what was asked for."""

import numpy as np
import pytest

from femsim.view import window
from femsim.view.fields import difference_of
from femsim.view.scene import load


@pytest.fixture
def opened(can_draw, saved):
    made = window.Window(saved, off_screen=True)
    yield made
    made.plotter.close()


def test_it_opens_at_the_peak_with_the_risk_of_the_operated_femur(opened):
    assert (opened.step, opened.field, opened.model) == (1, "risk_factor", "operated")
    assert "field" in opened.plotter.actors


def test_models_go_round(opened):
    seen = []
    for _ in range(4):
        seen.append(opened.model)
        opened.next_model()
    assert seen == ["operated", "intact", "operated - intact", "operated"]


def test_every_field_of_every_model_can_be_shown(opened):
    for _ in opened.fields:
        for _ in window.MODELS:
            opened.next_model()
        opened.next_field()
    assert opened.field == opened.fields[0]


def test_a_step_changes_what_is_shown(opened):
    opened.go_to(3)
    assert opened.step == 3 and "80 % gait cycle" in opened.plotter.actors["what"].GetText(2)
    opened.go_to(99)
    assert opened.step == 3


def test_the_cut_opens_the_body(opened):
    whole = opened._surface(opened.scene.operated).n_cells
    opened.toggle_cut()
    centres = np.asarray(opened._surface(opened.scene.operated).cell_centers().points)
    assert (centres @ opened.scene.cut_normal < 1e-3).all()
    opened.toggle_cut()
    assert opened._surface(opened.scene.operated).n_cells == whole


def test_a_difference_is_operated_minus_intact_on_the_bone_that_is_kept(saved):
    scene = load(saved)
    difference = difference_of(scene, "risk_factor")
    kept = scene.operated.in_region("bone_kept")
    expected = scene.operated.fields["risk_factor"][kept] - scene.intact.fields["risk_factor"][kept]
    np.testing.assert_allclose(difference[kept], expected, atol=1e-6)
    assert np.isnan(difference[~kept]).all()
