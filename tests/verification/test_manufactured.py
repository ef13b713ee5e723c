"""V07: errors fall at the order theory promises, on a manufactured solution."""

import numpy as np
import pytest

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic, lame
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_weights
from femsim.fem.quadrature import conical_rule
from femsim.fem.sample import box_mesh

MODULUS, POISSON = 1.0, 0.3


def exact(points):
    """u (…, 3) and its gradient (…, 3, 3); u_i = 0.1 Π sin(π x_j)."""
    sines, cosines = np.sin(np.pi * points), np.cos(np.pi * points)
    product = sines.prod(axis=-1)
    slopes = [np.pi * cosines[..., j] * np.delete(sines, j, axis=-1).prod(axis=-1) for j in range(3)]
    gradient = 0.1 * np.stack(slopes, axis=-1)
    return 0.1 * np.repeat(product[..., None], 3, axis=-1), np.repeat(gradient[..., None, :], 3, axis=-2)


def body_force(points):
    """Force density that keeps `exact` in equilibrium."""
    lam, mu = lame(MODULUS, POISSON)
    s, c = np.sin(np.pi * points), np.cos(np.pi * points)
    product = s.prod(axis=-1)
    force = np.empty_like(points)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        mixed = c[..., i] * c[..., j] * s[..., k] + c[..., i] * c[..., k] * s[..., j]
        force[..., i] = 0.1 * np.pi**2 * ((lam + mu) * (product - mixed) + 3 * mu * product)
    return force


def errors(order, n):
    """L2 error of u, and of its gradient (H1), on n cells along each edge."""
    mesh = box_mesh((n, n, n), order=order)
    element, rule = element_of(mesh.elements), conical_rule(7)
    values = element.values(rule.points)
    corners = mesh.nodes[mesh.elements[:, :4]]
    points = np.einsum("qv,evi->eqi", rule.points, corners)
    weights = integration_weights(mesh).sum(axis=1)[:, None] * rule.weights
    shares = np.einsum("eq,qa,eqi->eai", weights, values, body_force(points), optimize=True)
    loads = np.zeros((mesh.n_nodes, 3))
    np.add.at(loads, mesh.elements, shares)
    edge = ((mesh.nodes < 1e-9) | (mesh.nodes > 1 - 1e-9)).any(axis=1)
    held = np.repeat(edge[:, None], 3, axis=1)
    u = prepare_static(mesh, Isotropic(MODULUS, POISSON), held).solve(loads, rtol=1e-9).displacements[0][mesh.elements]
    jacobians = np.swapaxes(corners[:, 1:] - corners[:, :1], 1, 2)
    reference = np.einsum("eai,qak->eqik", u, element.derivatives(rule.points), optimize=True)
    gradient = reference @ np.linalg.inv(jacobians)[:, None]
    true_u, true_gradient = exact(points)
    value_error = np.einsum("eq,eqi->", weights, (np.einsum("qa,eai->eqi", values, u, optimize=True) - true_u) ** 2)
    slope_error = np.einsum("eq,eqij->", weights, (gradient - true_gradient) ** 2)
    return np.sqrt([value_error, slope_error])


@pytest.mark.parametrize("order, sizes", [(1, (6, 12)), (2, (4, 8))])
def test_v07_errors_fall_with_mesh_size_at_the_order_of_the_element(order, sizes):
    coarse, fine = (errors(order, n) for n in sizes)
    observed = np.log(coarse / fine) / np.log(sizes[1] / sizes[0])
    # L2 one above H1. Coarser than the four levels of the slow test, hence the wider margin.
    np.testing.assert_allclose(observed, [order + 1, order], atol=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("order, sizes", [(1, (4, 8, 16, 24)), (2, (4, 8, 12, 16))])
def test_v07_errors_fall_at_the_order_of_the_element_on_four_levels(order, sizes):
    found = np.array([errors(order, n) for n in sizes])
    observed = np.log(found[-2] / found[-1]) / np.log(sizes[-1] / sizes[-2])
    np.testing.assert_allclose(observed, [order + 1, order], atol=0.15)
