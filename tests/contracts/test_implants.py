"""What every implant promises: solids that are closed, disjoint, and have a mass."""

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.implants import IMPLANTS
from femsim.implants.solids import BONE, NOTHING, outline_of, volume_of

DENSITY = {"cocr": 8.3, "ti6al4v": 4.43, "pmma": 1.19}  # g/cm³; handbook values


@pytest.fixture(scope="module")
def femur():
    return FEMURS["parametric"]().shape()


@pytest.fixture(params=list(IMPLANTS))
def solids(request, femur):
    return IMPLANTS[request.param]().place(femur)


def test_its_axis_is_a_unit_vector_out_of_the_bone(solids, femur):
    assert np.linalg.norm(solids.axis) == pytest.approx(1)
    assert solids.axis @ femur.landmarks.neck_axis > 0


def test_every_solid_is_closed(solids):
    for name in solids.materials:
        assert len(outline_of(solids, name)) > 2  # raises where the outline is open


def test_every_solid_has_a_mass(solids):
    for name, material in solids.materials.items():
        assert 1 < volume_of(solids, name) * DENSITY[material] / 1000 < 1000  # g


def test_every_sheet_parts_two_different_bodies_that_are_there(solids):
    known = {*solids.materials, NOTHING, BONE}
    for sheet in (*solids.tool, *solids.sheets):
        assert sheet.left != sheet.right and {sheet.left, sheet.right} <= known


def test_the_tool_runs_from_axis_to_axis_without_a_gap(solids):
    for before, after in zip(solids.tool[:-1], solids.tool[1:]):
        assert before.profile[-1] == pytest.approx(after.profile[0])
    if solids.tool:
        assert solids.tool[0].profile[0][0] == 0 == solids.tool[-1].profile[-1][0]


def winds_around(outline, points):
    """Whether points (k, 2) lie inside a closed outline (even–odd rule)."""
    inside = np.zeros(len(points), bool)
    for (r0, z0), (r1, z1) in zip(outline, np.roll(outline, -1, axis=0)):
        crosses = (z0 > points[:, 1]) != (z1 > points[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = r0 + (points[:, 1] - z0) * (r1 - r0) / (z1 - z0)
        inside ^= crosses & (points[:, 0] < at)
    return inside


def test_solids_are_disjoint_and_lie_in_the_room_the_tool_makes(solids):
    if not solids.materials:
        return
    grid = np.stack(np.meshgrid(np.arange(0.13, 45, 0.37), np.arange(-70.2, 45, 0.41)), axis=-1).reshape(-1, 2)
    tool = np.vstack([sheet.profile for sheet in solids.tool])
    inside = np.array([winds_around(outline_of(solids, name), grid) for name in solids.materials])
    assert (inside.sum(axis=0) <= 1).all()
    assert inside.any(axis=1).all()
    assert winds_around(tool, grid)[inside.any(axis=0)].all()
