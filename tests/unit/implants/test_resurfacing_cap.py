"""The cap fits its own dimensions and refuses femora it does not fit."""

import numpy as np
import pytest

from femsim.errors import GeometryError
from femsim.implants import ResurfacingCap
from femsim.implants.seat import seat_of, stem_axis
from femsim.implants.sizes import size_by_rule
from femsim.implants.solids import outline_of, volume_of
from femsim.mesh.generate import implant_reference_mesh
from femsim.mesh.quality import volumes


def sheet(solids, name):
    return next(s for s in solids.all_sheets if s.name == name).shape


def test_by_default_the_cap_restores_the_natural_head(femur):
    outer = sheet(ResurfacingCap().place(femur), "cap_outer").profile
    assert np.hypot(*outer.T) == pytest.approx(femur.landmarks.head_radius)


@pytest.mark.parametrize("cement_mm", [0.5, 1.0, 2.0])
def test_the_mantle_is_as_thick_as_asked_all_around(femur, cement_mm):
    solids = ResurfacingCap(cement_mm=cement_mm).place(femur)
    inner, outer = (sheet(solids, name).profile for name in ("mantle_bone", "mantle_cap"))
    on_dome = inner[inner[:, 1] > 10]
    assert np.hypot(*on_dome.T) == pytest.approx(np.hypot(*outer[0]) - cement_mm)
    assert inner[-1][0] == pytest.approx(outer[-1][0] - cement_mm)


def test_the_stem_ends_as_far_beyond_the_rim_as_asked(femur):
    stem = sheet(ResurfacingCap(rim_below_centre_mm=9.0, stem_beyond_rim_mm=31.0).place(femur), "stem").profile
    assert stem[0] == pytest.approx([0, -40])


@pytest.mark.parametrize("solid", ["cement", "cap"])
def test_volume_by_pappus_is_the_volume_of_the_solid_opencascade_builds(femur, solid):
    solids = ResurfacingCap().place(femur)
    nodes, elements = implant_reference_mesh(
        outline_of(solids, solid), size=4.0, origin=solids.origin, axis=solids.axis
    )
    # The reference mesh has straight edges of at most 4 mm on circles of 24 mm: about half a per cent inside them.
    assert volumes(nodes, elements).sum() == pytest.approx(volume_of(solids, solid), rel=0.04)


def test_valgus_makes_the_stem_steeper_and_version_turns_it_forward(femur):
    neck = femur.landmarks.neck_axis
    assert stem_axis(femur, 8, 0)[2] > neck[2] > stem_axis(femur, -8, 0)[2]
    assert stem_axis(femur, 0, 8)[1] > neck[1] > stem_axis(femur, 0, -8)[1]
    assert neck @ stem_axis(femur, 5, 0) == pytest.approx(np.cos(np.radians(5)))


def test_a_cap_larger_than_the_head_allows_is_refused_with_the_size_that_fits(femur):
    with pytest.raises(GeometryError, match=r"too large for this head") as caught:
        ResurfacingCap(head_diameter_mm=2 * femur.landmarks.head_radius + 12, custom_size=True).place(femur)
    largest = float(caught.value.remedy.split()[1])
    ResurfacingCap(head_diameter_mm=largest - 1, custom_size=True).place(femur)


def test_a_cap_smaller_than_the_neck_is_refused_with_the_size_that_fits(femur):
    with pytest.raises(GeometryError, match=r"too small for this neck") as caught:
        ResurfacingCap(head_diameter_mm=38).place(femur)
    ResurfacingCap(head_diameter_mm=float(caught.value.remedy.split()[1])).place(femur)


@pytest.mark.parametrize("size", [47.0, 36.0, 60.0])
def test_a_size_that_no_catalogue_has_is_refused_with_the_nearest_one(femur, size):
    with pytest.raises(GeometryError, match="is not made") as caught:
        ResurfacingCap(head_diameter_mm=size).place(femur)
    assert abs(float(caught.value.remedy.split()[1]) - size) <= 2


def test_by_rule_a_head_between_two_sizes_gets_the_nearer_one():
    assert size_by_rule(46.7, lambda size: 0.0) == 46
    assert size_by_rule(47.3, lambda size: 0.0) == 48


def test_by_rule_a_neck_that_would_be_notched_gets_the_next_larger_size():
    assert size_by_rule(46.7, lambda size: 49 - size) == 50


def test_by_rule_no_cap_is_much_larger_than_the_head():
    assert size_by_rule(46.7, lambda size: 1.0) == 46


def test_the_joint_goes_where_the_surgery_puts_it(femur):
    axis = femur.landmarks.neck_axis
    assert ResurfacingCap(depth_mm=3.0).place(femur).head_centre == pytest.approx(-3 * axis)
    assert ResurfacingCap(polar_gap_mm=2.0).place(femur).head_centre == pytest.approx(2 * axis)
    shifted = ResurfacingCap(superior_shift_mm=1.5).place(femur).head_centre
    assert shifted @ axis == pytest.approx(0) and shifted[2] > 0 and np.linalg.norm(shifted) == pytest.approx(1.5)


def test_a_press_fit_has_metal_on_bone_and_no_cement(femur):
    solids = ResurfacingCap(fixation="press_fit").place(femur)
    assert set(solids.materials) == {"cap", "stem"}
    assert next(s for s in solids.tool if s.name == "bed").left == "cap"


def test_a_cap_that_sits_beside_the_neck_says_what_it_notches(femur):
    (note,) = [n for n in ResurfacingCap(head_diameter_mm=44, varus_valgus_deg=10).place(femur).notes if "notches" in n]
    assert "superior" in note


def test_a_notch_leaves_the_neck_so_much_thinner(femur):
    from femsim.mesh.sections import radii_around

    solids = ResurfacingCap(notch_mm=3.0).place(femur)
    (burr,) = solids.burrs
    seat = seat_of(ResurfacingCap(), femur)
    middle = burr.shape.origin
    height, bottom = middle @ seat.axis, middle @ seat.superior - burr.shape.reach
    neck = radii_around(femur.surface, np.zeros(3), seat.axis, seat.superior, np.array([height]), n_around=8)[0, 0]
    assert neck - bottom == pytest.approx(3.0, abs=0.01)


def test_a_notch_that_would_reach_the_stem_is_refused(femur):
    with pytest.raises(GeometryError, match="bone over the stem"):
        ResurfacingCap(notch_mm=8.0, stem_diameter_mm=16.0, superior_shift_mm=2.0).place(femur)


@pytest.mark.parametrize("change", [{"stem_beyond_rim_mm": 80.0}, {"varus_valgus_deg": 20.0, "version_deg": 20.0}])
def test_a_stem_that_leaves_the_bone_is_refused(femur, change):
    with pytest.raises(GeometryError, match="stem leaves the bone"):
        ResurfacingCap(**change).place(femur)


def test_a_cap_that_cannot_be_made_is_refused(femur):
    with pytest.raises(GeometryError, match="cannot be made"):
        ResurfacingCap(stem_diameter_mm=6.0, stem_tip_diameter_mm=8.0).place(femur)
