"""A made-up motion of the unit cube, the force that brings it about, and how far elements of one size miss it."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic, lame
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_weights
from femsim.fem.quadrature import conical_rule
from femsim.fem.sample import box_mesh
from femsim.verification.boundary import on_surface
from femsim.verification.case import Check

MODULUS, POISSON = 1.0, 0.3
SOURCE = (
    "method of manufactured solutions, u = 0.1 Π sin(π x); orders: Ciarlet, The Finite Element Method (1978), ch. 3"
)


def exact(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """u (…, 3) and its gradient (…, 3, 3); u_i = 0.1 Π sin(π x_j)."""
    sines, cosines = np.sin(np.pi * points), np.cos(np.pi * points)
    product = sines.prod(axis=-1)
    slopes = [np.pi * cosines[..., j] * np.delete(sines, j, axis=-1).prod(axis=-1) for j in range(3)]
    gradient = 0.1 * np.stack(slopes, axis=-1)
    return 0.1 * np.repeat(product[..., None], 3, axis=-1), np.repeat(gradient[..., None, :], 3, axis=-2)


def force_density(points: np.ndarray) -> np.ndarray:
    """(…, 3) what keeps `exact` in equilibrium."""
    lam, mu = lame(MODULUS, POISSON)
    s, c = np.sin(np.pi * points), np.cos(np.pi * points)
    product = s.prod(axis=-1)
    force = np.empty_like(points)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        mixed = c[..., i] * c[..., j] * s[..., k] + c[..., i] * c[..., k] * s[..., j]
        force[..., i] = 0.1 * np.pi**2 * ((lam + mu) * (product - mixed) + 3 * mu * product)
    return force


def errors(order: int, n: int) -> np.ndarray:
    """(2,) error of u in L2, and of the stress in the energy norm, on n cells along each edge."""
    mesh = box_mesh((n, n, n), order=order)
    # The rule of the stiffness would miss the load by as much as the elements miss the motion.
    element, rule = element_of(mesh.elements), conical_rule(7)
    values = element.values(rule.points)
    corners = mesh.nodes[mesh.elements[:, :4]]
    points = np.einsum("qv,evi->eqi", rule.points, corners)
    weights = integration_weights(mesh).sum(axis=1)[:, None] * rule.weights
    shares = np.einsum("eq,qa,eqi->eai", weights, values, force_density(points), optimize=True)
    loads = np.zeros((mesh.n_nodes, 3))
    np.add.at(loads, mesh.elements, shares)
    held = np.repeat(on_surface(mesh)[:, None], 3, axis=1)
    problem = prepare_static(mesh, Isotropic(MODULUS, POISSON), held)
    u = problem.solve(loads, rtol=1e-9).displacements[0][mesh.elements]
    jacobians = np.swapaxes(corners[:, 1:] - corners[:, :1], 1, 2)
    reference = np.einsum("eai,qak->eqik", u, element.derivatives(rule.points), optimize=True)
    gradient = reference @ np.linalg.inv(jacobians)[:, None]
    true_u, true_gradient = exact(points)
    value_error = np.einsum("eq,eqi->", weights, (np.einsum("qa,eai->eqi", values, u, optimize=True) - true_u) ** 2)
    slope = gradient - true_gradient
    slope = (slope + np.swapaxes(slope, -1, -2)) / 2
    lam, mu = lame(MODULUS, POISSON)
    density = lam * np.trace(slope, axis1=-2, axis2=-1) ** 2 + 2 * mu * (slope**2).sum(axis=(-2, -1))
    return np.sqrt([value_error, (weights * density).sum()])


def order_checks(order: int, sizes: tuple[int, ...], tolerance: float) -> list[Check]:
    """Observed orders at the two finest of the sizes (cells along an edge)."""
    coarse, fine = (errors(order, n) for n in sizes[-2:])
    observed = np.log(coarse / fine) / np.log(sizes[-1] / sizes[-2])
    name = f"TET{6 * order - 2}, {sizes[-2]} and {sizes[-1]} cells along an edge"
    return [
        Check(f"{name}: order of displacement (L2)", "-", order + 1, observed[0], tolerance, absolute=True),
        Check(f"{name}: order of stress (energy norm)", "-", order, observed[1], tolerance, absolute=True),
    ]
