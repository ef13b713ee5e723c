"""The same mesh, stiffness and loads solved by an independent code, scikit-fem."""

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic, lame
from femsim.fem.elements import element_of
from femsim.fem.geometry import centroids
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import EDGES
from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import METHODS, distance

skfem = pytest.importorskip("skfem")


def run() -> list[Check]:
    return [check for order in (1, 2) for check in checks(order)]


def checks(order):
    mesh, modulus, poisson, fixed, loads = problem(order)
    basis, ours = their_basis(mesh)
    matrix = their_stiffness(basis, modulus, poisson).tocsr()
    held = np.flatnonzero(np.isin(ours // 3, fixed))
    theirs = skfem.solve(*skfem.condense(matrix, loads.ravel()[ours], D=held))
    elasticity = Isotropic(modulus, poisson)
    difference = abs(stiffness(mesh, elasticity).tocsr()[ours][:, ours] - matrix).max() / abs(matrix).max()
    element = element_of(mesh.elements).name

    def solved(method):
        found = solve_static(mesh, elasticity, fixed, loads, method=method)
        u, energy = found.displacements.ravel()[ours], 0.5 * theirs @ matrix @ theirs
        largest = np.argmax(np.abs(theirs))
        return [
            Check(f"{element}: largest displacement", "mm", theirs[largest], u[largest], 1e-7),
            Check(f"{element}: displacement, share of the largest", "-", 0.0, distance(u, theirs), 1e-7, absolute=True),
            Check(f"{element}: strain energy", "N·mm", energy, found.energy[0], 1e-7),
        ]

    name = f"{element}: stiffness matrix, entry by entry, share of the largest"
    return [Check(name, "-", 0.0, difference, 1e-12, absolute=True), *worst_of(*map(solved, METHODS))]


CASE = Case(
    title="A box of random stiffness under random forces, solved by scikit-fem",
    source="scikit-fem, ElementTetP1 and ElementTetP2, its own assembly and SuperLU",
    status="independent code",
    quick=True,
    run=run,
)


def test_scikit_fem_finds_the_same_stiffness_displacement_and_energy(page):
    found = CASE.run()
    assert [check for check in found if not check.passed] == []
    page.record("scikit_fem", CASE, found)


def their_basis(mesh):
    """Basis on the corners of a mesh, and our number of each of their degrees of freedom."""
    corners, elements = np.unique(mesh.elements[:, :4], return_inverse=True)
    theirs = skfem.MeshTet(mesh.nodes[corners].T, elements.reshape(-1, 4).T, sort_t=False)
    element = skfem.ElementVector(skfem.ElementTetP1() if mesh.order == 1 else skfem.ElementTetP2())
    # Our integration points in their reference coordinates (λ1, λ2, λ3), of a tetrahedron of volume 1/6.
    rule = element_of(mesh.elements).rule
    quadrature = (rule.points[:, 1:].T, rule.weights / 6)
    basis = skfem.Basis(theirs, element, quadrature=quadrature)
    ours = np.empty(basis.N, np.int64)
    ours[basis.nodal_dofs] = 3 * corners + np.arange(3)[:, None]
    if mesh.order == 2:
        node_of = {
            tuple(np.sort(mesh.elements[e, list(edge)])): mesh.elements[e, 4 + k]
            for e in range(mesh.n_elements)
            for k, edge in enumerate(EDGES)
        }
        edges = np.array([node_of[tuple(np.sort(corners[edge]))] for edge in theirs.edges.T])
        ours[basis.edge_dofs] = 3 * edges + np.arange(3)[:, None]
    return basis, ours


def problem(order):
    mesh = box_mesh((4, 4, 6), (20, 20, 40), order=order, distortion=0.1)
    shape = mesh.n_elements, len(element_of(mesh.elements).rule.weights)
    rng = np.random.default_rng(0)
    height = centroids(mesh)[:, 2:]
    modulus = np.where(height > 33, 210_000.0, 1000 * np.exp(rng.normal(0, 1, shape)))
    poisson = np.where(height > 33, 0.3, rng.uniform(0.2, 0.45, shape))
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
