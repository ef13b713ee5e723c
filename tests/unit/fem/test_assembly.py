"""Every kernel of fem/kernels against a plain NumPy twin."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic, lame
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_points, integration_weights
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.recovery import strain
from femsim.fem.sample import box_mesh
from femsim.fem.transfer import linear_coarse_space

ORDERS = pytest.mark.parametrize("order", [1, 2])


def some_moduli(mesh, seed=0):
    """E and ν that vary strongly from integration point to integration point."""
    rng = np.random.default_rng(seed)
    shape = (mesh.n_elements, len(element_of(mesh.elements).rule.weights))
    return Isotropic(np.exp(rng.uniform(0, 9, shape)), rng.uniform(0.1, 0.45, shape))


def curved(mesh):
    """The mesh with its nodes moved by a smooth field, which bends the edges of a TET10."""
    x, y, z = mesh.nodes.T
    return replace(mesh, nodes=mesh.nodes + 0.05 * np.column_stack([np.sin(2 * y), np.sin(2 * z), np.sin(2 * x)]))


def plain_gradients(mesh):
    """(e, q, a, 3) shape gradients, (e, q) weights: the twin, by matrix inversion."""
    element = element_of(mesh.elements)
    reference = element.derivatives(element.rule.points)
    jacobians = np.einsum("eai,qak->eqik", mesh.nodes[mesh.elements], reference)
    gradients = np.einsum("qak,eqki->eqai", reference, np.linalg.inv(jacobians))
    return gradients, np.linalg.det(jacobians) / 6 * element.rule.weights


def plain_stiffness(mesh, elasticity):
    """Dense stiffness by engineering strain matrices B and elasticity matrices D."""
    gradients, weights = plain_gradients(mesh)
    lam, mu = lame(elasticity.youngs_modulus, elasticity.poissons_ratio)
    width = mesh.elements.shape[1]
    matrix = np.zeros((3 * mesh.n_nodes,) * 2)
    for e, nodes in enumerate(mesh.elements):
        dofs = (3 * nodes[:, None] + np.arange(3)).ravel()
        for q in range(weights.shape[1]):
            b = np.zeros((6, width, 3))
            x, y, z = gradients[e, q].T
            b[0, :, 0], b[1, :, 1], b[2, :, 2] = x, y, z
            b[3, :, 0], b[3, :, 1] = y, x
            b[4, :, 1], b[4, :, 2] = z, y
            b[5, :, 0], b[5, :, 2] = z, x
            d = np.diag([2 * mu[e, q]] * 3 + [mu[e, q]] * 3)
            d[:3, :3] += lam[e, q]
            b = b.reshape(6, -1)
            matrix[np.ix_(dofs, dofs)] += weights[e, q] * b.T @ d @ b
    return matrix


@ORDERS
@pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
def test_stiffness_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    moduli = some_moduli(mesh)
    expected = plain_stiffness(mesh, moduli)
    np.testing.assert_allclose(stiffness(mesh, moduli).toarray(), expected, atol=1e-13 * np.abs(expected).max())


@ORDERS
def test_stiffness_is_symmetric(order):
    mesh = box_mesh((3, 3, 3), order=order, distortion=0.1)
    matrix = stiffness(mesh, some_moduli(mesh))
    assert abs(matrix - matrix.T).max() <= 1e-14 * abs(matrix).max()  # V09


@ORDERS
def test_columns_of_a_block_row_ascend_without_repeats(order):
    matrix = stiffness(box_mesh((2, 2, 2), order=order), Isotropic(1.0, 0.3))
    for i in range(len(matrix.indptr) - 1):
        assert np.all(np.diff(matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]) > 0)


@pytest.mark.parametrize("precision, tolerance", [(np.float64, 1e-14), (np.float32, 1e-6)])
@pytest.mark.parametrize("cells", [(1, 1, 1), (3, 2, 4), (8, 8, 8)])
def test_the_matrix_free_operator_is_the_matrix(cells, precision, tolerance):
    mesh = box_mesh(cells, order=2, distortion=0.1)
    moduli = some_moduli(mesh)
    operator = Tet10Stiffness(mesh, moduli, np.zeros((mesh.n_nodes, 3), bool))
    x = np.random.default_rng(1).standard_normal((3, 3 * mesh.n_nodes)).astype(precision)
    expected = (stiffness(mesh, moduli) @ x.T.astype(float)).T
    scale = np.abs(expected).max()
    np.testing.assert_allclose(operator.apply(x, np.empty_like(x)), expected, atol=10 * tolerance * scale, rtol=0)


def test_held_directions_of_the_operator_feel_no_force():
    mesh = box_mesh((2, 2, 2))
    held = np.random.default_rng(0).random((mesh.n_nodes, 3)) < 0.3
    operator = Tet10Stiffness(mesh, Isotropic(1.0, 0.3), held)
    x = np.random.default_rng(1).standard_normal((1, 3 * mesh.n_nodes))
    product = operator.apply(x, np.empty_like(x))
    assert (product[0, held.ravel()] == 0).all()
    np.testing.assert_array_equal(product[0, ~held.ravel()], operator.apply_free(x)[0, ~held.ravel()])


def test_diagonal_blocks_of_the_operator_are_those_of_the_matrix():
    mesh = box_mesh((3, 2, 2), distortion=0.1)
    moduli = some_moduli(mesh)
    operator = Tet10Stiffness(mesh, moduli, np.zeros((mesh.n_nodes, 3), bool))
    dense = stiffness(mesh, moduli).toarray()
    expected = np.array([dense[3 * i : 3 * i + 3, 3 * i : 3 * i + 3] for i in range(mesh.n_nodes)])
    np.testing.assert_allclose(operator.diagonal_blocks(), expected, rtol=1e-12, atol=1e-13 * np.abs(dense).max())


def test_the_coarse_matrix_is_galerkins():
    mesh = box_mesh((3, 2, 2), distortion=0.1)
    moduli = some_moduli(mesh)
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[mesh.nodes[:, 2] == 0] = True
    transfer, coarse = linear_coarse_space(mesh, moduli, held)
    matrix = stiffness(mesh, moduli)
    expected = (transfer.T @ matrix @ transfer).toarray()
    np.testing.assert_allclose(coarse.toarray(), expected, atol=1e-12 * np.abs(expected).max())


@ORDERS
@pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
def test_strain_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 2, 1), order=order, distortion=0.1))
    displacement = np.random.default_rng(0).standard_normal((mesh.n_nodes, 3))
    gradient = np.einsum("eqaj,eai->eqij", plain_gradients(mesh)[0], displacement[mesh.elements])
    tensor = 0.5 * (gradient + np.swapaxes(gradient, -1, -2))
    expected = tensor.reshape(*tensor.shape[:2], 9)[..., [0, 4, 8, 1, 5, 2]]
    np.testing.assert_allclose(strain(mesh, displacement), expected, atol=1e-12 * np.abs(expected).max())


@ORDERS
@pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
def test_integration_weights_are_those_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 2, 1), order=order, distortion=0.1))
    np.testing.assert_allclose(integration_weights(mesh), plain_gradients(mesh)[1], rtol=1e-12)


@ORDERS
def test_points_and_weights_integrate_what_the_rule_promises(order):
    mesh = box_mesh((3, 2, 2), (2, 3, 4), order=order, distortion=0.1)
    points, weights = integration_points(mesh), integration_weights(mesh)
    assert weights.sum() == pytest.approx(24, rel=1e-13)
    assert (weights * points[..., 0]).sum() == pytest.approx(24 * 1.0, rel=1e-13)
    if order == 2:
        assert (weights * points[..., 0] * points[..., 1]).sum() == pytest.approx(24 * 1.0 * 1.5, rel=1e-13)


@ORDERS
@pytest.mark.parametrize("single", [True, False], ids=["one element", "free patch"])
def test_stiffness_resists_all_but_the_six_rigid_motions(order, single):
    """V04."""
    mesh = box_mesh((1, 1, 1), order=order)
    if single:
        used, element = np.unique(mesh.elements[:1], return_inverse=True)
        mesh = replace(mesh, nodes=mesh.nodes[used], elements=element.reshape(1, -1), region_of=[0])
    values = np.linalg.eigvalsh(stiffness(mesh, some_moduli(mesh)).toarray())
    assert (np.abs(values[:6]) < 1e-10 * values[-1]).all()
    assert values[6] > 1e-7 * values[-1]


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_an_impossible_modulus_is_refused(bad):
    mesh = box_mesh((1, 1, 1))
    modulus = np.ones((mesh.n_elements, 4))
    modulus[3, 2] = bad
    with pytest.raises(ModelError, match="modulus"):
        stiffness(mesh, Isotropic(modulus, 0.3))


def test_an_incompressible_material_is_refused():
    with pytest.raises(ModelError, match="Poisson"):
        stiffness(box_mesh((1, 1, 1)), Isotropic(1.0, 0.5))


def test_moduli_of_another_mesh_are_refused():
    with pytest.raises(ModelError, match="shape"):
        stiffness(box_mesh((1, 1, 1)), Isotropic(np.ones((7, 4)), 0.3))
