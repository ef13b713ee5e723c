"""Pictures of one field: from where, in which colours, and that a pixel has the colour of its element."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import UsageError
from femsim.view.canvas import Canvas
from femsim.view.eyes import PLANES, VIEWS, on_paper, plane_of, towards_of
from femsim.view.field_scale import BELOW, field_scale
from femsim.view.fields import DISPLACEMENT, fields_of, unit_of
from femsim.view.render import DIFFERENCE, Rendering, Shot, steps_of
from femsim.view.scene import load
from femsim.view.sheet import DOTS_PER_INCH


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_a_right_handed_paper_that_faces_the_eye(view, saved):
    towards = towards_of(load(saved), view)
    right, up = on_paper(towards)
    assert np.cross(right, up) == pytest.approx(towards)
    assert np.linalg.norm([right, up], axis=1) == pytest.approx(1.0)


def test_a_right_femur_seen_from_the_front_has_its_lateral_side_on_the_left(saved):
    right, up = on_paper(towards_of(load(saved), "anterior"))
    assert right == pytest.approx([-1, 0, 0]) and up == pytest.approx([0, 0, 1])


def test_a_direction_may_be_given_in_numbers(saved):
    assert towards_of(load(saved), "0,3,4") == pytest.approx([0, 0.6, 0.8])


@pytest.mark.parametrize("view", ["fromt", "1,2", "0,0,0", "nan,0,0", "1,2,x"])
def test_what_is_no_view_is_refused(view, saved):
    with pytest.raises(UsageError, match="is no view"):
        towards_of(load(saved), view)


@pytest.mark.parametrize("plane", PLANES)
def test_a_plane_can_be_moved_along_its_normal(plane, saved):
    scene = load(saved)
    (normal, point), (same, moved) = plane_of(scene, plane), plane_of(scene, f"{plane}:8")
    assert np.linalg.norm(normal) == pytest.approx(1.0) and normal == pytest.approx(same)
    assert moved - point == pytest.approx(8.0 * normal)


@pytest.mark.parametrize("plane", ["neckk", "neck:x", "neck:nan", "neck:1e9"])
def test_what_is_no_plane_is_refused(plane, saved):
    with pytest.raises(UsageError):
        plane_of(load(saved), plane)


def test_a_scale_that_nobody_fixed_holds_all_but_the_extremes():
    values = np.random.default_rng(1).uniform(0.0, 7.3, 5000)
    scale = field_scale("stress_von_mises", "MPa", [values]).scale
    assert scale.bounds[0] == 0.0 and scale.bounds[-1] >= np.percentile(values, 99)
    assert scale.below is None  # nothing can lie there
    assert "[MPa]" in scale.title


def test_limits_are_kept_and_what_lies_beyond_has_its_own_colour():
    scale = field_scale("stress_von_mises", "MPa", [], limits=(3.0, 17.0)).scale
    assert (scale.bounds[0], scale.bounds[-1]) == (3.0, 17.0) and (np.diff(scale.bounds) > 0).all()
    assert tuple(scale.colour(np.array([1.0]))[0]) == BELOW
    assert tuple(scale.colour(np.array([20.0]))[0]) == scale.above


@pytest.mark.parametrize("limits", [(1.0, 1.0), (2.0, 1.0), (0.0, np.inf), (np.nan, 1.0)])
def test_limits_that_are_no_range_are_refused(limits):
    with pytest.raises(UsageError, match="cannot reach"):
        field_scale("stress_von_mises", "MPa", [], limits=limits)


def test_a_difference_is_white_where_nothing_is_and_the_same_both_ways():
    scale = field_scale("density", "g/cm3", [np.array([-0.2, 0.9])], difference=True).scale
    assert scale.bounds[0] == -scale.bounds[-1]
    near_zero = scale.colour(np.array([1e-9, -1e-9]))
    assert near_zero.min() > 0.85
    red, blue = scale.colour(np.array([0.9, -0.9]) * scale.bounds[-1])
    assert red[0] > red[2] and blue[2] > blue[0]


def test_a_constant_field_has_a_scale_too():
    scale = field_scale("youngs_modulus", "MPa", [np.full(5, 17000.0)]).scale
    assert scale.bounds[0] < 17000.0 < scale.bounds[-1]


@pytest.mark.parametrize("model", ["operated", "intact"])
@pytest.mark.parametrize("field", ["risk_factor", "density"])
def test_a_pixel_of_a_cut_has_the_colour_of_its_element(field, model, saved, can_draw):
    rendering = Rendering(saved, Shot(field, (model,), plane="sagittal:-1.3"))
    scene = rendering._scene(rendering.peak)
    body = scene.intact if model == "intact" else scene.operated
    with Canvas() as canvas:
        things = rendering._things(scene, body, rendering._values(scene, model))
        pixels = canvas.draw(things, rendering.eye, 800)
    normal, origin = plane_of(scene, "sagittal:-1.3")
    corners = body.points[body.corners]
    met = (((corners - origin) @ normal).min(axis=1) < 0) & (((corners - origin) @ normal).max(axis=1) > 0)
    rows = np.flatnonzero(met & body.bone)
    values = np.asarray(body.fields[field], float)
    hits = 0
    for row in rows:
        # The middle of where the plane meets the edges of the element lies inside its piece of the cut.
        side = (corners[row] - origin) @ normal
        crossing = [
            corners[row][i] + side[i] / (side[i] - side[j]) * (corners[row][j] - corners[row][i])
            for i in range(4) for j in range(i) if side[i] * side[j] < 0
        ]  # fmt: skip
        across, up = rendering.eye.on_paper(np.mean(crossing, axis=0))[0]
        x = round((across / rendering.eye.half_width + 1) / 2 * pixels.shape[1])
        y = round((1 - up / rendering.eye.half_height) / 2 * pixels.shape[0])
        wanted = rendering.scale.scale.colour(values[row : row + 1] * rendering.scale.factor)[0] * 255
        hits += np.abs(pixels[min(y, len(pixels) - 1), min(x, pixels.shape[1] - 1)] - wanted).max() < 3
    assert len(rows) > 10
    assert hits >= 0.9 * len(rows)  # slivers are narrower than a pixel


def test_the_difference_is_of_kept_bone_alone_and_of_the_same_elements(saved):
    rendering = Rendering(saved, Shot("density", (DIFFERENCE,)))
    scene = rendering._scene(rendering.peak)
    values = rendering._values(scene, DIFFERENCE)
    kept = scene.operated.in_region("bone_kept")
    wanted = scene.operated.fields["density"][kept] - scene.intact.fields["density"][: kept.sum()]
    assert np.array_equal(values[kept], np.asarray(wanted, float), equal_nan=True)
    assert np.isnan(values[~kept]).all()


def test_a_difference_beside_others_is_refused(saved):
    with pytest.raises(UsageError, match="scale of its own"):
        Rendering(saved, Shot("density", ("operated", DIFFERENCE)))


def test_a_field_that_is_not_there_is_refused_by_name(saved):
    with pytest.raises(UsageError, match="risk_factor"):
        Rendering(saved, Shot("risk_facto"))


def test_a_step_that_is_not_there_is_refused(saved):
    with pytest.raises(UsageError, match="from 0 to"):
        Rendering(saved, Shot("density"), [10_000])


def test_one_scale_is_over_all_steps_that_are_shown(saved):
    rendering = Rendering(saved, Shot("displacement"), steps_of(saved))
    scenes = [rendering._scene(step) for step in rendering.steps]
    values = [rendering._values(scene, name) for scene in scenes for name in ("operated", "intact")]
    largest = float(np.percentile(np.concatenate(values), 99))
    assert rendering.scale.scale.bounds[-1] >= largest


def test_pages_have_titles_a_caption_and_the_size_that_is_asked_for(saved, can_draw):
    rendering = Rendering(saved, replace(Shot("risk_factor"), height=400))
    with Canvas() as canvas:
        small = rendering.page(canvas, rendering.peak).pixels()
        usual = rendering.page(canvas, rendering.peak, dots_per_inch=DOTS_PER_INCH).pixels()
    assert small.shape[0] < usual.shape[0]
    assert "largest hip force" in rendering.words(rendering.peak) and "femur" in rendering.words(rendering.peak)


def test_every_field_of_one_number_can_be_drawn(saved):
    assert {"risk_factor", "density"} <= set(fields_of(load(saved)))
    for name in (*fields_of(load(saved)), DISPLACEMENT):
        Rendering(saved, Shot(name))


def test_a_field_that_one_body_alone_has_keeps_its_unit(saved):
    scene = load(saved)
    operated = replace(scene.operated, units={**scene.operated.units, "cement_tension": "MPa"})
    assert unit_of(replace(scene, operated=operated), "cement_tension") == "MPa"
    assert unit_of(scene, DISPLACEMENT) == "mm"
