"""A stem in the shaft: where axis, neck cut and ball lie, how it follows the bone, and what it refuses."""

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.errors import GeometryError
from femsim.implants import Stemmed, StemmedCemented
from femsim.implants.stem_surgery import frame_of
from femsim.mesh.signed import signed_distance

BOTH = (Stemmed, StemmedCemented)


@pytest.fixture(scope="module")
def femur():
    return FEMURS["parametric"](shaft_length_mm=230.0).shape()


def sheet(solids, name):
    return next(s for s in solids.all_sheets if s.name == name).shape


@pytest.mark.parametrize("kind", BOTH)
def test_the_natural_head_centre_is_restored(femur, kind):
    assert kind().place(femur).head_centre == pytest.approx(np.zeros(3), abs=1e-9)


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"offset_change_mm": 5.0}, (0, 0, 0, 5.0)),
        ({"leg_length_change_mm": 4.0}, (0, 0, 4.0, 0)),
        ({"depth_mm": 3.0}, (0, 0, -3.0, 0)),
        ({"medial_shift_mm": 2.0}, (0, 0, 0, 2.0)),
    ],
)
def test_the_ball_goes_where_the_surgery_puts_it(femur, change, moved):
    centre = Stemmed(**change).place(femur).head_centre
    medial = frame_of(Stemmed(), femur).medial
    assert centre == pytest.approx(np.array(moved[:3]) + moved[3] * medial, abs=1e-9)


def test_version_turns_the_ball_forward_about_the_shaft(femur):
    before, after = (Stemmed(version_deg=turn).place(femur).head_centre for turn in (0.0, 10.0))
    assert after[1] > before[1] + 3
    assert after[2] == pytest.approx(before[2])


def test_varus_brings_the_ball_down_and_valgus_up(femur):
    heights = [Stemmed(varus_valgus_deg=tilt).place(femur).head_centre[2] for tilt in (-2.0, 0.0, 2.0)]
    assert heights[0] < heights[1] < heights[2]


def test_the_tip_lies_as_deep_as_the_stem_is_long(femur):
    solids = Stemmed(stem_length_mm=130.0).place(femur)
    frame = frame_of(Stemmed(stem_length_mm=130.0), femur)
    tip = sheet(solids, "stem").rings[0, 0]
    assert tip == pytest.approx(frame.entry - 130.0 * frame.axis)
    assert solids.stem_levels == pytest.approx((frame.entry[2], tip[2]))


def test_the_stem_passes_the_neck_cut_in_its_plane(femur):
    frame = frame_of(Stemmed(), femur)
    assert sheet(Stemmed().place(femur), "stem").rings[-1] @ frame.cut == pytest.approx(frame.level)


def test_the_neck_cut_lies_as_high_above_the_lesser_trochanter_as_asked(femur):
    low, high = (frame_of(Stemmed(neck_cut_above_lesser_mm=above), femur) for above in (8.0, 16.0))
    assert low.level < high.level
    assert np.degrees(np.arccos(low.cut @ femur.landmarks.shaft_axis)) == pytest.approx(45.0)


def test_the_medial_side_keeps_its_distance_from_the_calcar(femur):
    for gap in (4.0, 8.0):
        ring = sheet(Stemmed(calcar_gap_mm=gap).place(femur), "stem").rings[-1]
        medial = ring[(ring @ frame_of(Stemmed(), femur).medial).argmax()]
        assert -signed_distance(femur.surface, medial[None])[0] == pytest.approx(gap * np.cos(np.radians(30)), abs=2.0)


def test_a_slender_shaft_gets_a_thinner_tip_by_rule(femur):
    thin = FEMURS["parametric"](shaft_length_mm=230.0, shaft_width_mm=24.0, shaft_depth_mm=23.0).shape()
    widths = [np.ptp(sheet(Stemmed().place(bone), "stem").rings[10] @ np.eye(3)[1]) for bone in (femur, thin)]
    assert widths[1] < widths[0]


@pytest.mark.parametrize("thickness", [1.5, 3.0])
def test_the_mantle_is_as_thick_as_asked(femur, thickness):
    solids = StemmedCemented(cement_mm=thickness).place(femur)
    metal = sheet(solids, "stem_cement").rings
    middle = metal[len(metal) // 2]
    hole = solids.tool[0].shape.surface(1.0)
    distance = np.abs(signed_distance(_closed(hole), middle))
    # Along the axes of a section the mantle is as thick as asked, at the corners of a rounded rectangle thicker.
    assert distance.min() == pytest.approx(thickness, abs=0.25)
    assert distance.max() < 1.5 * thickness


def _closed(surface):
    """The hole with its mouth closed, so that a distance to it has a sign."""
    import pyvista

    from femsim.mesh.surface import Surface

    faces = np.column_stack([np.full(surface.n_triangles, 3), surface.triangles])
    filled = pyvista.PolyData(surface.points, faces).fill_holes(1000.0)
    return Surface(np.asarray(filled.points), filled.faces.reshape(-1, 4)[:, 1:])


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stem_length_mm": 250.0}, "too long for this bone"),
        ({"neck_cut_above_lesser_mm": -20.0}, "does not run through the neck"),
        ({"neck_cut_above_lesser_mm": 40.0}, "does not run through the neck"),
        ({"head_diameter_mm": 40.0}, "is not made for the taper"),
        ({"varus_valgus_deg": 15.0}, "leaves the bone|carries it out|would not spring"),
        ({"distal_diameter_mm": 24.0}, "leaves the bone"),
        ({"offset_change_mm": -20.0, "leg_length_change_mm": -15.0}, "sit in the neck cut|would not spring"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_numbers(femur, kind, change, words):
    if kind is StemmedCemented and "distal_diameter_mm" in change:
        change = {"distal_diameter_mm": 16.0, "cement_mm": 5.0}
    with pytest.raises(GeometryError, match=words) as caught:
        kind(**change).place(femur)
    assert any(character.isdigit() for character in caught.value.what)
    assert caught.value.remedy


def test_a_stem_too_long_says_how_long_one_may_be(femur):
    with pytest.raises(GeometryError) as caught:
        Stemmed(stem_length_mm=260.0).place(femur)
    longest = float(caught.value.remedy.split()[1])
    Stemmed(stem_length_mm=longest - 1, distal_diameter_mm=8.0).place(femur)
