"""Each step of smoothed aggregation against plain NumPy, and the aggregates against those of pyamg."""

import itertools

import numpy as np
import pytest
from scipy.sparse import bsr_matrix, random_array

from femsim.fem.assembly import stiffness
from femsim.fem.constraints import rigid_body_modes
from femsim.fem.elasticity import Isotropic
from femsim.fem.sample import box_mesh
from femsim.solvers import aggregation
from femsim.solvers.blocks import diagonal_blocks


@pytest.fixture(scope="module")
def column():
    """Stiffness of a graded column that is held below, and its rigid-body modes."""
    mesh = box_mesh((4, 4, 9), (4, 4, 9), order=1, distortion=0.1)
    modulus = np.random.default_rng(0).uniform(1, 500, mesh.n_elements)
    matrix = stiffness(mesh, Isotropic(modulus, 0.3))
    held = np.repeat(mesh.nodes[:, 2] == 0, 3)
    dense = matrix.toarray()
    dense[held] = dense[:, held] = 0
    dense[held, held] = 100.0
    matrix = bsr_matrix(dense, blocksize=(3, 3))
    matrix.sort_indices()
    return matrix, np.where(held[:, None], 0.0, rigid_body_modes(mesh.nodes))


def some_blocks(block, shape, seed):
    rng = np.random.default_rng(seed)
    size = (shape[0] * block[0], shape[1] * block[1])
    matrix = bsr_matrix(random_array(size, density=0.1, rng=rng, data_sampler=rng.standard_normal), blocksize=block)
    matrix.sort_indices()
    return matrix


@pytest.mark.parametrize("strength", [0.0, 0.02, 0.1, 0.25])
def test_aggregates_are_those_of_pyamg(column, strength):
    from pyamg.aggregation.aggregate import standard_aggregation
    from pyamg.strength import symmetric_strength_of_connection

    matrix, _ = column
    found, count = aggregation._aggregates(matrix, strength)
    theirs, _ = standard_aggregation(symmetric_strength_of_connection(matrix, strength))
    theirs = theirs.tocsr()
    assert count == theirs.shape[1]
    for node in range(len(found)):
        row = theirs.indices[theirs.indptr[node] : theirs.indptr[node + 1]]
        assert (found[node] < 0) == (len(row) == 0)
        # Nodes at a rim that touch several neighbourhoods may go to any of them.
        together = np.flatnonzero(theirs.toarray()[:, row[0]]) if len(row) else np.empty(0, int)
        assert len(row) == 0 or found[node] in found[together]


def test_tentative_columns_are_orthonormal_and_give_the_modes_back(column):
    matrix, modes = column
    aggregate_of, count = aggregation._aggregates(matrix, 0.02)
    blocks = modes.reshape(-1, 3, 6)
    tentative, coarse = aggregation._tentative(aggregate_of, count, blocks)
    for g in range(count):
        own = tentative[aggregate_of == g].reshape(-1, 6)
        gram = own.T @ own
        kept = np.diag(gram) > 0
        np.testing.assert_allclose(gram, np.diag(kept.astype(float)), atol=1e-9)
        np.testing.assert_allclose(own @ coarse[g], blocks[aggregate_of == g].reshape(-1, 6), atol=1e-9)


def test_the_prolongation_is_that_of_the_formula(column):
    matrix, modes = column
    aggregate_of, count = aggregation._aggregates(matrix, 0.02)
    tentative, _ = aggregation._tentative(aggregate_of, count, modes.reshape(-1, 3, 6))
    inverse = np.linalg.inv(diagonal_blocks(matrix))
    found = aggregation._smoothed(matrix, inverse, 0.6, aggregate_of, count, tentative).toarray()
    dense = np.zeros((matrix.shape[0], 6 * count))
    for node, g in enumerate(aggregate_of):
        if g >= 0:
            dense[3 * node : 3 * node + 3, 6 * g : 6 * g + 6] = tentative[node]
    product = (matrix @ dense).reshape(-1, 3, 6 * count)
    expected = dense - 0.6 * np.einsum("nij,njk->nik", inverse, product).reshape(dense.shape)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(
    "blocks", [((3, 3), (3, 6)), ((6, 3), (3, 6)), ((6, 6), (6, 6)), ((1, 1), (1, 1)), ((2, 2), (2, 3))]
)
def test_products_of_block_matrices_are_those_of_scipy(blocks):
    a = some_blocks(blocks[0], (20, 15), 0)
    b = some_blocks(blocks[1], (15, 12), 1)
    slack = aggregation._with_slack(b.data.shape)
    slack[:] = b.data
    b = bsr_matrix((slack, b.indices, b.indptr), shape=b.shape)
    found = aggregation._product(a, b)
    assert found.has_canonical_format or all(
        (np.diff(found.indices[found.indptr[i] : found.indptr[i + 1]]) > 0).all() for i in range(20)
    )
    np.testing.assert_allclose(found.toarray(), a.toarray() @ b.toarray(), atol=1e-12)


@pytest.mark.parametrize("block", [(3, 6), (6, 6), (1, 1)])
def test_a_transpose_is_that_of_scipy(block):
    matrix = some_blocks(block, (20, 15), 0)
    np.testing.assert_array_equal(aggregation._transposed(matrix).toarray(), matrix.toarray().T)


def test_every_coarse_matrix_is_that_of_galerkin(column):
    matrix, modes = column
    grids = aggregation.hierarchy(matrix, modes, strength=0.02, coarsest=30)
    assert len(grids) >= 2
    for fine, coarse in itertools.pairwise(grids):
        expected = fine.prolongation.T @ fine.matrix @ fine.prolongation
        full = expected.diagonal() > 1e-14 * expected.diagonal().max()
        found = coarse.matrix.toarray()
        np.testing.assert_allclose(found[np.ix_(full, full)], expected.toarray()[np.ix_(full, full)], atol=1e-9)
        np.testing.assert_array_equal(fine.restriction.toarray(), fine.prolongation.toarray().T)


def test_the_hierarchy_is_the_same_on_any_number_of_threads(column):
    import numba

    before = numba.get_num_threads()
    coarse = []
    for count in (1, before):
        numba.set_num_threads(count)
        coarse.append(aggregation.hierarchy(*column, strength=0.02, coarsest=30)[-1].matrix.toarray())
    numba.set_num_threads(before)
    np.testing.assert_array_equal(*coarse)
