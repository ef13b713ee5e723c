"""Nodal forces of a pressure on the head and of a muscle patch."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.loads.traction import _patch, head_pressure, patch_force
from femsim.mesh.mesh import Mesh

RADIUS = 24.0  # of the ball, as in conftest
DIRECTION = np.array([0.2267, -0.138, -0.964]) / np.linalg.norm([0.2267, -0.138, -0.964])


def _moment(mesh, forces, about=(0, 0, 0)):
    return np.cross(mesh.nodes - about, forces).sum(axis=0)


@pytest.mark.parametrize("half_angle", [20.0, 60.0, 85.0])
def test_pressure_has_an_exact_resultant_and_no_moment_about_the_centre(ball, half_angle):
    forces = head_pressure(ball, DIRECTION, half_angle_deg=half_angle)
    assert np.abs(forces.sum(axis=0) - DIRECTION).max() < 1e-12
    assert np.abs(_moment(ball, forces)).max() < 1e-12 * RADIUS


def test_pressure_enters_opposite_to_the_force_and_presses_inwards(ball):
    forces = head_pressure(ball, DIRECTION, half_angle_deg=60.0)
    loaded = np.linalg.norm(forces, axis=1) > 1e-6
    directions = ball.nodes[loaded] / np.linalg.norm(ball.nodes[loaded], axis=1, keepdims=True)
    assert (directions @ -DIRECTION > np.cos(np.radians(60 + 10))).all()  # and an edge of the mesh
    assert np.einsum("ni,ni->", forces, ball.nodes) < 0


@pytest.mark.parametrize("half_angle", [30.0, 60.0])
def test_pressure_is_that_of_the_closed_form_on_a_sphere(ball, half_angle):
    # p = p0 cos θ on a cap: F = ∫ p cos θ dA = (2π/3) p0 R² (1 − cos³α). The virial ∑ f·x = −R ∫ p dA = −π p0 R³ sin²α.
    alpha = np.radians(half_angle)
    largest = 3.0 / (2.0 * np.pi * RADIUS**2 * (1.0 - np.cos(alpha) ** 3))
    forces = head_pressure(ball, DIRECTION, half_angle_deg=half_angle)
    virial = np.einsum("ni,ni->", forces, ball.nodes)
    # The edge of the pressure cuts through faces: 2 % on this mesh.
    assert virial == pytest.approx(-np.pi * largest * RADIUS**3 * np.sin(alpha) ** 2, rel=0.02)


def test_faces_have_the_area_of_the_sphere(ball):
    area = _patch(ball, ball.surface("bearing")).areas.sum()
    # Flat facets of 3 mm lose 0.4 %; parabolic ones a hundredth of that.
    error = 5e-3 if ball.order == 1 else 5e-5
    assert area == pytest.approx(4 * np.pi * RADIUS**2, rel=error)


def test_a_head_away_from_its_pole_is_refused():
    points = np.array([(0.0, 0, 0), (24, 0, 0), (23, 5, 0), (23, 0, 5)])
    mesh = Mesh(points, [(0, 1, 2, 3)], [0], ("bone_kept",), {"bearing": np.array([(1, 2, 3)])})
    with pytest.raises(ModelError, match="no face"):
        head_pressure(mesh, DIRECTION, half_angle_deg=30.0)


def test_a_bearing_on_one_side_of_the_pole_only_is_refused(ball):
    faces = ball.surface("bearing")
    side = ball.nodes[faces[:, :3]].mean(axis=1)[:, 0] > 4
    mesh = Mesh(ball.nodes, ball.elements, ball.region_of, ball.regions, {"bearing": faces[side]})
    with pytest.raises(ModelError, match=r"pull somewhere|Too few faces"):
        head_pressure(mesh, (0, 0, -1), half_angle_deg=30.0)


@pytest.mark.parametrize("direction", [(1, 0, 0), (0, 1, 0), (-0.55, 0.04, 0.83)])
def test_a_muscle_patch_has_an_exact_resultant_and_no_moment_about_its_point(ball, direction):
    point = RADIUS * np.array([0.6, 0.64, 0.48])
    forces = patch_force(ball, point, direction, 10.0)
    assert forces.sum(axis=0) == pytest.approx(np.array(direction) / np.linalg.norm(direction), abs=1e-12)
    assert np.abs(_moment(ball, forces, point)).max() < 1e-11
    away = np.linalg.norm(ball.nodes - point, axis=1)
    assert away[np.linalg.norm(forces, axis=1) > 0].max() < 10.0 + 5.0  # a face reaches out of the patch by one edge


def test_a_muscle_patch_is_linear_in_its_direction(ball):
    point, parts = RADIUS * np.array([0.6, 0.64, 0.48]), np.array([0.36, -0.48, 0.8])
    whole = patch_force(ball, point, parts, 10.0)
    summed = sum(part * patch_force(ball, point, axis, 10.0) for part, axis in zip(parts, np.eye(3)))
    assert whole == pytest.approx(summed, abs=1e-13)


def test_a_muscle_site_off_the_bone_is_refused(ball):
    with pytest.raises(ModelError, match="meets no face"):
        patch_force(ball, (60.0, 0, 0), (0, 0, 1), 10.0)


def test_the_other_side_of_a_thin_plate_is_left_alone():
    # Two parallel faces 4 mm apart, far wider than the patch.
    n = 13
    x, y = np.meshgrid(np.linspace(-18, 18, n), np.linspace(-18, 18, n), indexing="ij")
    sheet = np.stack([x.ravel(), y.ravel(), np.zeros(n * n)], axis=1)
    a = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    top = np.concatenate([np.stack([a, a + n, a + 1], 1), np.stack([a + 1, a + n, a + n + 1], 1)])
    nodes = np.concatenate([sheet, sheet - (0, 0, 4.0)])
    faces = np.concatenate([top, top[:, ::-1] + n * n])
    mesh = Mesh(nodes, [(0, 1, n, n * n)], [0], ("bone_kept",), {"bone_outer": faces})
    forces = patch_force(mesh, (0.5, 0.2, 0), (0, 0, 1), 10.0)
    assert np.abs(forces[n * n :]).max() == 0.0


def test_a_force_without_direction_is_refused(ball):
    with pytest.raises(ModelError, match="no direction"):
        patch_force(ball, (24, 0, 0), (0, 0, 0), 10.0)
