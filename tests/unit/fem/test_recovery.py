"""Stress, principal values and averages against plain twins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic
from femsim.fem.elements import element_of
from femsim.fem.geometry import centroids, integration_points, integration_weights
from femsim.fem.recovery import nodal_average, principal, strain_energy_density, stress, von_mises
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import EDGES
from tests.twins import tensor


def test_uniaxial_strain_gives_the_oedometric_stress():
    strain = np.array([1e-3, 0, 0, 0, 0, 0])
    lateral = 1000 * 0.3 / (1.3 * 0.4)
    expected = [1e-3 * 1000 * 0.7 / (1.3 * 0.4), 1e-3 * lateral, 1e-3 * lateral, 0, 0, 0]
    np.testing.assert_allclose(stress(strain, Isotropic(1000.0, 0.3)), expected, rtol=1e-14)


def test_shear_stress_is_twice_the_shear_modulus_times_true_shear():
    assert stress(np.array([0, 0, 0, 1e-3, 0, 0]), Isotropic(1300.0, 0.3))[3] == pytest.approx(2 * 500 * 1e-3)


@given(arrays(float, (4, 6), elements=st.floats(-1e3, 1e3, allow_subnormal=False)))
def test_principal_values_are_the_eigenvalues(tensors):
    expected = np.linalg.eigvalsh(tensor(tensors))
    np.testing.assert_allclose(principal(tensors), expected, atol=1e-10 * (1e-3 + np.abs(tensors).max()), rtol=0)


@pytest.mark.parametrize(
    "values",
    [
        [0] * 6,
        [5, 5, 5, 0, 0, 0],
        [1, 1, 2, 0, 0, 0],
        [1, 2, 2, 0, 0, 0],
        [1, 1, 1 + 1e-9, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
    ],
)
def test_principal_values_of_equal_roots_are_exact(values):
    values = np.array(values, float)
    np.testing.assert_allclose(principal(values), np.linalg.eigvalsh(tensor(values)), atol=1e-14)


def test_principal_values_of_no_number_are_no_number():
    assert np.isnan(principal(np.full((2, 6), np.nan))).all()


def test_von_mises_of_uniaxial_and_shear_stress():
    np.testing.assert_allclose(von_mises(np.array([[7.0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0]])), [7, 2 * 3**0.5])


def test_energy_density_counts_both_halves_of_shear():
    sigma, epsilon = np.random.default_rng(0).standard_normal((2, 5, 6))
    expected = 0.5 * np.einsum("kij,kij->k", tensor(sigma), tensor(epsilon))
    np.testing.assert_allclose(strain_energy_density(sigma, epsilon), expected, rtol=1e-12)


def two_regions(order):
    """A box of soft and stiff elements that meet at x = ½."""
    mesh = box_mesh((4, 2, 2), order=order, distortion=0.1)
    return replace(mesh, region_of=centroids(mesh)[:, 0] > 0.5, regions=("bone", "cap"))


@pytest.mark.parametrize("order", [1, 2])
def test_nodal_average_is_that_of_the_plain_twin(order):
    mesh = two_regions(order)
    element, volumes = element_of(mesh.elements), integration_weights(mesh).sum(axis=1)
    values = np.random.default_rng(0).standard_normal((*integration_weights(mesh).shape, 6))
    found = nodal_average(mesh, values)
    pairs = sorted({(int(n), int(r)) for nodes, r in zip(mesh.elements, mesh.region_of) for n in nodes})
    assert list(zip(found.node.tolist(), found.region.tolist())) == pairs
    corners = np.eye(4)
    places = np.vstack([corners, [(corners[i] + corners[j]) / 2 for i, j in EDGES]])[: element.n_nodes]
    if order == 2:  # the linear function of barycentric coordinates through the four points
        at_nodes = np.einsum("av,vq,eqk->eak", places, np.linalg.inv(element.rule.points), values)
    else:
        at_nodes = np.repeat(values, 4, axis=1)
    for (node, region), average in zip(pairs, found.values):
        e, a = np.nonzero((mesh.elements == node) & (mesh.region_of == region)[:, None])
        np.testing.assert_allclose(average, np.average(at_nodes[e, a], axis=0, weights=volumes[e]), rtol=1e-11)


def test_nodal_average_never_mixes_regions():
    mesh = two_regions(2)
    field = nodal_average(mesh, np.where(mesh.region_of == 0, 2.0, 9.0)[:, None] * np.ones(4))
    bone, cap = (field.of_region(k, mesh.n_nodes) for k in (0, 1))
    middle = np.isfinite(bone) & np.isfinite(cap)
    assert middle.sum() == 25  # 5 x 5 nodes of the interface keep two values
    np.testing.assert_allclose(bone[np.isfinite(bone)], 2.0)
    np.testing.assert_allclose(cap[np.isfinite(cap)], 9.0)
    assert np.isnan(bone[mesh.nodes[:, 0] > 0.8]).all()


def test_nodal_average_of_a_linear_field_is_that_field():
    mesh = two_regions(2)
    field = nodal_average(mesh, integration_points(mesh) @ [1.0, 2.0, 3.0])
    np.testing.assert_allclose(field.values, mesh.nodes[field.node] @ [1.0, 2.0, 3.0], atol=1e-13)


def test_nodal_average_of_another_mesh_is_refused():
    with pytest.raises(ModelError, match=r"shape \(7, 4\)"):
        nodal_average(two_regions(2), np.ones((7, 4)))
