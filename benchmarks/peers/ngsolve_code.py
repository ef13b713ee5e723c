"""NGSolve on the same straight-sided elements.

    … cholesky                     its own sparse Cholesky factors
    … bddc                         conjugate gradients with its BDDC preconditioner, whose coarse problem on the
                                   corners it factorises (only for quadratic elements)

Its quadratic space is hierarchical: the function of an edge is added to the linear ones. Nodal forces are carried over
exactly (half of a mid-side node's force goes to either end, the rest to the edge function, whose height at the middle
is measured). Counted are space, assembly, factors and solve; making NGSolve's mesh and mapping supports are not.
"""

from exchange import RTOL, Clock, finish, memory_gb, np, peer_arguments, read


def main() -> None:
    case_file, result_file, words = peer_arguments()
    import ngsolve as ng

    ng.ngsglobals.msg_level = 0
    ng.SetNumThreads(2)
    case = read(case_file)
    order = 1 if case.elements.shape[1] == 4 else 2
    clock = Clock()
    with clock("make mesh"):
        mesh, corner_of = netgen_mesh(ng, case)
    with ng.TaskManager():
        with clock("space"):
            space = ng.VectorH1(mesh, order=order, wb_withedges=False)
        with clock("map supports and loads"):
            free, force, value_at = mapped(ng, mesh, space, case, corner_of, order)
        with clock("assemble"):
            modulus = ng.CoefficientFunction(case.bin_youngs_modulus.tolist())
            ratio = ng.CoefficientFunction(case.bin_poissons_ratio.tolist())
            lam, mu = modulus * ratio / ((1 + ratio) * (1 - 2 * ratio)), modulus / (2 * (1 + ratio))
            u, v = space.TnT()

            def strain(w):
                return ng.Sym(ng.Grad(w))

            form = ng.BilinearForm(space, symmetric=True)
            form += (2 * mu * ng.InnerProduct(strain(u), strain(v)) + lam * ng.div(u) * ng.div(v)) * ng.dx
            preconditioner = ng.Preconditioner(form, "bddc") if words[0] == "bddc" else None
            form.Assemble()
        f = form.mat.CreateColVector()
        f.FV().NumPy()[:] = force
        x = f.CreateVector()
        iterations = 0
        if preconditioner is None:
            with clock("factorise"):
                inverse = form.mat.Inverse(free, inverse="sparsecholesky")
            with clock("solve"):
                x.data = inverse * f
        else:
            with clock("solve"):
                solver = ng.krylovspace.CGSolver(form.mat, preconditioner.mat, tol=RTOL, maxiter=1000, printrates=False)
                x.data = solver * f
                iterations = solver.iterations
        rest = f.CreateVector()
        rest.data = f - form.mat * x
    inside = np.array(list(free), bool)
    residual = np.linalg.norm(rest.FV().NumPy()[inside]) / np.linalg.norm(force[inside])
    last = "factorise" if preconditioner is None else "solve"
    finish(
        result_file, clock, counted=("space", "assemble", *dict.fromkeys((last, "solve"))),
        energy=0.5 * float(force[inside] @ x.FV().NumPy()[inside]), version=f"NGSolve {ng.__version__}",
        residual=float(residual), iterations=iterations, memory_peak_gb=memory_gb(), edge_height=value_at,
    )  # fmt: skip


def netgen_mesh(ng, case):
    """NGSolve mesh of the corners with one material per stiffness bin, and the (v,) node of each vertex."""
    from netgen.meshing import Element2D, FaceDescriptor, Mesh

    corners = np.unique(case.elements[:, :4])
    number = np.full(len(case.nodes), -1, np.int32)
    number[corners] = np.arange(len(corners))
    mesh = Mesh(3)
    mesh.AddPoints(np.ascontiguousarray(case.nodes[corners]))
    for k in range(len(case.bin_youngs_modulus)):
        members = number[case.elements[case.bin_of == k, :4]]
        mesh.SetMaterial(k + 1, f"bin{k}")
        if len(members):
            # Netgen's tetrahedra are turned the other way.
            mesh.AddElements(dim=3, index=k + 1, data=np.ascontiguousarray(members[:, [0, 2, 1, 3]]), base=0)
    mesh.Add(FaceDescriptor(bc=1, surfnr=1))
    face = number[case.surface_distal[0, :3]]
    mesh.Add(Element2D(1, [int(i) + 1 for i in face]))
    return ng.Mesh(mesh), corners


def mapped(ng, mesh, space, case, corner_of, order):
    """Free unknowns, right-hand side, and the height of an edge function at the middle of its edge."""
    n_vertices = len(corner_of)
    held = np.zeros(len(case.nodes), bool)
    held[case.fixed] = True
    force = np.zeros((len(case.nodes), 3))
    force[case.load_nodes] = case.loads[0]
    free_nodes, forces, height = ~held[corner_of], force[corner_of].copy(), 1.0
    if order == 2:
        ends = np.array([[v.nr for v in edge.vertices] for edge in mesh.edges])
        middle = middles(case, corner_of, ends)
        np.add.at(forces, ends[:, 0], 0.5 * force[middle])
        np.add.at(forces, ends[:, 1], 0.5 * force[middle])
        height = edge_height(ng, mesh, space, case.nodes[corner_of][ends[0]].mean(axis=0), n_vertices)
        forces = np.vstack([forces, height * force[middle]])
        free_nodes = np.concatenate([free_nodes, ~held[middle]])
    if 3 * len(free_nodes) != space.ndof:
        raise RuntimeError(f"NGSolve has {space.ndof} unknowns, the mesh {3 * len(free_nodes)}")
    free = space.FreeDofs()  # the space's own, which its preconditioners look at
    for i in np.flatnonzero(~np.tile(free_nodes, 3)).tolist():
        free[i] = False
    return free, np.ascontiguousarray(forces.T).ravel(), height


def middles(case, corner_of, ends):
    """(edges,) mid-side node of each edge of NGSolve's mesh."""
    n = len(case.nodes)
    pairs = np.concatenate([case.elements[:, p] for p in ([0, 1], [1, 2], [0, 2], [0, 3], [1, 3], [2, 3])])
    pairs = np.sort(pairs.astype(np.int64), axis=1) @ [n, 1]
    nodes = case.elements[:, 4:].T.ravel()
    keys, first = np.unique(pairs, return_index=True)
    wanted = np.sort(corner_of[ends].astype(np.int64), axis=1) @ [n, 1]
    return nodes[first[np.searchsorted(keys, wanted)]]


def edge_height(ng, mesh, space, point, n_vertices) -> float:
    """Value of the first edge function at the middle of its edge."""
    function = ng.GridFunction(space)
    function.vec[:] = 0
    function.vec.FV().NumPy()[n_vertices] = 1.0
    return float(function(mesh(*point.tolist()))[0])


if __name__ == "__main__":
    main()
