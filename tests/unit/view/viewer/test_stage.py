"""What the stage draws: the saved values, in the colours of one scale, of what is meant to be seen."""

import dataclasses

import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.results import summary, vtkhdf
from femsim.view.scene import load
from femsim.view.viewer import telling
from femsim.view.viewer.opened import OpenedRun
from femsim.view.viewer.reading import across_neck, profile_along, reading_at
from femsim.view.viewer.serving import plotter_for
from femsim.view.viewer.shown import Camera
from femsim.view.viewer.stage import Stage


@pytest.fixture
def stage(can_draw, saved):
    run, plotter = OpenedRun(saved), plotter_for()
    yield Stage([run], plotter)
    plotter.close()
    run.close()


@pytest.fixture
def pair(can_draw, saved):
    runs, plotter = [OpenedRun(saved), OpenedRun(saved)], plotter_for()
    yield Stage(runs, plotter)
    plotter.close()


def colours(panel, data):
    from vtkmodules.util.numpy_support import vtk_to_numpy

    return vtk_to_numpy(data.GetCellData().GetScalars())


def test_it_begins_with_both_femora_at_the_peak(stage):
    view = stage.first_view()
    assert view.panels == ("0:operated", "0:intact") and view.field == "risk_factor" and view.step == 1


def test_of_several_runs_it_begins_with_the_operated_femora(pair):
    assert pair.first_view().panels == ("0:operated", "1:operated")
    assert telling.titles(pair, pair.first_view()) == ["small 1: operated", "small 2: operated"]


def test_panels_of_different_instants_say_so(pair):
    view = dataclasses.replace(pair.first_view(), course="impact", step=1, panels=("0:operated", "1:intact"))
    shape = pair.runs[1].shape("impact", "intact")
    pair.runs[1]._shapes["impact", "intact"] = dataclasses.replace(shape, instants=2 * shape.instants)
    assert [title.partition("walking at ")[2] for title in telling.titles(pair, view)] == ["10 ms", "20 ms"]


@pytest.mark.parametrize("size", [(500, 900), (1600, 400)])
def test_a_window_of_another_shape_shows_all_of_the_femora(size, stage):
    stage.show(stage.first_view())
    stage.plotter.render_window.SetSize(*size)
    stage.plotter.render_window.Render()
    renderer = stage.panels[0].renderer
    for point in stage.runs[0].scene.operated.points[::7]:
        renderer.SetWorldPoint(*point, 1.0)
        renderer.WorldToDisplay()
        x, y = renderer.GetDisplayPoint()[:2]
        assert 0 <= x <= size[0] / 2 and 0 <= y <= size[1]


def test_who_has_come_nearer_stays_there(stage):
    stage.show(stage.first_view())
    stage.camera.SetParallelScale(12.0)
    stage.plotter.render_window.SetSize(500, 900)
    stage.plotter.render_window.Render()
    assert stage.seen_from.half_height == 12.0


@pytest.mark.parametrize("field", ["risk_factor", "density", "shielding_change", "displacement"])
@pytest.mark.parametrize("plane", ["none", "sagittal", "free"])
def test_faces_have_the_colours_of_the_saved_values(field, plane, stage, saved):
    view = dataclasses.replace(stage.first_view(), field=field, plane=plane, turn=35.0, tilt=10.0, step=2)
    stage.show(view)
    for number, model in enumerate(("operated", "intact")):
        body, panel = getattr(load(saved, 2), model), stage.panels[number]
        if field == "displacement":
            values = np.linalg.norm(body.displacement, axis=1)[body.corners].mean(axis=1)
        else:
            values = body.fields.get(field, np.full(len(body.corners), np.nan))
        scale = stage.scale(view, False)
        for rows, data in ((panel.skin_rows, panel.skin_data), (panel.cap_rows, panel.cap_data)):
            known = np.isfinite(values[rows])
            meant = np.round(255 * scale.scale.colour(values[rows].astype(float) * scale.factor))
            assert np.array_equal(colours(panel, data)[known], meant[known])
        assert (len(panel.cap_rows) > 0) == (plane != "none")


def test_implants_have_the_colours_of_their_materials(stage):
    from femsim.view.figures.section import METAL

    stage.show(stage.first_view())
    panel, body = stage.panels[0], stage.runs[0].scene.operated
    metal = body.in_region("cap")[panel.skin_rows]
    assert metal.any() and (colours(panel, panel.skin_data)[metal] == np.round(255 * np.array(METAL))).all()


def test_the_scale_is_one_for_all_panels_and_steps(stage):
    view = dataclasses.replace(stage.first_view(), field="displacement")
    bounds = []
    for step, panels in ((0, ("0:intact",)), (3, ("0:operated", "0:intact"))):
        stage._scales.clear()
        bounds.append(stage.scale(dataclasses.replace(view, step=step, panels=panels), False).scale.bounds)
    assert np.array_equal(*bounds)


def test_limits_are_those_that_were_asked_for(stage):
    view = dataclasses.replace(stage.first_view(), limits=(0.1, 0.7))
    bounds = stage.scale(view, False).scale.bounds
    assert (bounds[0], bounds[-1]) == (0.1, 0.7)


def test_a_difference_is_operated_less_intact_on_a_scale_of_its_own(stage, saved):
    view = dataclasses.replace(stage.first_view(), panels=("0:operated", "0:difference"))
    stage.show(view)
    scene = load(saved, 1)
    n = int(scene.operated.in_region("bone_kept").sum())
    meant = scene.operated.fields["risk_factor"][:n] - scene.intact.fields["risk_factor"][:n]
    found = stage.values("0:difference", view)
    assert np.allclose(found[:n], meant) and np.isnan(found[n:]).all()
    assert stage.scale(view, True).scale.title != stage.scale(view, False).scale.title


def test_what_is_hidden_has_no_faces(stage):
    view = stage.first_view()
    body = stage.runs[0].scene.operated
    stage.show(dataclasses.replace(view, hidden_regions=("cap",)))
    assert not body.in_region("cap")[stage.panels[0].skin_rows].any()
    stage.show(dataclasses.replace(view, hidden_zones=("neck",)))
    assert not (body.zone_of[stage.panels[0].skin_rows] == body.zones.index("neck")).any()


def test_only_values_of_a_range_are_shown_and_what_has_none(stage):
    view = dataclasses.replace(stage.first_view(), only=(0.3, 0.6))
    stage.show(view)
    values = stage.values("0:operated", view)[stage.panels[0].skin_rows]
    known = values[np.isfinite(values)]
    assert len(known) and ((known >= 0.3) & (known <= 0.6)).all() and np.isnan(values).any()


def test_displacements_are_drawn_so_many_times_as_large(stage):
    from vtkmodules.util.numpy_support import vtk_to_numpy

    view = dataclasses.replace(stage.first_view(), times=50.0, step=2)
    stage.show(view)
    shape, panel = stage.runs[0].shape("activity", "operated"), stage.panels[0]
    meant = shape.body.points + 50.0 * shape.displacement(2)
    used = np.unique(shape.body.corners[panel.skin_rows])
    drawn = vtk_to_numpy(panel.skin_data.GetPoints().GetData())
    assert len(drawn) <= len(used)
    assert np.abs(drawn[:, None] - meant[used][None]).sum(axis=2).min(axis=1).max() < 1e-4


def test_steps_change_the_length_of_the_forces(stage):
    lengths = []
    for step in (0, 1):
        arrows = stage._forces(stage.runs[0], step)
        lengths.append(np.linalg.norm(arrows[0].tip - arrows[0].tail))
    assert lengths[0] == pytest.approx(0.2 * lengths[1], rel=1e-3)


def test_a_run_that_tells_the_forces_of_its_peak_alone_shows_them_there_alone(stage):
    run = stage.runs[0]
    run.told["loads"].pop("stored_forces_n")
    assert stage._forces(run, run.peak) and not stage._forces(run, run.peak + 1)


def middle_of(stage, row, number):
    """Where on the window (pixels) the middle of an element's first corner lies in a panel."""
    renderer = stage.panels[number].renderer
    body = stage.runs[0].scene.operated
    renderer.SetWorldPoint(*body.points[body.corners[row]].mean(axis=0), 1.0)
    renderer.WorldToDisplay()
    return renderer.GetDisplayPoint()[:2]


def test_a_flipped_plane_takes_away_the_other_side(stage):
    view = dataclasses.replace(stage.first_view(), plane="sagittal", offset=2.0)
    normal, point = stage.plane(view)
    other, same = stage.plane(dataclasses.replace(view, flipped=True))
    assert np.array_equal(normal, -other) and np.array_equal(point, same)
    far = point + 30.0 * normal  # towards what is taken away
    for flipped in (False, True):
        stage.show(dataclasses.replace(view, flipped=flipped))
        planes = stage.panels[0].skin_actor.GetMapper().GetClippingPlanes()
        kept = planes.GetItem(0).EvaluateFunction(far) > 0
        assert kept == flipped


@pytest.mark.parametrize("turn, tilt, faces", [(0, 0, (0, 1, 0)), (90, 0, (1, 0, 0)), (0, 90, (0, 0, 1))])
def test_a_free_plane_faces_where_its_sliders_say(turn, tilt, faces, stage):
    normal, _ = stage.plane(dataclasses.replace(stage.first_view(), plane="free", turn=turn, tilt=tilt))
    assert np.allclose(normal, faces, atol=1e-12)


def test_a_pointer_meets_the_element_that_lies_under_it(stage):
    stage.show(dataclasses.replace(stage.first_view(), plane="frontal", arrows=False))
    stage.plotter.render_window.Render()
    met = 0
    for row in stage.panels[0].cap_rows[::7]:
        spot = stage.spot(*middle_of(stage, row, 0))
        if spot is not None and spot.row == row:
            met += 1
            assert spot.panel == "0:operated"
            assert np.linalg.norm(spot.point - stage.runs[0].scene.operated.points[
                stage.runs[0].scene.operated.corners[row]].mean(axis=0)) < 8.0  # fmt: skip
    assert met >= 3
    assert stage.spot(2, 2) is None


def test_a_pointer_in_the_second_panel_meets_the_second_femur(stage):
    stage.show(dataclasses.replace(stage.first_view(), plane="frontal", arrows=False))
    stage.plotter.render_window.Render()
    spots = [stage.spot(*middle_of(stage, row, 1)) for row in stage.panels[1].cap_rows[::9]]
    assert {spot.panel for spot in spots if spot} == {"0:intact"}


def test_a_reading_has_the_saved_numbers(stage, saved):
    view = dataclasses.replace(stage.first_view(), step=2)
    row = int(np.flatnonzero(stage.runs[0].scene.operated.bone)[4])
    value = float(stage.values("0:operated", view)[row])
    told = reading_at(stage.runs[0], "operated", view, row, np.array([1.0, 2.0, 3.0]), value)
    rows = {words: (number, unit) for words, number, unit in told.rows}
    body = load(saved, 2).operated
    assert rows["risk factor"] == (f"{body.fields['risk_factor'][row]:.4g}", "-")
    assert rows["density"] == (f"{body.fields['density'][row]:.4g}", "g/cm3")
    assert rows["load until it yields here"][0] == f"{1 / body.fields['risk_factor'][row]:.4g}"
    assert rows["zone"][0] == body.zones[body.zone_of[row]] and f"element {row}" in told.title


def test_a_profile_has_the_values_of_the_elements_that_the_line_crosses(stage):
    body = stage.runs[0].scene.operated
    values = body.points[body.corners].mean(axis=1)[:, 2].astype(np.float32)  # how high each element lies
    found = profile_along(body, values, (0.5, 0.5, -65.0), (0.5, 0.5, 5.0))
    heights = -65.0 + found.away
    assert np.nanmax(np.abs(found.values - heights)) < 8.0 and np.isfinite(found.values).all()
    outside = profile_along(body, values, (0.5, 0.5, 5.0), (0.5, 0.5, 100.0))
    assert np.isnan(outside.values[-1]) and np.isfinite(outside.values[0])


def test_a_line_across_the_neck_is_square_to_its_axis(stage):
    run = stage.runs[0]
    start, end = across_neck(run, 4.0)
    axis = np.array(run.told["landmarks"]["neck_axis"])
    assert abs((end - start) @ axis) < 1e-9 and start[2] > end[2]
    middle = 0.5 * (start + end) - np.array(run.told["landmarks"]["neck_centre"])
    assert np.allclose(middle, 4.0 * axis)


def test_a_camera_comes_back(stage):
    asked = Camera((0.6, 0.8, 0.0), (0.0, 0.0, 1.0), (3.0, 4.0, -20.0), 55.0)
    stage.show(dataclasses.replace(stage.first_view(), camera=asked))
    found = stage.seen_from
    for name in ("towards", "up", "centre"):
        assert np.allclose(getattr(found, name), getattr(asked, name), atol=1e-6)
    assert found.half_height == 55.0


@pytest.mark.parametrize("course", ["failure", "impact"])
def test_what_broke_or_was_hit_is_shown_over_its_own_steps(course, stage):
    able = stage.able(course)
    assert able["steps"] == 5 and able["panels"] == ("0:operated", "0:intact")
    view = dataclasses.replace(stage.first_view(), course=course, field=able["fields"][0], step=able["steps"] - 1)
    stage.show(view)
    path = stage.runs[0].folder / f"{course}-operated.vtkhdf"
    meant = vtkhdf.read_step(path, "operated", 4).cell_fields[able["fields"][0]]
    assert np.array_equal(stage.values("0:operated", view), meant, equal_nan=True)


def test_a_run_of_an_older_femsim_is_refused_with_words(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    told = summary.read(folder)
    del told["landmarks"]
    summary.write(folder, told)
    with pytest.raises(StoreError, match="older femsim") as caught:
        OpenedRun(folder)
    assert "landmarks" in caught.value.why


def test_a_run_that_lost_a_file_opens_and_says_so(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    (folder / "qoi.csv").unlink()
    assert any("not whole" in line for line in OpenedRun(folder).all_missing)


def test_a_result_that_is_cut_off_shows_what_is_there(small_run, tmp_path, can_draw):
    folder = small_run.write(tmp_path)
    path = folder / "result.vtkhdf"
    with open(path, "r+b") as file:
        file.truncate(int(0.7 * path.stat().st_size))
    run, plotter = OpenedRun(folder), plotter_for()
    stage = Stage([run], plotter)
    stage.show(stage.first_view())
    assert any("cut off" in line for line in run.all_missing)
    assert len(stage.panels[0].skin_rows)
    plotter.close()


def test_a_folder_that_is_no_run_is_told(tmp_path):
    with pytest.raises(StoreError, match="not a run"):
        OpenedRun(tmp_path)


def test_where_nothing_was_put_in_there_is_one_femur_and_no_difference(small_run, tmp_path, can_draw):
    run, plotter = OpenedRun(small_run.write(tmp_path, name="plain", implant=False)), plotter_for()
    stage = Stage([run], plotter)
    view = stage.first_view()
    stage.show(view)
    assert view.panels == ("0:intact",) and stage.all_panels("activity") == ("0:intact",)
    values, known = stage.values("0:intact", view), run.scene.intact.bone
    assert np.isfinite(values[known]).any() and len(stage.panels[0].skin_rows)
    plotter.close()


def test_live_loads_stand_for_the_saved_risk_and_a_difference_takes_its_scale_from_them(stage):
    view = dataclasses.replace(stage.first_view(), panels=("0:operated", "0:difference"))
    saved_scale = stage.scale(view, True).scale.bounds
    run = stage.runs[0]
    stage.live = {
        model: 20 * run.values("activity", model, "risk_factor", view.step) for model in ("operated", "intact")
    }
    stage.live_name = "running"
    stage.show(view)
    assert np.allclose(
        stage.values("0:difference", view),
        20 * run.values("activity", "difference", "risk_factor", view.step), equal_nan=True, rtol=1e-4, atol=1e-5,
    )  # fmt: skip
    larger = stage.scale(view, True).scale.bounds
    assert larger[-1] > 10 * saved_scale[-1]
    stage.live = {model: 0.1 * values for model, values in stage.live.items()}
    assert np.array_equal(stage.scale(view, True).scale.bounds, larger)
    stage.live = None
    assert np.array_equal(stage.scale(view, True).scale.bounds, saved_scale)
    assert np.array_equal(stage.scale(view, False).scale.bounds[[0, -1]], [0.0, 1.0])
