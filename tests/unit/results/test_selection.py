"""Which measures are read first."""

import pytest

from femsim.results.selection import for_reading, share_of

ZONES = ("calcar", "gruen_7", "neck_superior", "femur")


@pytest.mark.parametrize(
    ("regions", "left_out"),
    [((), "gruen_7"), (("cap",), "gruen_7"), (("cap", "stem"), "gruen_7"), (("stem",), "calcar")],
)
def test_the_shaft_is_divided_once_and_by_gruen_where_a_stem_without_cap_lies_in_it(regions, left_out):
    shown = {measure["zone"] for measure in for_reading([{"zone": zone} for zone in (*ZONES, *regions)])}
    assert shown == {*ZONES, *regions} - {left_out}


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("axial_share_cap", ("axial_share", "cap")),
        ("bending_share_bone", ("bending_share", "bone")),
        ("axial_force", None),
    ],
)
def test_a_share_is_told_by_its_kind_and_part(name, share):
    assert share_of(name) == share
