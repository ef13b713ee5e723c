"""scikit-fem's assembly and SciPy's SuperLU: what a Python user writes first."""

from exchange import Clock, finish, np, peer_arguments, read


def main() -> None:
    case_file, result_file, _ = peer_arguments()
    import scipy
    import skfem
    from scipy.sparse.linalg import splu
    from skfem.helpers import ddot, eye, sym_grad, trace

    case = read(case_file)
    clock = Clock()
    with clock("make mesh"):
        basis, dof_of = basis_of(skfem, case)
    modulus, ratio = case.bin_youngs_modulus[case.bin_of], case.bin_poissons_ratio[case.bin_of]
    lam, mu = modulus * ratio / ((1 + ratio) * (1 - 2 * ratio)), modulus / (2 * (1 + ratio))

    @skfem.BilinearForm
    def form(u, v, w):
        strain = sym_grad(u)
        return ddot(2 * w.mu * strain + eye(w.lam * trace(strain), 3), sym_grad(v))

    with clock("assemble"):
        constant = basis.with_element(skfem.ElementTetP0())
        matrix = form.assemble(basis, lam=constant.interpolate(lam), mu=constant.interpolate(mu))
    b = np.zeros(matrix.shape[0])
    b[dof_of[case.load_nodes].ravel()] = case.loads[0].ravel()
    free = np.setdiff1d(np.arange(len(b)), dof_of[case.fixed].ravel())
    with clock("factorise"):
        reduced = matrix[free][:, free].tocsc()
        factors = splu(reduced, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    with clock("solve"):
        x = factors.solve(b[free])
    finish(
        result_file, clock, counted=("assemble", "factorise", "solve"), energy=0.5 * float(b[free] @ x),
        version=f"scikit-fem {skfem.__version__}, SciPy {scipy.__version__}",
        residual=float(np.linalg.norm(b[free] - reduced @ x) / np.linalg.norm(b)),
    )  # fmt: skip


def basis_of(skfem, case):
    """Basis on the corners' mesh, and (n, 3) unknown of each node's directions; matched by place."""
    corners, renumbered = np.unique(case.elements[:, :4], return_inverse=True)
    mesh = skfem.MeshTet(case.nodes[corners].T, renumbered.reshape(-1, 4).T)
    quadratic = case.elements.shape[1] == 10
    element = skfem.ElementVector(skfem.ElementTetP2() if quadratic else skfem.ElementTetP1())
    basis = skfem.Basis(mesh, element, intorder=2 if quadratic else 1)
    dof_of = np.full((len(case.nodes), 3), -1)
    dof_of[corners] = basis.nodal_dofs.T
    if quadratic:
        from scipy.spatial import cKDTree

        middle = np.unique(case.elements[:, 4:])
        places = mesh.p[:, mesh.edges].mean(axis=1).T
        distance, edge = cKDTree(places).query(case.nodes[middle])
        if distance.max() > 1e-6:
            raise RuntimeError("a mid-side node is not in the middle of its edge")
        dof_of[middle] = basis.edge_dofs.T[edge]
    return basis, dof_of


if __name__ == "__main__":
    main()
