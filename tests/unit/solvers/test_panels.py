"""Eight right-hand sides side by side: every kernel against a plain NumPy twin, and the panel against rows."""

import numpy as np
import pytest
from scipy.sparse import bsr_matrix, random_array

from femsim.solvers import layout
from femsim.solvers.blocks import BlockMatrix
from femsim.solvers.kernels import panels


def some_matrix(block, shape=(40, 30)):
    rng = np.random.default_rng(0)
    size = (shape[0] * block[0], shape[1] * block[1])
    matrix = bsr_matrix(random_array(size, density=0.05, rng=rng, data_sampler=rng.standard_normal), blocksize=block)
    matrix.sort_indices()
    return matrix


def some_panels(count, n, precision=np.float64, seed=0):
    return np.random.default_rng(seed).standard_normal((count, 1, n, layout.PANEL)).astype(precision)


def test_rows_come_back_from_a_panel():
    rows = np.random.default_rng(0).standard_normal((5, 12))
    panel = layout.packed(rows)
    assert panel.shape == (1, 12, layout.PANEL)
    np.testing.assert_array_equal(layout.rows_of(panel, 5), rows)
    assert (layout.rows_of(panel)[5:] == 0).all()
    assert layout.rows_of(rows) is rows


@pytest.mark.parametrize("precision, tolerance", [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("block", [(3, 3), (3, 6), (6, 3), (6, 6)])
def test_products_are_those_of_the_dense_matrix(block, precision, tolerance):
    matrix = some_matrix(block)
    x, b = some_panels(1, matrix.shape[1], precision)[0], some_panels(1, matrix.shape[0], precision, seed=1)[0]
    fast, expected = BlockMatrix(matrix, precision), matrix.toarray() @ x
    assert fast.takes_panels
    kind = {"rtol": 0, "atol": tolerance * np.abs(expected).max()}
    np.testing.assert_allclose(fast.apply(x, np.empty_like(b)), expected, **kind)
    np.testing.assert_allclose(fast.residual(b, x, np.empty_like(b)), b - expected, **kind)
    np.testing.assert_allclose(fast.add_to(b.copy(), x), b + expected, **kind)


def test_blocks_that_are_no_threes_are_left_to_rows():
    assert not BlockMatrix(some_matrix((1, 1)), np.float64).takes_panels


@pytest.mark.parametrize("size", [3, 6])
def test_smoothing_steps_are_those_of_the_formula(size):
    inverse = np.random.default_rng(0).standard_normal((50, size, size)).astype(np.float32)
    x, previous, product, b = some_panels(4, 50 * size, np.float32)

    def scaled(r):
        return np.einsum("nij,njv->niv", inverse, r.reshape(50, size, layout.PANEL)).reshape(r.shape)

    y = np.empty_like(b)
    layout.scaled(inverse, np.float32(0.5), b, y)
    np.testing.assert_allclose(y, 0.5 * scaled(b), atol=1e-5)
    layout.smoothed(inverse, np.float32(0.3), np.float32(0.7), x, previous, product, b, y)
    np.testing.assert_allclose(y, x + 0.3 * (x - previous) + 0.7 * scaled(b - product), atol=2e-5)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_vector_work_is_that_of_numpy(precision):
    x, r, p, q = some_panels(4, 1001)
    z = some_panels(1, 1001, precision, seed=1)[0]
    alpha, beta = np.random.default_rng(0).standard_normal((2, layout.PANEL))
    np.testing.assert_allclose(layout.dots(z, q), (z * q).sum(axis=(0, 1)), rtol=1e-9)
    np.testing.assert_allclose(layout.norms(q), np.sqrt((q * q).sum(axis=(0, 1))), rtol=1e-12)
    expected_x, expected_r = x + alpha * p, r - alpha * q
    squares = layout.take_step(x, r, p, q, alpha)
    np.testing.assert_allclose(x, expected_x, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(r, expected_r, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(squares, (expected_r**2).sum(axis=(0, 1)), rtol=1e-12)
    expected_p = z + beta * p
    layout.turn(p, z, beta)
    np.testing.assert_allclose(p, expected_p, rtol=1e-12, atol=1e-14)


def test_a_copy_changes_precision():
    source = some_panels(1, 1001)[0]
    target = np.empty(source.shape, np.float32)
    layout.copy(source, target)
    np.testing.assert_array_equal(target, source.astype(np.float32))


def test_the_sum_of_a_panel_does_not_depend_on_the_threads():
    import numba

    a, b = some_panels(2, 4001)
    sums = []
    for count in (1, numba.get_num_threads()):
        before = numba.get_num_threads()
        numba.set_num_threads(count)
        sums.append(layout.dots(a, b))
        numba.set_num_threads(before)
    np.testing.assert_array_equal(*sums)


def test_panels_pass_flat_arrays_to_their_kernels():
    dots = np.empty(layout.PANEL)
    panel = some_panels(1, 10)[0]
    panels.fill_dots(panel.reshape(-1), panel.reshape(-1), dots)
    np.testing.assert_allclose(dots, (panel**2).sum(axis=(0, 1)))
