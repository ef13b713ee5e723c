"""Explicit steps of TET4: forces, the step, and how long it may be."""

import numpy as np
import pytest

from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic
from femsim.fem.explicit import ExplicitTet4, element_frequencies, stable_step
from femsim.fem.mass import lumped_mass
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh

MESH = box_mesh((4, 3, 5), (4.0, 3.0, 5.0), order=1, distortion=0.1)
RANDOM = np.random.default_rng(0)
STIFF = Isotropic(RANDOM.uniform(500.0, 17_000.0, (MESH.n_elements, 1)), 0.3)
PLACES = RANDOM.standard_normal((MESH.n_nodes, 3))


def forces(u: np.ndarray, precision=np.float64) -> np.ndarray:
    bone = ExplicitTet4(MESH, STIFF, precision)
    bone.fill_forces(u)
    return bone.internal()


@pytest.mark.parametrize(("precision", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_forces_are_those_of_the_assembled_matrix(precision, tolerance):
    expected = (stiffness(MESH, STIFF) @ PLACES.ravel()).reshape(-1, 3)
    assert np.abs(forces(PLACES, precision) - expected).max() < tolerance * np.abs(expected).max()


def test_a_long_flight_costs_single_precision_nothing():
    strain = 1e-3 * MESH.nodes
    near, far = (forces(strain + shift, np.float32) for shift in (0.0, 60.0))
    assert np.abs(near - far).max() < 1e-5 * np.abs(near).max()


def test_forces_do_not_depend_on_the_number_of_threads():
    import numba

    found = []
    for threads in (1, numba.get_num_threads()):
        before = numba.get_num_threads()
        numba.set_num_threads(threads)
        found.append(forces(PLACES, np.float32))
        numba.set_num_threads(before)
    np.testing.assert_array_equal(*found)


def test_a_step_is_a_central_difference():
    inverse = np.full((MESH.n_nodes, 3), 2.0)
    inverse[0] = 0.0
    given, v, step, drag = 3.0 * PLACES[::-1], 0.1 * PLACES, 1e-3, 5.0
    bone = ExplicitTet4(MESH, STIFF, np.float64)
    bone.fill_forces(PLACES)
    u, moved = PLACES.copy(), np.where(inverse > 0, v, 0.0)
    old = moved.copy()
    half = 0.5 * drag * step
    new = ((1 - half) * old + step * inverse * (given - bone.internal())) / (1 + half)
    kinetic, power = bone.step(u, moved, given, inverse, step, step, drag)
    np.testing.assert_allclose(moved, new, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(u, PLACES + step * new, rtol=1e-12)
    weights = np.divide(1, inverse, out=np.zeros_like(inverse), where=inverse > 0)
    assert kinetic == pytest.approx(0.5 * np.sum(weights * old * new), rel=1e-12)
    assert power == pytest.approx(drag * np.sum(weights * (0.5 * (old + new)) ** 2), rel=1e-12)


def test_the_bound_of_one_element_is_its_largest_frequency():
    one = Mesh(MESH.nodes[MESH.elements[0]], np.array([[0, 1, 2, 3]]), np.zeros(1, np.int32), ("bone",))
    stiff = Isotropic(1000.0, 0.3)
    root = np.sqrt(np.repeat(lumped_mass(one, 1.5e-9), 3))
    largest = np.linalg.eigvalsh(stiffness(one, stiff).toarray() / np.outer(root, root))[-1]
    assert element_frequencies(one, stiff, np.array([1.5e-9]))[0] == pytest.approx(largest, rel=1e-10)


def test_no_frequency_of_the_mesh_is_above_the_bound():
    root = np.sqrt(np.repeat(lumped_mass(MESH, 1.5e-9), 3))
    largest = np.linalg.eigvalsh(stiffness(MESH, STIFF).toarray() / np.outer(root, root))[-1]
    assert largest < element_frequencies(MESH, STIFF, np.full(MESH.n_elements, 1.5e-9)).max()


@pytest.mark.parametrize("damping", [0.0, 0.3, 3.0])
def test_an_oscillator_stays_bounded_up_to_the_stable_step_and_no_further(damping):
    def largest(step):
        x, v = 1.0, 0.0
        for _ in range(3000):
            v -= step * (x + damping * v)
            x += step * v
        return abs(x)

    longest = stable_step(1.0, damping)
    assert largest(0.999 * longest) < 100
    assert not largest(1.01 * longest) < 100
