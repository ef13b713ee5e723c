"""The same mesh, stiffness and loads solved by an independent code, scikit-fem."""

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic, lame
from femsim.fem.elements import TET10
from femsim.fem.geometry import centroids
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import EDGES

skfem = pytest.importorskip("skfem")


def their_basis(mesh):
    """Basis on the corners of a TET10 mesh, and our node of each of their degrees of freedom."""
    corners, elements = np.unique(mesh.elements[:, :4], return_inverse=True)
    theirs = skfem.MeshTet(mesh.nodes[corners].T, elements.reshape(-1, 4).T, sort_t=False)
    element = skfem.ElementVector(skfem.ElementTetP2())
    quadrature = (quadrature_points(), np.full(4, 1 / 24))
    basis = skfem.Basis(theirs, element, quadrature=quadrature)
    node_of = {tuple(np.sort(mesh.elements[e, list(edge)])): mesh.elements[e, 4 + k]
               for e in range(mesh.n_elements) for k, edge in enumerate(EDGES)}  # fmt: skip
    edges = [node_of[tuple(np.sort(corners[edge]))] for edge in theirs.edges.T]
    ours = np.empty(basis.N, np.int64)
    for dofs, nodes in ((basis.nodal_dofs, corners), (basis.edge_dofs, edges)):
        ours[dofs] = 3 * np.asarray(nodes)[None, :] + np.arange(3)[:, None]
    return basis, ours


def quadrature_points():
    """(3, 4): our four integration points in their reference coordinates (λ1, λ2, λ3)."""
    return TET10.rule.points[:, 1:].T


def problem():
    mesh = box_mesh((4, 4, 6), (20, 20, 40), order=2, distortion=0.1)
    rng = np.random.default_rng(0)
    height = centroids(mesh)[:, 2:]
    modulus = np.where(height > 33, 210_000.0, 1000 * np.exp(rng.normal(0, 1, (mesh.n_elements, 4))))
    poisson = np.where(height > 33, 0.3, rng.uniform(0.2, 0.45, (mesh.n_elements, 4)))
    loads = np.where(mesh.nodes[:, 2:] == 40, rng.standard_normal((mesh.n_nodes, 3)), 0.0)
    return mesh, modulus, poisson, np.flatnonzero(mesh.nodes[:, 2] == 0), loads


def their_stiffness(basis, modulus, poisson):
    from skfem.helpers import ddot, eye, sym_grad, trace

    lam, mu = lame(modulus, poisson)

    @skfem.BilinearForm
    def elasticity(u, v, w):
        epsilon = sym_grad(u)
        return ddot(w.lam * eye(trace(epsilon), 3) + 2 * w.mu * epsilon, sym_grad(v))

    return elasticity.assemble(basis, lam=lam, mu=mu)


def test_stiffness_matrices_agree_entry_by_entry():
    mesh, modulus, poisson, *_ = problem()
    basis, ours = their_basis(mesh)
    theirs = their_stiffness(basis, modulus, poisson).tocsr()
    matrix = stiffness(mesh, Isotropic(modulus, poisson)).tocsr()[ours][:, ours]
    assert abs(matrix - theirs).max() < 1e-12 * abs(theirs).max()


@pytest.mark.parametrize("method", ["direct", "multigrid_cg"])
def test_displacements_agree(method):
    mesh, modulus, poisson, fixed, loads = problem()
    basis, ours = their_basis(mesh)
    held = np.isin(ours // 3, fixed)
    theirs = np.zeros(3 * mesh.n_nodes)
    theirs[ours] = skfem.solve(
        *skfem.condense(their_stiffness(basis, modulus, poisson), loads.ravel()[ours], D=np.flatnonzero(held))
    )
    found = solve_static(mesh, Isotropic(modulus, poisson), fixed, loads, method=method).displacements.ravel()
    np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-7 * np.abs(theirs).max())  # 1e-6 is asked for
