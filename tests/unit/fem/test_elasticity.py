"""Stiffness as it is stated: what it means, in which frame, and what is refused."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic, Orthotropic, constants, constants_at_points
from femsim.fem.kernels.assembly import CONSTANT
from femsim.fem.recovery import stress
from femsim.fem.sample import box_mesh
from tests.twins import plain_matrices, some_isotropic, some_orthotropic

# Cortical bone of the femoral shaft, radial, circumferential, axial; Ashman et al., J. Biomech. 17 (1984) 349-361.
CORTEX = ([12000.0, 13400.0, 20000.0], [0.376, 0.235, 0.222], [4530.0, 6230.0, 5610.0])


def matrices(values):
    """(…, 6, 6) of 21 constants."""
    return values[..., CONSTANT]


@pytest.mark.parametrize("order", [1, 2])
def test_orthotropic_constants_are_those_of_the_plain_twin(order):
    mesh = box_mesh((2, 2, 1), order=order)
    elasticity = some_orthotropic(mesh)
    found = matrices(constants_at_points(mesh, elasticity))
    expected = plain_matrices(elasticity, found.shape[:2])
    np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


def test_pulling_along_an_axis_of_the_material_gives_its_modulus_and_contractions():
    axes = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    moduli, ratios, shear = (np.array(values) for values in CORTEX)
    compliance = np.linalg.inv(matrices(constants(Orthotropic(moduli, ratios, shear, axes))))
    pull = np.outer(axes[0], axes[0])
    strain = compliance @ pull[[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
    tensor = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]) * strain[[0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(3, 3)
    expected = [1 / moduli[0], -ratios[0] / moduli[0], -ratios[2] / moduli[0]]
    np.testing.assert_allclose(np.diag(axes @ tensor @ axes.T), expected, rtol=1e-12)


def test_equal_constants_in_every_direction_are_isotropic_whatever_the_axes():
    axes = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 3, 3)))[0]
    same = Orthotropic([1000.0] * 3, [0.3] * 3, [1000 / 2.6] * 3, axes)
    expected = plain_matrices(Isotropic(1000.0, 0.3), (5,))
    np.testing.assert_allclose(matrices(constants(same)), expected, atol=1e-12 * 1000)


def test_turning_an_axis_round_changes_nothing():
    turned = Orthotropic(*CORTEX, np.diag([1.0, -1.0, 1.0]))
    np.testing.assert_array_equal(constants(turned), constants(Orthotropic(*CORTEX)))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("elasticity", [some_isotropic, some_orthotropic])
def test_stress_is_that_of_the_plain_twin(order, elasticity):
    mesh = box_mesh((2, 2, 1), order=order)
    given = elasticity(mesh)
    shape = (mesh.n_elements, 4 if order == 2 else 1)
    strain = np.random.default_rng(0).standard_normal((*shape, 6))
    expected = np.einsum("eqij,eqj->eqi", plain_matrices(given, shape), strain * [1, 1, 1, 2, 2, 2])
    np.testing.assert_allclose(stress(strain, given), expected, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("places", [(), (6,), (6, 1), (6, 4)])
def test_constants_may_be_given_once_by_element_or_by_point(places):
    mesh = box_mesh((1, 1, 1))
    strain = np.random.default_rng(0).standard_normal((6, 4, 6))
    once = Orthotropic(*CORTEX)
    spread = Orthotropic(*(np.broadcast_to(values, (*places, 3)) for values in CORTEX), np.eye(3))
    np.testing.assert_array_equal(stress(strain, spread), stress(strain, once))
    np.testing.assert_array_equal(constants_at_points(mesh, spread), constants_at_points(mesh, once))
    isotropic = Isotropic(np.full(places, 7.0), 0.3)
    np.testing.assert_array_equal(stress(strain, isotropic), stress(strain, Isotropic(7.0, 0.3)))


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_an_impossible_modulus_is_counted_and_placed(bad):
    modulus = np.ones((6, 4))
    modulus[3, 2] = modulus[5, 0] = bad
    with pytest.raises(ModelError, match=f"Young's modulus is {bad:g} MPa") as caught:
        Isotropic(modulus, 0.3)
    assert caught.value.where == "2 of 6 elements, worst: element 3"


@pytest.mark.parametrize("bad", [0.5, 0.7, -1.0, np.nan])
def test_an_impossible_poissons_ratio_is_refused(bad):
    with pytest.raises(ModelError, match=f"Poisson's ratio is {bad:g}"):
        Isotropic(1.0, bad)


def test_an_orthotropic_stiffness_that_is_not_positive_definite_is_refused_with_numbers():
    ratios = np.tile(CORTEX[1], (4, 1))
    ratios[2, 0] = 1.2  # above √(E1/E2) = 0.95
    with pytest.raises(ModelError, match=r"not positive definite: .* one is -0\.\d+") as caught:
        Orthotropic(CORTEX[0], ratios, CORTEX[2])
    assert caught.value.where == "1 of 4 elements, worst: element 2"
    assert np.linalg.eigvalsh(plain_matrices(Sketch(CORTEX[0], ratios, CORTEX[2]), (4,)))[2].min() < 0


class Sketch:
    """Orthotropic constants that nobody has checked."""

    def __init__(self, moduli, ratios, shear):
        self.youngs_moduli, self.shear_moduli = np.broadcast_to(moduli, (4, 3)), np.broadcast_to(shear, (4, 3))
        self.poissons_ratios, self.axes = ratios, np.eye(3)


def test_what_is_refused_is_exactly_what_is_not_positive_definite():
    rng = np.random.default_rng(0)
    count = {True: 0, False: 0}
    for moduli, ratios in zip(np.exp(rng.uniform(0, 3, (300, 3))), rng.uniform(-1, 1, (300, 3))):
        sketch = Sketch(moduli, np.broadcast_to(ratios, (4, 3)), [1.0] * 3)
        definite = bool(np.linalg.eigvalsh(plain_matrices(sketch, (4,))[0]).min() > 0)
        count[definite] += 1
        try:
            Orthotropic(moduli, ratios, [1.0] * 3)
        except ModelError:
            assert not definite
        else:
            assert definite
    assert min(count.values()) > 50


@pytest.mark.parametrize("place", [0, 2])
def test_a_modulus_of_one_direction_must_be_positive(place):
    for field in (0, 2):
        given = [np.array(values) for values in CORTEX]
        given[field][place] = 0.0
        with pytest.raises(ModelError, match="modulus is 0 MPa"):
            Orthotropic(*given)


def test_axes_that_are_not_perpendicular_are_refused():
    axes = np.tile(np.eye(3), (6, 4, 1, 1))
    axes[4, 1, 0, 1] = 0.2
    with pytest.raises(ModelError, match=r"misses the identity by 0\.2") as caught:
        Orthotropic(*CORTEX, axes)
    assert caught.value.where == "1 of 6 elements, worst: element 4"


def test_constants_of_another_mesh_are_refused():
    mesh = box_mesh((1, 1, 1))
    with pytest.raises(ModelError, match="shape"):
        constants_at_points(mesh, Isotropic(np.ones((7, 4)), 0.3))
    with pytest.raises(ModelError, match=r"\(7,\) places.* 6 elements of 4 points"):
        constants_at_points(mesh, Orthotropic(np.ones((7, 3)), [0.3] * 3, [1.0] * 3))


def test_constants_of_a_wrong_shape_are_refused():
    with pytest.raises(ModelError, match="shear_moduli have shape"):
        Orthotropic(CORTEX[0], CORTEX[1], [1.0, 2.0])
