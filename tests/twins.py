"""Plain NumPy twins of what kernels do, and the strongly varying problems they are compared on."""

from dataclasses import replace

import numpy as np

from femsim.fem.elasticity import Isotropic, Orthotropic, lame
from femsim.fem.elements import element_of

PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))  # XX YY ZZ XY YZ XZ


def n_points(mesh):
    return len(element_of(mesh.elements).rule.weights)


def some_isotropic(mesh, seed=0):
    """E and ν that vary strongly from integration point to integration point."""
    rng = np.random.default_rng(seed)
    shape = (mesh.n_elements, n_points(mesh))
    return Isotropic(np.exp(rng.uniform(0, 9, shape)), rng.uniform(0.1, 0.45, shape))


def some_orthotropic(mesh, seed=0):
    """Nine constants and three directions that vary strongly from integration point to integration point."""
    rng = np.random.default_rng(seed)
    shape = (mesh.n_elements, n_points(mesh), 3)
    moduli = np.exp(rng.uniform(0, 9, shape[:2]))[..., None] * rng.uniform(0.4, 1.0, shape)
    axes = np.linalg.qr(rng.standard_normal((*shape, 3)))[0]
    return Orthotropic(moduli, rng.uniform(0.1, 0.35, shape), moduli * rng.uniform(0.2, 0.5, shape), axes)


def curved(mesh):
    """The mesh with its nodes moved by a smooth field, which bends the edges of a TET10."""
    x, y, z = mesh.nodes.T
    return replace(mesh, nodes=mesh.nodes + 0.05 * np.column_stack([np.sin(2 * y), np.sin(2 * z), np.sin(2 * x)]))


def tensor(values):
    """(…, 3, 3) of (…, 6)."""
    return np.asarray(values)[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*np.shape(values)[:-1], 3, 3)


def plain_gradients(mesh, rule=None):
    """(e, q, a, 3) shape gradients, (e, q) weights: by matrix inversion."""
    element = element_of(mesh.elements)
    rule = rule or element.rule
    reference = element.derivatives(rule.points)
    jacobians = np.einsum("eai,qak->eqik", mesh.nodes[mesh.elements], reference)
    gradients = np.einsum("qak,eqki->eqai", reference, np.linalg.inv(jacobians))
    return gradients, np.linalg.det(jacobians) / 6 * rule.weights


def plain_matrices(elasticity, shape):
    """(e, q, 6, 6) C that takes strain with engineering shear to stress, in global axes."""
    if isinstance(elasticity, Isotropic):
        lam, mu = (np.broadcast_to(v, shape) for v in lame(elasticity.youngs_modulus, elasticity.poissons_ratio))
        matrices = np.zeros((*shape, 6, 6))
        matrices[..., :3, :3] = lam[..., None, None]
        matrices[..., np.arange(6), np.arange(6)] += mu[..., None] * [2, 2, 2, 1, 1, 1]
        return matrices
    e1, e2, _ = np.moveaxis(elasticity.youngs_moduli, -1, 0)
    n12, n23, n13 = np.moveaxis(elasticity.poissons_ratios, -1, 0)
    compliance = np.zeros((*e1.shape, 6, 6))
    for k in range(3):
        compliance[..., k, k] = 1 / elasticity.youngs_moduli[..., k]
        compliance[..., 3 + k, 3 + k] = 1 / elasticity.shear_moduli[..., k]
    for (i, j), share in zip(((0, 1), (1, 2), (0, 2)), (n12 / e1, n23 / e2, n13 / e1)):
        compliance[..., i, j] = compliance[..., j, i] = -share
    local = np.linalg.inv(compliance)
    fourth = np.empty((*e1.shape, 3, 3, 3, 3))
    for m, (a, b) in enumerate(PAIRS):
        for n, (c, d) in enumerate(PAIRS):
            for i, j in {(a, b), (b, a)}:
                for k, p in {(c, d), (d, c)}:
                    fourth[..., i, j, k, p] = local[..., m, n]
    turned = np.einsum("...abcd,...ai,...bj,...ck,...dl->...ijkl", fourth, *[elasticity.axes] * 4, optimize=True)
    matrices = np.empty((*turned.shape[:-4], 6, 6))
    for m, (i, j) in enumerate(PAIRS):
        for n, (k, p) in enumerate(PAIRS):
            matrices[..., m, n] = turned[..., i, j, k, p]
    return np.broadcast_to(matrices, (*shape, 6, 6))


def plain_strain_matrices(mesh):
    """(e, q, 6, a, 3) B that takes displacement to strain with engineering shear."""
    gradients, _ = plain_gradients(mesh)
    x, y, z = np.moveaxis(gradients, -1, 0)
    b = np.zeros((*gradients.shape[:2], 6, gradients.shape[2], 3))
    b[:, :, 0, :, 0], b[:, :, 1, :, 1], b[:, :, 2, :, 2] = x, y, z
    b[:, :, 3, :, 0], b[:, :, 3, :, 1] = y, x
    b[:, :, 4, :, 1], b[:, :, 4, :, 2] = z, y
    b[:, :, 5, :, 0], b[:, :, 5, :, 2] = z, x
    return b


def plain_stiffness(mesh, elasticity):
    """Dense stiffness by strain matrices B and elasticity matrices C."""
    _, weights = plain_gradients(mesh)
    matrices, strains = plain_matrices(elasticity, weights.shape), plain_strain_matrices(mesh)
    matrix = np.zeros((3 * mesh.n_nodes,) * 2)
    for e, nodes in enumerate(mesh.elements):
        dofs = (3 * nodes[:, None] + np.arange(3)).ravel()
        for q in range(weights.shape[1]):
            b = strains[e, q].reshape(6, -1)
            matrix[np.ix_(dofs, dofs)] += weights[e, q] * b.T @ matrices[e, q] @ b
    return matrix
