"""Shares of a uniform pull through the top layer of a block, half cement and half cap."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.mesh.plane import Plane
from femsim.metrics.load_share import LoadShare

PULL = 0.01 * np.diag([-0.3, -0.3, 1.0])  # uniaxial stress of 10 MPa on 30 x 30 mm
FORCE = 9000.0


@pytest.fixture
def cut(outcome_of):
    """plane → (name, zone, model) → value, of a block with implant against one without."""

    def of(plane):
        pair = []
        for name, with_implant in (("operated", True), ("intact", False)):
            block = outcome_of(name, PULL, with_implant=with_implant)
            pair.append(replace(block, model=replace(block.model, sections=(plane,))))
        return {(m.name, m.zone, m.model): m.value for m in LoadShare().measure(*pair)}

    return of


def test_force_and_moment_are_those_of_the_whole_section(cut):
    values = cut(Plane("top", (5, 0, 10), (0, 0, 1)))
    for model in ("operated", "intact"):
        assert values["axial_force", "top", model] == pytest.approx(FORCE, rel=1e-9)
        assert values["bending_moment", "top", model] == pytest.approx(5 * FORCE, rel=1e-9)


def test_equal_areas_of_equal_stress_carry_half_each_and_bend_by_their_arm(cut):
    values = cut(Plane("top", (5, 0, 10), (0, 0, 1)))
    assert values["axial_share_cap", "top", "operated"] == pytest.approx(50.0, rel=1e-9)
    assert values["axial_share_cement", "top", "operated"] == pytest.approx(50.0, rel=1e-9)
    assert values["axial_share_bone", "top", "operated"] == 0.0
    # Their centres lie 2.5 mm beyond the point and 12.5 mm before it, the middle of the block 5 mm before it.
    assert values["bending_share_cap", "top", "operated"] == pytest.approx(-25.0, rel=1e-9)
    assert values["bending_share_cement", "top", "operated"] == pytest.approx(125.0, rel=1e-9)


def test_bone_carries_everything_in_the_intact_femur_and_has_lost_it_all_above_the_cut(cut):
    values = cut(Plane("top", (5, 0, 10), (0, 0, 1)))
    for name in ("axial_share_bone", "bending_share_bone"):
        assert values[name, "top", "intact"] == 100.0
        assert values[name, "top", "change"] == -100.0


def test_a_moment_of_nearly_nothing_is_not_shared_out(cut):
    values = cut(Plane("top", (0, 0, 10), (0, 0, 1)))
    assert abs(values["bending_moment", "top", "operated"]) < 1e-6 * FORCE
    assert not any(name.startswith("bending_share") for name, _, _ in values)


def test_a_force_across_the_section_alone_is_not_shared_out(cut):
    values = cut(Plane("side", (2, 0, 0), (1, 0, 0)))
    assert not any(name.startswith("axial_share") for name, _, _ in values)


def test_a_section_that_misses_the_bone_tells_nothing(cut):
    assert cut(Plane("above", (0, 0, 99), (0, 0, 1))) == {}
