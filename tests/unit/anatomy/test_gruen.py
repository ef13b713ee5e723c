"""Zones of Gruen and the sections along a stem, on femora with and without room for one."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.anatomy.cuts import section_planes
from femsim.anatomy.gruen import GRUEN_ZONES, REFERENCE_STEM, gruen_zones_of, stem_levels
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.zones import ZONES, zones_of
from tests.unit.anatomy.conftest import CUT_Z, SHAFT_X


def gruen(femur, *places, **levels):
    rows, names = gruen_zones_of(femur, np.array(places, float), **levels)
    return [names[row] if row >= 0 else "" for row in rows]


def test_zones_of_a_stem_run_down_its_lateral_side_and_up_its_medial_side(toy_femur):
    x = SHAFT_X
    places = [
        (x + 9, 0, -45), (x + 9, 0, -65), (x + 9, 0, -85), (x, 0, -100), (x - 9, 0, -85), (x - 9, 0, -65),
        (x - 9, 0, -52),
    ]  # fmt: skip
    assert gruen(toy_femur, *places, top=-35.0, tip=-95.0) == list(GRUEN_ZONES)


def test_the_trochanter_is_in_the_first_zone_and_the_calcar_in_the_seventh(toy_femur):
    marks = toy_femur.landmarks
    above_lesser = marks.lesser_trochanter + np.array([4, 0, 15])
    assert gruen(toy_femur, marks.greater_trochanter_tip - (0, 0, 3), above_lesser) == ["gruen_1", "gruen_7"]


def test_bone_above_the_neck_axis_is_lateral_also_where_it_lies_medial_of_the_shaft_axis(toy_femur):
    above, below = (SHAFT_X - 2, 0, -32), (SHAFT_X - 8, 0, -45)
    assert gruen(toy_femur, above, below) == ["gruen_1", "gruen_7"]


def test_head_neck_and_support_are_in_no_zone(toy_femur):
    neck = neck_frame(toy_femur.landmarks)
    at_neck = neck.centre + 0.1 * neck.anterior
    assert gruen(toy_femur, (0, 0, 0), at_neck, (SHAFT_X, 0, CUT_Z + 10)) == ["", "", ""]


def test_the_reference_stem_ends_where_the_support_of_a_short_shaft_begins(toy_femur):
    top, tip = stem_levels(toy_femur)
    assert top - tip < REFERENCE_STEM
    assert CUT_Z + 25 < tip < CUT_Z + 32  # the shaft is 29 mm wide


def test_a_long_shaft_holds_the_whole_reference_stem_and_bone_below_its_tip(toy_femur):
    femur = dataclasses.replace(toy_femur, surface=_moved_cut(toy_femur, -100.0))
    top, tip = stem_levels(femur)
    assert top - tip == pytest.approx(REFERENCE_STEM)
    assert gruen(femur, (SHAFT_X, 0, tip - 10), (SHAFT_X + 5, 0, tip + 10)) == ["gruen_4", "gruen_3"]
    assert len(section_planes(femur)) == 7


def test_a_shaft_that_ends_above_the_tip_lacks_the_distal_zones(toy_femur):
    rows, _ = gruen_zones_of(toy_femur, toy_femur.surface.points, top=-35.0, tip=-300.0)
    assert set(rows[rows >= 0]) == {0, 6}


def test_a_shaft_that_ends_above_the_top_has_no_zones(toy_femur):
    short = dataclasses.replace(toy_femur, surface=_moved_cut(toy_femur, 100.0))
    assert set(gruen_zones_of(short, toy_femur.surface.points)[0]) == {-1}
    assert [plane.name for plane in section_planes(short)] == [
        "section_head_centre", "section_head_base", "section_mid_neck",
    ]  # fmt: skip


def _moved_cut(femur, by):
    """The surface with its flat end, but nothing else, moved up [mm]: what lies below belongs to the support."""
    points = femur.surface.points.copy()
    points[np.unique(femur.surface.triangles[femur.surface.labels == 1])] += (0, 0, by)
    return dataclasses.replace(femur.surface, points=points)


REAL = {"m4": "femur_libhip/raw_m4_rfemur_mm.stl", "gfxmorph": "femur_gfxmorph/femur.stl"}


@pytest.fixture(scope="module", params=["parametric", *REAL])
def femur(request):
    if request.param == "parametric":
        return FEMURS["parametric"]().shape()
    return FEMURS["surface"](file=str(request.getfixturevalue("shared_data") / REAL[request.param])).shape()


def test_every_zone_of_a_whole_upper_femur_holds_bone_and_every_place_has_one(femur):
    rows, names = zones_of(femur, femur.surface.points)
    assert names == ZONES
    assert set(rows) == set(range(len(ZONES)))
    gruen_rows, _ = gruen_zones_of(femur, femur.surface.points)
    assert {0, 1, 2, 4, 5, 6} <= set(gruen_rows) <= set(range(-1, 7))
    # One partition is cut off where the other is: at head, neck and support.
    assert {names[row] for row in rows[gruen_rows == -1]} == {
        name for name in ZONES if name.startswith(("head_", "neck_")) or name == "distal_support"
    }


def test_sections_of_the_neck_have_all_of_the_head_and_next_to_none_of_the_trochanter_beyond_them(femur):
    rows, names = zones_of(femur, femur.surface.points)
    zone = np.array(names)[rows]
    for plane in section_planes(femur)[:3]:
        beyond = plane.beyond(femur.surface.points)
        above = femur.surface.points @ plane.normal > plane.point @ plane.normal
        assert beyond[np.char.startswith(zone, "head_") & above].all()
        # In one of them the saddle between neck and trochanter rises close to the neck.
        assert (zone[beyond] == "greater_trochanter").mean() < 0.02


def test_sections_follow_one_another_down_the_neck_and_the_shaft(femur):
    planes = {plane.name: plane for plane in section_planes(femur)}
    assert len(planes) == 7
    along = [
        planes[f"section_{name}"].point @ femur.landmarks.neck_axis for name in ("head_centre", "head_base", "mid_neck")
    ]
    assert along[0] == 0 and along == sorted(along, reverse=True)
    down = [planes[f"section_stem_{name}"].point[2] for name in ("upper", "middle", "lower")]
    assert down == sorted(down, reverse=True)
    assert planes["section_lesser_trochanter"].point[2] == pytest.approx(femur.landmarks.lesser_trochanter[2])
