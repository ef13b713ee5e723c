"""Averages over spheres against the plain twin."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.geometry import centroids, integration_points, integration_weights
from femsim.fem.sample import box_mesh
from femsim.fem.spheres import Spheres, sphere_average


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


def test_several_fields_at_some_places_are_averaged_as_each_alone():
    mesh = box_mesh((3, 3, 3), distortion=0.1)
    values = np.random.default_rng(1).standard_normal((mesh.n_elements, 4, 2))
    rows, at = np.arange(10, 120), np.array([3, 40, 77])
    together = Spheres(mesh, 0.4, rows).average(values[rows], at)
    for column in range(2):
        alone = sphere_average(mesh, values[..., column], 0.4, np.isin(np.arange(mesh.n_elements), rows))
        np.testing.assert_allclose(together[:, column], alone[rows[at]], rtol=1e-13)


def test_no_elements_have_no_averages():
    assert Spheres(box_mesh((1, 1, 1)), 1.0, np.arange(0)).average(np.empty((0, 4))).shape == (0,)


def test_a_field_that_does_not_fit_is_refused():
    with pytest.raises(ModelError, match="shape"):
        Spheres(box_mesh((1, 1, 1)), 1.0).average(np.zeros((3, 4)))
