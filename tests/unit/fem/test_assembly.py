"""Pattern, stiffness and strain against plain NumPy twins."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import bsr_matrix

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.constraints import rigid_body_modes
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import integration_points, integration_weights
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.pattern import SMALLEST_CHUNK, block_pattern, colouring
from femsim.fem.recovery import strain
from femsim.fem.sample import box_mesh
from femsim.fem.transfer import corner_mesh, linear_coarse_space
from femsim.mesh.mesh import Mesh
from tests.twins import curved, plain_gradients, plain_stiffness, some_isotropic, some_orthotropic, tensor

ORDERS = pytest.mark.parametrize("order", [1, 2])


SHAPES = pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
ELASTICITIES = pytest.mark.parametrize(
    "elasticity", [some_isotropic, some_orthotropic], ids=["isotropic", "orthotropic"]
)  # fmt: skip


@ORDERS
@SHAPES
@ELASTICITIES
def test_stiffness_is_that_of_the_plain_twin(order, shape, elasticity):
    mesh = shape(box_mesh((2, 1, 2), order=order, distortion=0.1))
    moduli = elasticity(mesh)
    expected = plain_stiffness(mesh, moduli)
    np.testing.assert_allclose(stiffness(mesh, moduli).toarray(), expected, atol=1e-13 * np.abs(expected).max())


@ORDERS
@ELASTICITIES
def test_stiffness_is_symmetric_to_the_last_bit(order, elasticity):
    mesh = box_mesh((3, 3, 3), order=order, distortion=0.1)
    matrix = stiffness(mesh, elasticity(mesh))
    assert abs(matrix - matrix.T).max() == 0  # V09


@ORDERS
def test_the_numbering_of_nodes_only_permutes_the_matrix(order):
    mesh = box_mesh((3, 3, 3), order=order, distortion=0.1)
    number = np.random.default_rng(0).permutation(mesh.n_nodes)
    nodes = np.empty_like(mesh.nodes)
    nodes[number] = mesh.nodes
    other = stiffness(replace(mesh, nodes=nodes, elements=number[mesh.elements]), some_orthotropic(mesh))
    rows = (3 * number[:, None] + np.arange(3)).ravel()
    plain = stiffness(mesh, some_orthotropic(mesh))
    assert abs(other.tocsr()[rows][:, rows] - plain).max() <= 1e-14 * abs(plain).max()


def test_a_pattern_serves_every_stiffness_of_its_mesh():
    mesh = box_mesh((3, 2, 2))
    pattern = block_pattern(mesh)
    for elasticity in (some_isotropic(mesh), some_orthotropic(mesh)):
        assert abs(stiffness(mesh, elasticity, pattern) - stiffness(mesh, elasticity)).max() == 0


@ORDERS
def test_every_pair_of_an_element_has_its_place_in_the_upper_triangle(order):
    mesh = box_mesh((2, 3, 2), order=order)
    pattern = block_pattern(mesh)
    row_of = np.repeat(np.arange(mesh.n_nodes), np.diff(pattern.indptr))
    a, b = np.triu_indices(mesh.elements.shape[1])
    elements = pattern.colouring.elements
    ends = np.sort(np.stack([elements[:, a], elements[:, b]]), axis=0)
    np.testing.assert_array_equal(row_of[pattern.places], ends[0])
    np.testing.assert_array_equal(pattern.indices[pattern.places], ends[1])
    lower = pattern.indices < row_of
    np.testing.assert_array_equal(row_of[pattern.transposed[lower]], pattern.indices[lower])
    np.testing.assert_array_equal(pattern.indices[pattern.transposed[lower]], row_of[lower])


def chunks_of(colouring, colour):
    first, last = colouring.colour_start[colour : colour + 2]
    for c in colouring.chunks[first:last]:
        yield colouring.order[c * colouring.chunk : (c + 1) * colouring.chunk]


def assert_colours_are_sound(mesh, colouring):
    np.testing.assert_array_equal(colouring.elements, mesh.elements[colouring.order])
    seen = np.zeros(mesh.n_elements, int)
    for colour in range(len(colouring.colour_start) - 1):
        used = np.zeros(mesh.n_nodes, int)
        for members in chunks_of(colouring, colour):
            seen[members] += 1
            used[np.unique(mesh.elements[members])] += 1
        assert used.max(initial=0) <= 1
    assert (seen == 1).all()


@ORDERS
def test_chunks_of_one_colour_share_no_node(order):
    mesh = box_mesh((8, 8, 8), order=order)
    found = colouring(mesh)
    assert len(found.colour_start) > 4
    assert_colours_are_sound(mesh, found)


def test_more_chunks_around_one_node_than_there_are_colours_still_share_none():
    rng = np.random.default_rng(0)
    count = 70 * SMALLEST_CHUNK
    nodes = np.vstack([np.zeros(3), rng.standard_normal((3 * count, 3))])
    elements = np.column_stack([np.zeros(count, int), 1 + np.arange(3 * count).reshape(-1, 3)])
    mesh = Mesh(nodes, elements, np.zeros(count), ("fan",))
    found = colouring(mesh)
    assert len(found.colour_start) - 1 == 70
    assert_colours_are_sound(mesh, found)


@ORDERS
def test_columns_of_a_block_row_ascend_without_repeats(order):
    matrix = stiffness(box_mesh((2, 2, 2), order=order), Isotropic(1.0, 0.3))
    for i in range(len(matrix.indptr) - 1):
        assert np.all(np.diff(matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]) > 0)


@pytest.mark.parametrize("precision, tolerance", [(np.float64, 1e-14), (np.float32, 1e-6)])
@pytest.mark.parametrize("cells", [(1, 1, 1), (3, 2, 4), (8, 8, 8)])
def test_the_matrix_free_operator_is_the_matrix(cells, precision, tolerance):
    mesh = box_mesh(cells, order=2, distortion=0.1)
    moduli = some_isotropic(mesh)
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
    moduli = some_isotropic(mesh)
    operator = Tet10Stiffness(mesh, moduli, np.zeros((mesh.n_nodes, 3), bool))
    dense = stiffness(mesh, moduli).toarray()
    expected = np.array([dense[3 * i : 3 * i + 3, 3 * i : 3 * i + 3] for i in range(mesh.n_nodes)])
    np.testing.assert_allclose(operator.diagonal_blocks(), expected, rtol=1e-12, atol=1e-13 * np.abs(dense).max())


@ELASTICITIES
def test_the_coarse_matrix_is_galerkins(elasticity):
    mesh = box_mesh((3, 2, 2), distortion=0.1)
    moduli = elasticity(mesh)
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[mesh.nodes[:, 2] == 0] = True
    transfer, coarse = linear_coarse_space(mesh, moduli, held)
    matrix = stiffness(mesh, moduli)
    expected = (transfer.T @ matrix @ transfer).toarray()
    np.testing.assert_allclose(coarse.toarray(), expected, atol=1e-12 * np.abs(expected).max())


def test_the_coarse_space_of_a_curved_mesh_carries_rigid_motions_exactly():
    mesh = curved(box_mesh((3, 2, 2)))
    held = np.zeros((mesh.n_nodes, 3), bool)
    transfer, _ = linear_coarse_space(mesh, Isotropic(1.0, 0.3), held)
    _, corners = corner_mesh(mesh)
    modes = rigid_body_modes(mesh.nodes)
    np.testing.assert_allclose(transfer @ modes.reshape(-1, 3, 6)[corners].reshape(-1, 6), modes, atol=1e-13)


def test_the_coarse_matrix_is_multiplied_out_where_a_tetrahedron_of_chords_is_inverted():
    mesh = box_mesh((2, 2, 2))
    nodes = mesh.nodes.copy()
    nodes[np.flatnonzero((mesh.nodes == 0).all(axis=1))] = 0.6  # one corner pushed through the opposite face
    mesh, held = replace(mesh, nodes=nodes), np.zeros((mesh.n_nodes, 3), bool)
    held[mesh.nodes[:, 2] == 1, 2] = True
    matrix = bsr_matrix(np.eye(3 * mesh.n_nodes), blocksize=(3, 3))
    transfer, coarse = linear_coarse_space(mesh, Isotropic(1.0, 0.3), held, matrix)
    expected = (transfer.T @ transfer).toarray()
    alone = np.flatnonzero(expected.diagonal() == 0)
    assert len(alone) > 0
    expected[alone, alone] = coarse.diagonal()[alone]
    assert coarse.diagonal().min() > 0
    np.testing.assert_allclose(coarse.toarray(), expected, atol=1e-15)


@ORDERS
@SHAPES
def test_strain_is_that_of_the_plain_twin(order, shape):
    mesh = shape(box_mesh((2, 2, 1), order=order, distortion=0.1))
    displacement = np.random.default_rng(0).standard_normal((mesh.n_nodes, 3))
    gradient = np.einsum("eqaj,eai->eqij", plain_gradients(mesh)[0], displacement[mesh.elements])
    expected = 0.5 * (gradient + np.swapaxes(gradient, -1, -2))
    found = tensor(strain(mesh, displacement))
    np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


@ORDERS
@SHAPES
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
@SHAPES
@ELASTICITIES
@pytest.mark.parametrize("single", [True, False], ids=["one element", "free patch"])
def test_stiffness_resists_all_but_the_six_rigid_motions(order, shape, elasticity, single):
    """V04."""
    mesh = shape(box_mesh((1, 1, 1), order=order))
    if single:
        used, element = np.unique(mesh.elements[:1], return_inverse=True)
        mesh = replace(mesh, nodes=mesh.nodes[used], elements=element.reshape(1, -1), region_of=[0])
    values = np.linalg.eigvalsh(stiffness(mesh, elasticity(mesh)).toarray())
    assert (np.abs(values[:6]) < 1e-10 * values[-1]).all()
    assert values[6] > 1e-7 * values[-1]


def test_moduli_of_another_mesh_are_refused():
    with pytest.raises(ModelError, match="shape"):
        stiffness(box_mesh((1, 1, 1)), Isotropic(np.ones((7, 4)), 0.3))
