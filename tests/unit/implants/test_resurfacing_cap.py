"""The cap fits its own dimensions and refuses femora it does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import GeometryError
from femsim.implants import ResurfacingCap
from femsim.implants.resurfacing_cap import stem_axis
from femsim.implants.solids import outline_of, volume_of
from femsim.mesh.generate import implant_reference_mesh
from femsim.mesh.quality import volumes


def sheet(solids, name):
    return next(s for s in (*solids.tool, *solids.sheets) if s.name == name)


def test_by_default_the_cap_restores_the_natural_head(femur):
    outer = sheet(ResurfacingCap().place(femur), "cap_outer").profile
    assert np.hypot(*outer.T) == pytest.approx(femur.landmarks.head_radius)


@pytest.mark.parametrize("cement_mm", [0.5, 1.0, 2.0])
def test_the_mantle_is_as_thick_as_asked_all_around(femur, cement_mm):
    solids = ResurfacingCap(cement_mm=cement_mm).place(femur)
    inner, outer = (sheet(solids, name).profile for name in ("mantle_bone", "mantle_cap"))
    on_dome = inner[inner[:, 1] > 8]
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
        ResurfacingCap(head_diameter_mm=2 * femur.landmarks.head_radius + 12).place(femur)
    largest = float(caught.value.remedy.split()[1])
    ResurfacingCap(head_diameter_mm=largest - 1).place(femur)


def test_a_cap_smaller_than_the_neck_is_refused_with_the_size_that_fits(femur):
    wide = replace(femur, landmarks=replace(femur.landmarks, neck_radius=19.5))
    with pytest.raises(GeometryError, match=r"too small for this neck") as caught:
        ResurfacingCap(head_diameter_mm=44).place(wide)
    ResurfacingCap(head_diameter_mm=float(caught.value.remedy.split()[1])).place(wide)


@pytest.mark.parametrize("change", [{"stem_beyond_rim_mm": 80.0}, {"varus_valgus_deg": 20.0, "version_deg": 20.0}])
def test_a_stem_that_leaves_the_bone_is_refused(femur, change):
    with pytest.raises(GeometryError, match="stem leaves the bone"):
        ResurfacingCap(**change).place(femur)


def test_a_cap_that_cannot_be_made_is_refused(femur):
    with pytest.raises(GeometryError, match="cannot be made"):
        ResurfacingCap(stem_diameter_mm=6.0, stem_tip_diameter_mm=8.0).place(femur)
