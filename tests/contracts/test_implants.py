"""What every implant promises: solids that are closed, disjoint, and have a mass, in the room that its tool makes."""

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.implants import IMPLANTS
from femsim.implants.arrangement import tool_surface
from femsim.implants.solids import BONE, NOTHING, moved, surface_of, volume_of
from femsim.mesh.signed import signed_distance
from femsim.mesh.surface import enclosed_volume, is_closed

DENSITY = {"cocr": 8.3, "pmma": 1.19, "ti6al4v": 4.43}  # g/cm³; handbook values
STEP = 2.0  # mm


@pytest.fixture(scope="module")
def femur():
    return FEMURS["parametric"](shaft_length_mm=230.0).shape()


@pytest.fixture(scope="module", params=list(IMPLANTS))
def solids(request, femur):
    return IMPLANTS[request.param]().place(femur)


def test_its_axis_is_a_unit_vector_out_of_the_bone(solids, femur):
    assert np.linalg.norm(solids.axis) == pytest.approx(1)
    assert solids.axis @ femur.landmarks.neck_axis > 0


def test_every_solid_is_closed_and_has_a_mass(solids):
    for name, material in solids.materials.items():
        assert is_closed(surface_of(solids, name))
        assert 1 < volume_of(solids, name) * DENSITY[material] / 1000 < 1000  # g


def test_every_sheet_parts_two_different_bodies_that_are_there(solids):
    known = {*solids.materials, *solids.layers, NOTHING, BONE}
    for sheet in solids.all_sheets:
        assert sheet.left != sheet.right and {sheet.left, sheet.right} <= known


def test_no_two_sheets_have_one_name(solids):
    names = [sheet.name for sheet in solids.all_sheets]
    assert len(set(names)) == len(names)


def test_the_tool_is_closed_and_its_sheets_follow_one_another(solids):
    for before, after in zip(solids.tool[:-1], solids.tool[1:]):
        assert before.shape.ends()[1] == pytest.approx(after.shape.ends()[0], abs=1e-6)
    if solids.tool:
        tool = tool_surface(solids, STEP)
        assert is_closed(tool) and enclosed_volume(tool) > 0


def test_solids_are_disjoint_and_lie_in_the_room_the_tool_makes(solids):
    if not solids.materials:
        return
    tool = tool_surface(solids, STEP)
    low, high = tool.points.min(axis=0), tool.points.max(axis=0)
    points = np.random.default_rng(3).uniform(low, high, (20_000, 3))
    inside = {name: signed_distance(surface_of(solids, name), points) for name in solids.materials}
    assert (np.sum([distance < -0.05 for distance in inside.values()], axis=0) <= 1).all()
    any_of_them = np.any([distance < -0.05 for distance in inside.values()], axis=0)
    assert any_of_them.any()
    # A chord of a tool's circle lies 0.02 mm inside it.
    assert (signed_distance(tool, points[any_of_them]) < 0.05).all()


def test_the_joint_bears_on_a_sphere_about_the_head_centre(solids):
    if solids.head_radius is None:
        return
    bearing = next(sheet for sheet in solids.all_sheets if sheet.name == solids.bearing)
    points = bearing.shape.surface(STEP).points
    assert np.linalg.norm(points - solids.head_centre, axis=1) == pytest.approx(solids.head_radius, abs=0.01)


def test_by_default_the_natural_head_centre_is_restored(solids):
    assert solids.head_centre == pytest.approx(np.zeros(3), abs=1e-9)


def test_moving_an_implant_moves_all_of_it(solids):
    by = np.array([1.0, -2.0, 3.0])
    shifted = moved(solids, by)
    for before, after in zip(solids.all_sheets, shifted.all_sheets):
        assert after.shape.ends()[0] == pytest.approx(before.shape.ends()[0] + by)
    assert shifted.head_centre == pytest.approx(solids.head_centre + by)
