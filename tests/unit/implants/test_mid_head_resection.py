"""A metal head on a cone of bone: where it sits, and what it refuses."""

import numpy as np
import pytest

from femsim.errors import GeometryError
from femsim.implants import MidHeadResection


def sheet(solids, name):
    return next(s for s in solids.all_sheets if s.name == name).shape


def test_the_head_is_cut_off_where_it_was_asked_for(femur):
    solids = MidHeadResection(resection_above_centre_mm=4.0).place(femur)
    assert sheet(solids, "plateau").profile[:, 1] == pytest.approx(4.0)


def test_the_cone_opens_by_its_angle(femur):
    (narrow, top), (wide, rim) = sheet(MidHeadResection(cone_half_angle_deg=8.0).place(femur), "cone").profile
    assert np.degrees(np.arctan2(wide - narrow, top - rim)) == pytest.approx(8.0)


def test_the_stem_is_as_long_as_asked(femur):
    profile = sheet(MidHeadResection(stem_length_mm=55.0).place(femur), "stem").profile
    assert profile[-1, 1] - profile[0, 1] == pytest.approx(55.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"resection_above_centre_mm": -40.0}, "no cone of 3 mm is left"),
        ({"head_diameter_mm": 47.0}, "is not made"),
        ({"head_diameter_mm": 54.0}, "too large for this head"),
        ({"head_diameter_mm": 38.0}, "too small for this neck"),
        ({"stem_length_mm": 110.0, "varus_valgus_deg": -15.0}, "stem leaves the bone"),
        ({"stem_diameter_mm": 10.0, "stem_tip_diameter_mm": 12.0}, "cannot be made"),
        ({"notch_mm": 8.0, "stem_diameter_mm": 20.0}, "bone over the stem"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_numbers(femur, change, words):
    with pytest.raises(GeometryError, match=words) as caught:
        MidHeadResection(**change).place(femur)
    assert any(character.isdigit() for character in caught.value.what)
    assert caught.value.remedy
