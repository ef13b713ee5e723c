"""Stress, principal values and averages against plain twins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import centroids, integration_points, integration_weights
from femsim.fem.recovery import nodal_average, principal, sphere_average, strain_energy_density, stress, von_mises
from femsim.fem.sample import box_mesh


def matrices(tensors):
    return tensors[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*tensors.shape[:-1], 3, 3)


def test_uniaxial_strain_gives_the_oedometric_stress():
    strain = np.array([1e-3, 0, 0, 0, 0, 0])
    lateral = 1000 * 0.3 / (1.3 * 0.4)
    expected = [1e-3 * 1000 * 0.7 / (1.3 * 0.4), 1e-3 * lateral, 1e-3 * lateral, 0, 0, 0]
    np.testing.assert_allclose(stress(strain, Isotropic(1000.0, 0.3)), expected, rtol=1e-14)


def test_shear_stress_is_twice_the_shear_modulus_times_true_shear():
    assert stress(np.array([0, 0, 0, 1e-3, 0, 0]), Isotropic(1300.0, 0.3))[3] == pytest.approx(2 * 500 * 1e-3)


@given(arrays(float, (4, 6), elements=st.floats(-1e3, 1e3, allow_subnormal=False)))
def test_principal_values_are_the_eigenvalues(tensors):
    expected = np.linalg.eigvalsh(matrices(tensors))
    np.testing.assert_allclose(principal(tensors), expected, atol=1e-10 * (1e-3 + np.abs(tensors).max()), rtol=0)


@pytest.mark.parametrize(
    "tensor",
    [
        [0] * 6,
        [5, 5, 5, 0, 0, 0],
        [1, 1, 2, 0, 0, 0],
        [1, 2, 2, 0, 0, 0],
        [1, 1, 1 + 1e-9, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
    ],
)
def test_principal_values_of_equal_roots_are_exact(tensor):
    tensor = np.array(tensor, float)
    np.testing.assert_allclose(principal(tensor), np.linalg.eigvalsh(matrices(tensor)), atol=1e-14)


def test_principal_values_of_no_number_are_no_number():
    assert np.isnan(principal(np.full((2, 6), np.nan))).all()


def test_von_mises_of_uniaxial_and_shear_stress():
    np.testing.assert_allclose(von_mises(np.array([[7.0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0]])), [7, 2 * 3**0.5])


def test_energy_density_counts_both_halves_of_shear():
    sigma, epsilon = np.random.default_rng(0).standard_normal((2, 5, 6))
    expected = 0.5 * np.einsum("kij,kij->k", matrices(sigma), matrices(epsilon))
    np.testing.assert_allclose(strain_energy_density(sigma, epsilon), expected, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("radius", [0.0, 0.3, 5.0])
def test_sphere_average_is_that_of_the_plain_twin(order, radius):
    mesh = box_mesh((3, 3, 3), order=order, distortion=0.1)
    points, weights = integration_points(mesh), integration_weights(mesh)
    values = np.random.default_rng(0).standard_normal(weights.shape)
    chosen = centroids(mesh)[:, 0] < 0.6
    expected = np.full(mesh.n_elements, np.nan)
    for e in np.flatnonzero(chosen):
        near = (np.linalg.norm(points - centroids(mesh)[e], axis=-1) <= radius) & chosen[:, None]
        near[e] = True
        expected[e] = (weights * values)[near].sum() / weights[near].sum()
    np.testing.assert_allclose(sphere_average(mesh, values, radius, chosen), expected, rtol=1e-12)


def test_sphere_average_of_a_constant_is_that_constant():
    mesh = box_mesh((2, 2, 2))
    np.testing.assert_allclose(sphere_average(mesh, np.full((mesh.n_elements, 4), 3.0), 0.4), 3.0, rtol=1e-14)


def test_nodal_average_keeps_to_the_chosen_elements():
    mesh = box_mesh((2, 1, 1), order=1)
    left = centroids(mesh)[:, 0] < 0.5
    averages = nodal_average(mesh, np.where(left, 2.0, 9.0), left)
    np.testing.assert_allclose(averages[mesh.nodes[:, 0] <= 0.5], 2.0)
    assert np.isnan(averages[mesh.nodes[:, 0] > 0.5]).all()
