"""The walking model assembled and solved by scikit-fem, on the same mesh, stiffness and loads."""

import numpy as np
import pytest
from scipy.sparse.linalg import cg

from femsim.fem.quadrature import FOUR_POINTS

pytestmark = pytest.mark.slow


def their_stiffness(model):
    """scikit-fem's stiffness matrix of the model, its unknowns reordered to femsim's."""
    import skfem
    from skfem.helpers import ddot, sym_grad, trace

    mesh = model.mesh
    corners, rows = np.unique(mesh.elements[:, :4], return_inverse=True)
    cells = rows.reshape(-1, 4)
    theirs = skfem.MeshTet(np.ascontiguousarray(mesh.nodes[corners].T), np.ascontiguousarray(cells.T), sort_t=False)
    basis = skfem.Basis(
        theirs,
        skfem.ElementVector(skfem.ElementTetP2()),
        quadrature=(np.ascontiguousarray(FOUR_POINTS.points[:, 1:].T), FOUR_POINTS.weights / 6),
    )
    lam = model.youngs_modulus * model.poissons_ratio / ((1 + model.poissons_ratio) * (1 - 2 * model.poissons_ratio))
    mu = model.youngs_modulus / (2 * (1 + model.poissons_ratio))

    @skfem.BilinearForm
    def energy(u, v, w):
        return w.lam * trace(sym_grad(u)) * trace(sym_grad(v)) + 2 * w.mu * ddot(sym_grad(u), sym_grad(v))

    matrix = energy.assemble(basis, lam=lam, mu=mu).tocsr()
    # Nodes of ours at the places of their unknowns; exact, for both take mid-edges as means of the corners.
    from scipy.spatial import cKDTree

    distance, node = cKDTree(mesh.nodes).query(basis.doflocs.T)
    assert distance.max() < 1e-9
    direction = np.empty(basis.N, int)
    for k in range(3):
        direction[basis.get_dofs(elements=True).all(f"u^{k + 1}")] = k
    ours = 3 * node + direction
    assert len(np.unique(ours)) == basis.N == 3 * mesh.n_nodes
    back = np.argsort(ours)
    return matrix[back][:, back]


@pytest.mark.long
def test_scikit_fem_finds_the_same_displacements(pair, outcomes):
    import pyamg

    model, outcome = pair.operated, outcomes[0]
    matrix = their_stiffness(model)
    held = np.zeros(model.mesh.n_nodes, bool)
    held[model.held_nodes] = True
    free = np.flatnonzero(~np.repeat(held, 3))
    loads = outcome.nodal_loads(outcome.peak).ravel()
    matrix, right = matrix[free][:, free], loads[free]
    nodes = model.mesh.nodes[~held] - model.mesh.nodes[~held].mean(axis=0)
    modes = np.zeros((len(nodes), 3, 6))
    modes[:, :, :3] = np.eye(3)
    for k, axis in enumerate(np.eye(3)):
        modes[:, :, 3 + k] = np.cross(axis, nodes)
    hierarchy = pyamg.smoothed_aggregation_solver(
        matrix.tobsr((3, 3)), B=modes.reshape(-1, 6), strength=("symmetric", {"theta": 0.02})
    )
    found, failed = cg(matrix, right, rtol=1e-11, maxiter=2000, M=hierarchy.aspreconditioner())
    assert not failed
    theirs = np.zeros(3 * model.mesh.n_nodes)
    theirs[free] = found
    ours = outcome.displacement(outcome.peak).ravel()
    assert np.abs(ours - theirs).max() < 1e-6 * np.abs(theirs).max()
