"""Mass matrices against plain twins, and against what mechanics demands of them."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.constraints import rigid_body_modes
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_points
from femsim.fem.mass import lumped_mass, mass
from femsim.fem.pattern import block_pattern
from femsim.fem.quadrature import conical_rule
from femsim.fem.sample import box_mesh
from tests.twins import curved, n_points, plain_gradients

ORDERS = pytest.mark.parametrize("order", [1, 2])
SHAPES = pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
DENSITY = 1.8e-9


def plain_masses(mesh, density):
    """(e, a, a) of density (e, q) at the integration points, by a rule of higher degree."""
    element, rule = element_of(mesh.elements), conical_rule(11)
    _, weights = plain_gradients(mesh, rule)
    shape = element.values(rule.points)
    between = rule.points @ np.linalg.inv(element.rule.points) if element.n_nodes == 10 else np.ones((len(shape), 1))
    return np.einsum("ep,ep,pa,pb->eab", weights, density @ between.T, shape, shape, optimize=True)


@ORDERS
@SHAPES
def test_mass_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    density = np.random.default_rng(0).uniform(1, 2, (mesh.n_elements, n_points(mesh)))
    expected = np.zeros((mesh.n_nodes,) * 2)
    for nodes, block in zip(mesh.elements, plain_masses(mesh, density)):
        expected[np.ix_(nodes, nodes)] += block
    found = mass(mesh, density).toarray()
    np.testing.assert_allclose(found, np.kron(expected, np.eye(3)), atol=1e-13 * expected.max())


@ORDERS
@SHAPES
def test_lumped_mass_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    density = np.random.default_rng(0).uniform(1, 2, (mesh.n_elements, n_points(mesh)))
    blocks = plain_masses(mesh, density)
    diagonal = np.einsum("eaa->ea", blocks)
    expected = np.zeros(mesh.n_nodes)
    np.add.at(expected, mesh.elements, diagonal * (blocks.sum(axis=(1, 2)) / diagonal.sum(axis=1))[:, None])
    np.testing.assert_allclose(lumped_mass(mesh, density), expected, rtol=1e-12)


@ORDERS
@SHAPES
def test_rigid_motions_carry_the_mass_and_its_moments(order, shape):
    """V61."""
    mesh = shape(box_mesh((3, 2, 2), (2, 3, 4), order=order, distortion=0.1))
    matrix, rule = mass(mesh, DENSITY), conical_rule(11)
    _, weights = plain_gradients(mesh, rule)
    places = np.einsum("pa,eai->epi", element_of(mesh.elements).values(rule.points), mesh.nodes[mesh.elements])
    modes = np.concatenate([np.tile(np.eye(3), (mesh.n_nodes, 1)), *[
        np.cross(axis, mesh.nodes).reshape(-1, 1) for axis in np.eye(3)
    ]], axis=1)  # fmt: skip
    found = modes.T @ (matrix @ modes)
    np.testing.assert_allclose(found[:3, :3], DENSITY * weights.sum() * np.eye(3), atol=1e-12 * found.max())
    second = np.einsum("ep,epi,epj->ij", weights, places, places)
    inertia = DENSITY * (np.trace(second) * np.eye(3) - second)
    np.testing.assert_allclose(found[3:, 3:], inertia, atol=1e-12 * found.max())


@ORDERS
def test_mass_is_positive_definite_and_symmetric_to_the_last_bit(order):
    mesh = box_mesh((2, 2, 1), order=order, distortion=0.1)
    matrix = mass(mesh, DENSITY)
    assert abs(matrix - matrix.T).max() == 0
    assert np.linalg.eigvalsh(matrix.toarray()).min() > 0


@ORDERS
def test_lumped_mass_is_positive_and_whole(order):
    mesh = box_mesh((3, 2, 2), (2, 3, 4), order=order, distortion=0.1)
    lumped = lumped_mass(mesh, DENSITY)
    assert lumped.min() > 0
    assert lumped.sum() == pytest.approx(24 * DENSITY, rel=1e-13)


def test_a_density_linear_in_place_is_integrated_exactly():
    mesh = box_mesh((2, 2, 2), (2, 3, 4))
    whole = mass(mesh, 1 + integration_points(mesh)[..., 2]).data.sum() / 3
    assert whole == pytest.approx(24 * 3, rel=1e-13)


def test_stiffness_and_mass_share_a_pattern():
    mesh = box_mesh((2, 2, 2))
    assert abs(mass(mesh, DENSITY, block_pattern(mesh)) - mass(mesh, DENSITY)).max() == 0
    assert rigid_body_modes(mesh.nodes).shape[0] == mass(mesh, DENSITY).shape[0]


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_matter_without_mass_is_refused(bad):
    mesh = box_mesh((1, 1, 1))
    density = np.ones(mesh.n_elements)
    density[4] = bad
    for measure in (mass, lumped_mass):
        with pytest.raises(ModelError, match=f"Density is {bad:g}") as caught:
            measure(mesh, density)
        assert "1 of 6 elements, first 4 in box" in caught.value.where
