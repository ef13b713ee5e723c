"""What the operation takes and moves: bone stock, leg length, offset."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.metrics.bone_stock import BoneStock
from femsim.metrics.joint_geometry import JointGeometry


def values_of(measures):
    return {(m.name, m.zone, m.model): m.value for m in measures}


def with_model(outcome, **fields):
    return replace(outcome, model=replace(outcome.model, **fields))


@pytest.fixture
def pair(outcome_of):
    """The upper half of the block is head, its top layer removed; the lowest layer is the support."""
    operated, intact = outcome_of("operated", np.eye(3), with_implant=True), outcome_of("intact", np.eye(3))
    height = intact.model.mesh.nodes[intact.model.mesh.elements].mean(axis=1)[:, 2]
    zone = np.where(height > 0, 0, np.where(height > -10, 1, 2))
    zones = ("head_superior", "calcar", "distal_support")
    kept = np.arange(len(zone)) < operated.n_kept
    return (
        with_model(operated, zones=zones, zone_of=np.where(kept, zone, -1)),
        with_model(intact, zones=zones, zone_of=zone),
    )


def test_bone_kept_and_removed_are_told_by_volume_and_mass(pair):
    values = values_of(BoneStock().measure(*pair))
    # 30 x 30 x 25 and 30 x 30 x 5 mm of 0.5 g/cm³
    assert values["bone_volume_kept", "femur", "operated"] == pytest.approx(22.5)
    assert values["bone_volume_removed", "femur", "operated"] == pytest.approx(4.5)
    assert values["bone_mass_kept", "femur", "operated"] == pytest.approx(11.25)
    assert values["bone_mass_removed", "femur", "operated"] == pytest.approx(2.25)


def test_a_cap_leaves_all_the_bone_for_a_later_stem(pair):
    values = values_of(BoneStock().measure(*pair))
    assert values["bone_kept_share", "head_neck", "operated"] == pytest.approx(100 * 10 / 15)
    assert values["bone_kept_share", "below_neck_cut", "operated"] == pytest.approx(100.0)


def test_bone_removed_below_the_neck_is_missed_by_a_later_stem(pair):
    operated, intact = pair
    zone = intact.model.zone_of.copy()
    zone[operated.n_kept :] = 1
    values = values_of(BoneStock().measure(operated, with_model(intact, zone_of=zone)))
    assert values["bone_kept_share", "head_neck", "operated"] == pytest.approx(100.0)
    assert values["bone_kept_share", "below_neck_cut", "operated"] == pytest.approx(100 * 10 / 15)


def test_the_whole_femur_is_kept_where_nothing_was_put_in(pair):
    intact = replace(pair[1], n_kept=pair[1].model.mesh.n_elements)
    values = values_of(BoneStock().measure(intact, intact))
    assert values["bone_volume_removed", "femur", "operated"] == values["bone_mass_removed", "femur", "operated"] == 0.0
    assert values["bone_kept_share", "below_neck_cut", "operated"] == 100.0


def test_a_head_that_rises_and_goes_medially_lengthens_leg_and_offset(pair):
    operated, intact = pair
    moved = with_model(operated, head_centre=(-3.0, 1.0, 2.0), head_diameter=36.0)
    values = values_of(JointGeometry().measure(moved, with_model(intact, head_diameter=48.0)))
    assert values["leg_length_change", "head", "change"] == 2.0
    assert values["offset_change", "head", "change"] == 3.0
    assert values["head_diameter", "head", "operated"] == 36.0
    assert values["head_diameter", "head", "change"] == -12.0


def test_a_diameter_that_nobody_knows_is_not_told(pair):
    assert {m.name for m in JointGeometry().measure(*pair)} == {"leg_length_change", "offset_change"}
