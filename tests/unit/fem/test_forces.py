"""Nodal forces against plain twins, and against what statics demands of them."""

import numpy as np
import pytest

from femsim.errors import MeshError, ModelError
from femsim.fem.elements import element_of
from femsim.fem.faces import face_derivatives, face_values
from femsim.fem.forces import (
    body_force,
    element_stress_forces,
    initial_strain_force,
    stress_force,
    surface_pressure,
    surface_traction,
)
from femsim.fem.geometry import integration_points, integration_weights
from femsim.fem.quadrature import conical_rule, triangle_rule
from femsim.fem.sample import box_mesh
from femsim.mesh.topology import boundary_faces, quadratic_faces
from tests.twins import (
    curved,
    plain_gradients,
    plain_matrices,
    plain_strain_matrices,
    some_isotropic,
    some_orthotropic,
    tensor,
)

ORDERS = pytest.mark.parametrize("order", [1, 2])
SHAPES = pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
WEIGHT = np.array([1.0, -2.0, 3.0])


def skin(mesh):
    """All boundary faces, turned outward, (f, 3) or (f, 6)."""
    faces, owners = boundary_faces(mesh.elements[:, :4])
    return faces if mesh.order == 1 else quadratic_faces(faces, mesh.elements, owners)


@ORDERS
@SHAPES
def test_body_force_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 1, 2), (1, 2, 3), order=order, distortion=0.1))
    element, rule = element_of(mesh.elements), conical_rule(7)
    slope = np.random.default_rng(0).standard_normal((mesh.n_elements, 4, 3))  # linear in each element
    _, weights = plain_gradients(mesh, rule)
    where = rule.points if order == 2 else np.full((len(rule.points), 4), 0.25)
    density = np.einsum("pv,evi->epi", where, slope)
    expected = np.zeros((mesh.n_nodes, 3))
    np.add.at(expected, mesh.elements, np.einsum("ep,pa,epi->eai", weights, element.values(rule.points), density))
    given = np.einsum("qv,evi->eqi", element.rule.points, slope)
    np.testing.assert_allclose(body_force(mesh, given), expected, atol=1e-12 * np.abs(expected).max())


@ORDERS
@SHAPES
def test_weight_adds_up_to_volume_and_acts_at_the_centre(order, shape):
    mesh = shape(box_mesh((3, 2, 2), (1, 2, 3), order=order, distortion=0.1))
    rule = conical_rule(7)
    _, weights = plain_gradients(mesh, rule)
    places = np.einsum("pa,eai->epi", element_of(mesh.elements).values(rule.points), mesh.nodes[mesh.elements])
    force = body_force(mesh, WEIGHT)
    np.testing.assert_allclose(force.sum(axis=0), weights.sum() * WEIGHT, rtol=1e-12)
    moment = np.cross(np.einsum("ep,epi->i", weights, places), WEIGHT)
    np.testing.assert_allclose(np.cross(mesh.nodes, force).sum(axis=0), moment, atol=1e-12 * np.abs(moment).max())


@ORDERS
@SHAPES
def test_a_pressure_all_around_pushes_nowhere(order, shape):
    mesh = shape(box_mesh((2, 3, 2), order=order))
    force = surface_pressure(mesh, skin(mesh), 7.0)
    scale = np.abs(force).max()
    assert scale > 0
    assert np.abs(force.sum(axis=0)).max() < 1e-13 * scale * mesh.n_nodes
    assert np.abs(np.cross(mesh.nodes, force).sum(axis=0)).max() < 1e-13 * scale * mesh.n_nodes


@ORDERS
@SHAPES
def test_a_pressure_that_rises_with_depth_carries_the_weight_of_what_it_displaces(order, shape):
    """Archimedes: the pressure at the nodes is linear in place, so a straight mesh is exact and a curved one too."""
    mesh = shape(box_mesh((2, 3, 2), order=order))
    faces = skin(mesh)
    force = surface_pressure(mesh, faces, -2.0 * mesh.nodes[faces, 2])
    volume = plain_gradients(mesh, conical_rule(7))[1].sum()
    np.testing.assert_allclose(force.sum(axis=0), [0, 0, 2 * volume], rtol=1e-12, atol=1e-12 * volume)


@ORDERS
@SHAPES
def test_pressure_on_each_face_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((1, 2, 1), (1, 2, 3), order=order))
    rng, rule = np.random.default_rng(0), triangle_rule(15)
    for face in skin(mesh):
        pressure, expected = rng.standard_normal(len(face)), np.zeros((mesh.n_nodes, 3))
        values, slopes = face_values(len(face), rule.points), face_derivatives(len(face), rule.points)
        for weight, value, slope in zip(rule.weights, values, slopes):
            along = slope.T @ mesh.nodes[face]
            force = -(pressure @ value) * 0.5 * np.cross(along[0], along[1])
            expected[face] += weight * value[:, None] * force
        found = surface_pressure(mesh, face[None], pressure[None])
        np.testing.assert_allclose(found, expected, atol=1e-13 * np.abs(expected).max())


@ORDERS
@SHAPES
def test_a_pressure_is_the_traction_against_the_normal(order, shape):
    mesh = shape(box_mesh((2, 2, 2), order=order))
    faces = skin(mesh)[:7] if shape is not curved else skin(mesh)
    if order == 1 or shape is not curved:
        a, b, c = (mesh.nodes[faces[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        expected = surface_traction(mesh, faces, -3.0 * normal)
        np.testing.assert_allclose(surface_pressure(mesh, faces, 3.0), expected, atol=1e-13)
    total = surface_traction(mesh, faces, WEIGHT)
    np.testing.assert_allclose(total.sum(axis=0), surface_traction(mesh, faces, [1.0, 1, 1]).sum(axis=0) * WEIGHT)


def test_a_uniform_traction_goes_in_thirds_to_corners_or_to_mid_side_nodes():
    for order in (1, 2):
        mesh = box_mesh((1, 1, 1), order=order)
        face = skin(mesh)[:1]
        force = surface_traction(mesh, face, WEIGHT)
        expected = np.zeros((mesh.n_nodes, 3))
        expected[face[0] if order == 1 else face[0, 3:]] = 0.5 * WEIGHT / 3
        np.testing.assert_allclose(force, expected, atol=1e-15)


def test_tractions_by_face_and_by_node_agree_where_they_do_not_vary():
    mesh = curved(box_mesh((2, 2, 2)))
    faces = skin(mesh)
    once = surface_traction(mesh, faces, WEIGHT)
    np.testing.assert_array_equal(surface_traction(mesh, faces, np.tile(WEIGHT, (len(faces), 1))), once)
    by_node = surface_traction(mesh, faces, np.tile(WEIGHT, (len(faces), 6, 1)))
    np.testing.assert_allclose(by_node, once, atol=1e-14 * np.abs(once).max())


def test_face_shape_functions_are_one_at_their_node():
    corners = np.eye(3)
    nodes = np.vstack([corners, [(corners[i] + corners[j]) / 2 for i, j in ((0, 1), (1, 2), (2, 0))]])
    np.testing.assert_allclose(face_values(6, nodes), np.eye(6), atol=1e-15)
    np.testing.assert_allclose(face_values(3, corners), np.eye(3), atol=1e-15)


@ORDERS
@SHAPES
def test_stress_forces_are_those_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    gradients, weights = plain_gradients(mesh)
    stress = np.random.default_rng(0).standard_normal((*weights.shape, 6))
    expected = np.zeros((mesh.n_nodes, 3))
    np.add.at(expected, mesh.elements, np.einsum("eq,eqij,eqaj->eai", weights, tensor(stress), gradients))
    np.testing.assert_allclose(stress_force(mesh, stress), expected, atol=1e-13 * np.abs(expected).max())


@ORDERS
@SHAPES
@pytest.mark.parametrize("elasticity", [some_isotropic, some_orthotropic])
def test_forces_of_an_initial_strain_are_those_of_the_plain_twin(order, shape, elasticity):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    given, weights = elasticity(mesh), integration_weights(mesh)
    strain = np.random.default_rng(0).standard_normal((*weights.shape, 6))
    stress = np.einsum("eqij,eqj->eqi", plain_matrices(given, weights.shape), strain * [1, 1, 1, 2, 2, 2])
    shares = np.einsum("eq,eqk,eqkai->eai", weights, stress, plain_strain_matrices(mesh))
    expected = np.zeros((mesh.n_nodes, 3))
    np.add.at(expected, mesh.elements, shares)
    found = initial_strain_force(mesh, given, strain)
    np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


def test_a_uniform_initial_strain_may_be_given_once():
    mesh = box_mesh((2, 1, 2))
    strain = np.array([1, 2, 3, 0.1, 0.2, 0.3])
    once = initial_strain_force(mesh, some_isotropic(mesh), strain)
    by_point = initial_strain_force(mesh, some_isotropic(mesh), np.tile(strain, (mesh.n_elements, 4, 1)))
    np.testing.assert_array_equal(once, by_point)


def test_faces_of_another_order_are_refused():
    mesh = box_mesh((1, 1, 1))
    with pytest.raises(MeshError, match=r"shape \(12, 3\).* 6 nodes"):
        surface_pressure(mesh, skin(box_mesh((1, 1, 1), order=1)), 1.0)


def test_faces_at_no_node_are_refused():
    mesh = box_mesh((1, 1, 1))
    with pytest.raises(MeshError, match="name nodes"):
        surface_traction(mesh, np.full((1, 6), 99), WEIGHT)


def test_loads_that_are_no_numbers_or_do_not_fit_are_refused():
    mesh = box_mesh((1, 1, 1))
    faces = skin(mesh)
    with pytest.raises(ModelError, match="pressure is not a finite number in 1 places"):
        surface_pressure(mesh, faces, np.where(np.arange(len(faces)) == 3, np.nan, 1.0))
    with pytest.raises(ModelError, match="traction has shape"):
        surface_traction(mesh, faces, np.ones((5, 3)))
    with pytest.raises(ModelError, match="force density has shape"):
        body_force(mesh, np.ones((5, 3)))
    with pytest.raises(ModelError, match="initial strain is not a finite number"):
        initial_strain_force(mesh, some_isotropic(mesh), np.full(6, np.inf))


def test_points_lie_where_forces_are_asked_for():
    mesh = curved(box_mesh((2, 2, 2)))
    per_point = body_force(mesh, np.broadcast_to(WEIGHT, (*integration_points(mesh).shape[:2], 3)))
    np.testing.assert_allclose(per_point, body_force(mesh, WEIGHT), atol=1e-15)


@ORDERS
@SHAPES
def test_forces_of_some_elements_are_those_of_a_mesh_without_the_others(order, shape):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    sigma = np.random.default_rng(0).standard_normal((mesh.n_elements, 1 if order == 1 else 4, 6))
    rows = np.arange(3, 17)
    added = np.zeros((mesh.n_nodes, 3))
    np.add.at(added, mesh.elements[rows], element_stress_forces(mesh, sigma[rows], rows))
    others = np.ones(mesh.n_elements, bool)
    others[rows] = False
    np.testing.assert_allclose(added, stress_force(mesh, np.where(others[:, None, None], 0.0, sigma)), atol=1e-13)
