"""Contact with a rigid floor, and the way to the corners of a quadratic mesh."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.contact import FloorContact, facing_areas
from femsim.fem.corners import on_corners
from femsim.fem.coupling import Coupling
from femsim.fem.elasticity import Isotropic
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.laws import SpringDamper, TissueLayer
from femsim.verification.mapped import mapped_box

UP = np.array([0.0, 0.0, 1.0])
FACES = ("x0", "x1", "y0", "y1", "z0", "z1")


def box(order: int):
    return mapped_box((2, 2, 2), lambda p: p * [6.0, 4.0, 8.0], FACES, order=order)


def floor(mesh, law) -> FloorContact:
    areas = facing_areas(mesh, mesh.surface("z0"), UP)
    nodes = np.flatnonzero(areas)
    return FloorContact(UP, nodes, areas[nodes], np.zeros(len(nodes)), law)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("lean", [0.0, 0.5])
def test_areas_are_what_the_floor_sees(order, lean):
    mesh = box(order)
    normal = np.array([np.sin(lean), 0.0, np.cos(lean)])
    found = facing_areas(mesh, mesh.surface("z0"), normal).sum()
    assert found == pytest.approx(24.0 * np.cos(lean), rel=1e-12)


def test_a_face_that_looks_away_is_not_seen():
    mesh = box(1)
    with pytest.raises(ModelError, match="No face of the bone looks at the floor"):
        facing_areas(mesh, mesh.surface("z1"), UP)


@pytest.mark.parametrize("order", [1, 2])
def test_an_even_compression_gives_pressure_times_area(order):
    mesh, law = box(order), TissueLayer(10.0, 2.0)
    u = np.broadcast_to(-3.0 * UP, (mesh.n_nodes, 3))
    answer = floor(mesh, law).respond(u, 0 * u)
    assert answer.total.sum() == pytest.approx(24.0 * law.respond(np.array([3.0]), np.zeros(1)).total[0], rel=1e-12)


def test_corners_feel_the_same_forces_do_the_same_work():
    mesh = box(2)
    pattern = np.random.default_rng(0).standard_normal((mesh.n_nodes, 3))
    setting = ImpactSetting(
        "fall",
        np.zeros((mesh.n_nodes, 3), bool),
        np.full((mesh.n_elements, 4), 2e-9),
        np.zeros((mesh.n_nodes, 3)),
        couplings=(Coupling("hip", pattern, SpringDamper(1.0)),),
        floor=floor(mesh, SpringDamper(np.linspace(1, 2, 16)[: len(floor(mesh, None).nodes)], 0.0, pulls=False)),
    )
    linear, _, moved, nodal = on_corners(mesh, Isotropic(1000.0, 0.3), setting)
    u = np.random.default_rng(1).standard_normal((linear.n_nodes, 3))
    assert np.vdot(moved.couplings[0].vector, u) == pytest.approx(np.vdot(pattern, nodal @ u), rel=1e-12)
    assert moved.floor.areas.sum() == pytest.approx(24.0, rel=1e-12)
    np.testing.assert_allclose(moved.floor.gaps, 0.0, atol=1e-12)
    np.testing.assert_allclose(nodal @ linear.nodes, mesh.nodes, atol=1e-12)
