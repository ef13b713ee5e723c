"""Every kernel of solvers/kernels against a plain NumPy twin."""

import numpy as np
import pytest
from scipy.sparse import bsr_matrix, random_array

from femsim.solvers.blocks import BlockMatrix, diagonal_blocks, inverse_blocks
from femsim.solvers.kernels import blocks, vectors


def some_matrix(block, shape=(40, 30), seed=0):
    rng = np.random.default_rng(seed)
    size = (shape[0] * block[0], shape[1] * block[1])
    matrix = bsr_matrix(random_array(size, density=0.05, rng=rng, data_sampler=rng.standard_normal), blocksize=block)
    matrix.sort_indices()
    return matrix


@pytest.mark.parametrize("precision, tolerance", [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("block", [(1, 1), (3, 3), (3, 6), (6, 3), (6, 6)])
def test_products_are_those_of_the_dense_matrix(block, precision, tolerance):
    matrix = some_matrix(block)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((4, matrix.shape[1])).astype(precision)
    b = rng.standard_normal((4, matrix.shape[0])).astype(precision)
    fast, expected = BlockMatrix(matrix, precision), x @ matrix.toarray().T
    kind = {"rtol": 0, "atol": tolerance * np.abs(expected).max()}
    np.testing.assert_allclose(fast.apply(x, np.empty_like(b)), expected, **kind)
    np.testing.assert_allclose(fast.residual(b, x, np.empty_like(b)), b - expected, **kind)
    np.testing.assert_allclose(fast.add_to(b.copy(), x), b + expected, **kind)


@pytest.mark.parametrize("size", [1, 3, 6])
def test_smoothing_steps_are_those_of_the_formula(size):
    rng = np.random.default_rng(0)
    inverse = rng.standard_normal((50, size, size)).astype(np.float32)
    x, previous, product, b = rng.standard_normal((4, 2, 50 * size)).astype(np.float32)

    def scaled(r):
        return np.einsum("nij,vnj->vni", inverse, r.reshape(2, 50, size)).reshape(2, -1)

    y = np.empty_like(b)
    blocks.fill_scaled(inverse, np.float32(0.5), b, y)
    np.testing.assert_allclose(y, 0.5 * scaled(b), atol=1e-5)
    blocks.fill_smoothed(inverse, np.float32(0.3), np.float32(0.7), x, previous, product, b, y)
    np.testing.assert_allclose(y, x + 0.3 * (x - previous) + 0.7 * scaled(b - product), atol=1e-5)


def test_vector_work_is_that_of_numpy():
    rng = np.random.default_rng(0)
    x, r, p, q = rng.standard_normal((4, 3, 1001))
    alpha, beta = rng.standard_normal((2, 3))
    dots, squares = np.empty(3), np.empty(3)
    vectors.fill_dots(p, q, dots)
    np.testing.assert_allclose(dots, (p * q).sum(axis=1), rtol=1e-11)
    expected_x, expected_r = x + alpha[:, None] * p, r - alpha[:, None] * q
    vectors.take_step(x, r, p, q, alpha, squares)
    np.testing.assert_allclose(x, expected_x, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(r, expected_r, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(squares, (expected_r**2).sum(axis=1), rtol=1e-12)
    expected_p = q + beta[:, None] * p
    vectors.turn(p, q, beta)
    np.testing.assert_allclose(p, expected_p, rtol=1e-12, atol=1e-14)


def test_diagonal_blocks_and_their_inverses():
    matrix = some_matrix((3, 3), (30, 30))
    dense = matrix.toarray()
    found = diagonal_blocks(matrix)
    np.testing.assert_array_equal(found, [dense[3 * i : 3 * i + 3, 3 * i : 3 * i + 3] for i in range(30)])
    definite = found @ found.transpose(0, 2, 1) + np.eye(3)
    np.testing.assert_allclose(inverse_blocks(definite) @ definite, np.tile(np.eye(3), (30, 1, 1)), atol=1e-5)
