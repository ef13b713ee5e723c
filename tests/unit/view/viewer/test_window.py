"""What the window shows is what was asked for."""

import numpy as np
import pytest

from femsim.view.fields import difference_of
from femsim.view.scene import load
from femsim.view.viewer import window
from femsim.view.viewer.opened import OpenedRun


@pytest.fixture
def opened(can_draw, saved):
    run = OpenedRun(saved)
    made = window.Window([run], off_screen=True)
    yield made
    made.plotter.close()
    run.close()


def test_it_opens_at_the_peak_with_the_risk_of_both_femora(opened):
    view = opened.view
    assert (view.step, view.field, view.panels) == (1, "risk_factor", ("0:operated", "0:intact"))
    assert opened.stage.camera.is_set  # else the window, when it opens, looks from somewhere else


def test_panels_go_round(opened):
    seen = []
    for _ in range(5):
        opened.next_panels()
        seen.append(opened.view.panels)
    assert seen[0] == ("0:operated", "0:intact", "0:difference")
    assert seen[1:4] == [("0:operated",), ("0:intact",), ("0:difference",)]
    assert seen[4] == ("0:operated", "0:intact")


def test_every_field_can_be_shown_there_and_back(opened):
    fields = opened.stage.able("activity")["fields"]
    seen = []
    for _ in fields:
        seen.append(opened.view.field)
        opened.next_field()
    assert seen == list(fields) and opened.view.field == fields[0]
    opened.next_field(-1)
    assert opened.view.field == fields[-1]


def test_a_step_changes_what_is_shown(opened):
    opened.go_to(3)
    assert opened.view.step == 3
    assert "80 % gait cycle" in opened.plotter.renderers[0].actors["what"].GetText(2)
    opened.go_to(99)
    assert opened.view.step == 3


def test_the_cut_opens_the_body_and_moves(opened):
    assert not len(opened.stage.panels[0].cap_rows)
    opened.next_plane()
    first = set(opened.stage.panels[0].cap_rows)
    opened.move_plane(3.0)
    assert first and set(opened.stage.panels[0].cap_rows) != first
    for _ in range(4):
        opened.next_plane()
    assert opened.view.plane == "none" and not len(opened.stage.panels[0].cap_rows)


def test_the_legend_is_in_the_window(opened):
    from femsim.view.canvas import pixels_of

    picture = pixels_of(opened.plotter.render_window)
    wide = picture.shape[1]
    corner = picture[:, int(0.86 * wide) :].reshape(-1, 3)
    scale = opened.stage.scale(opened.view, False).scale
    for colour in scale.colours:
        assert (np.abs(corner - np.round(255 * colour)).max(axis=1) <= 1).any()


def test_the_pointer_reads_a_value(opened):
    opened.next_plane()
    wide, tall = opened.plotter.render_window.GetSize()
    words = {opened.read(x * wide, 0.5 * tall) for x in np.linspace(0.02, 0.98, 60)}
    assert "Nothing there." in words and any("risk factor: " in one for one in words)


def test_a_difference_is_operated_minus_intact_on_the_bone_that_is_kept(saved):
    scene = load(saved)
    difference = difference_of(scene, "risk_factor")
    kept = scene.operated.in_region("bone_kept")
    expected = scene.operated.fields["risk_factor"][kept] - scene.intact.fields["risk_factor"][kept]
    np.testing.assert_allclose(difference[kept], expected, atol=1e-6)
    assert np.isnan(difference[~kept]).all()
