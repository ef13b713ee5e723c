"""PETSc's GAMG with conjugate gradients and the rigid-body near null space, on the processes mpirun gives.

Each process takes a contiguous share of the nodes after recursive bisection of their coordinates. Reading the shares
is not counted; assembling PETSc's matrix from them is not counted either.
"""

from exchange import RTOL, Clock, finish, memory_gb, np, peer_arguments

OPTIONS = {
    "ksp_type": "cg",
    "ksp_norm_type": "unpreconditioned",
    "pc_type": "gamg",
    "pc_gamg_type": "agg",
    "pc_gamg_agg_nsmooths": 1,
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_pc_type": "jacobi",
    "mg_levels_ksp_max_it": 2,
}


def main() -> None:
    case_file, result_file, words = peer_arguments()
    import sys

    import petsc4py

    petsc4py.init([sys.argv[0]])
    from petsc4py import PETSc

    settings = PETSc.Options()
    for key, value in {**OPTIONS, **dict(word.split("=") for word in words)}.items():
        settings[key] = value
    world = PETSc.COMM_WORLD
    rank, size = world.getRank(), world.getSize()
    folder = case_file.with_suffix(".matrix")
    array = {
        name: np.load(folder / f"{name}.npy", mmap_mode="r")
        for name in ("indptr", "indices", "data", "right", "modes", "coordinates")
    }
    order, start = shares(np.array(array["coordinates"]), size)
    n = len(order)
    number = np.empty(n, np.int32)
    number[order] = np.arange(n, dtype=np.int32)
    mine = order[start[rank] : start[rank + 1]]
    indptr, indices, data = rows_of(array, mine, number)
    local = len(mine)
    matrix = PETSc.Mat().create(world)
    matrix.setSizes(((3 * local, 3 * n), (3 * local, 3 * n)), bsize=3)
    matrix.setType("baij" if size == 1 else "mpibaij")
    matrix.setPreallocationCSR((indptr, indices, data))
    matrix.assemble()
    del indptr, indices, data
    # GAMG wants plain rows that know their block size.
    matrix = matrix.convert("aij")
    matrix.setBlockSize(3)
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    b, x = matrix.createVecRight(), matrix.createVecLeft()
    b.setArray(np.array(array["right"]).reshape(-1, 3)[mine].ravel())
    columns = []
    for column in np.array(array["modes"]).reshape(-1, 3, 6)[mine].reshape(-1, 6).T:
        v = matrix.createVecRight()
        v.setArray(np.ascontiguousarray(column))
        columns.append(v)
    for k, v in enumerate(columns):  # PETSc wants an orthonormal basis
        for earlier in columns[:k]:
            v.axpy(-v.dot(earlier), earlier)
        v.normalize()
    matrix.setNearNullSpace(PETSc.NullSpace().create(vectors=columns, comm=world))
    clock = Clock()
    solver = PETSc.KSP().create(world)
    solver.setOperators(matrix)
    solver.setTolerances(rtol=RTOL, atol=0.0, max_it=1000)
    solver.setFromOptions()
    world.barrier()
    with clock("set-up"):
        solver.setUp()
        solver.setUpOnBlocks()
    with clock("solve"):
        solver.solve(b, x)
    rest = b.copy()
    matrix.mult(x, rest)
    rest.aypx(-1.0, b)
    residual, energy = rest.norm() / b.norm(), 0.5 * b.dot(x)
    peak = total(world, memory_gb())
    if rank == 0:
        version = f"PETSc {'.'.join(map(str, PETSc.Sys.getVersion()))}, {size} processes"
        finish(
            result_file, clock, counted=("set-up", "solve"), energy=energy, version=version,
            residual=residual, iterations=solver.getIterationNumber(), memory_peak_gb=peak,
        )  # fmt: skip


def shares(points, count: int):
    """Nodes sorted so that each process' share lies together, and where the shares start."""
    order = np.arange(len(points))
    parts = [order]
    while len(parts) < count:
        largest = max(range(len(parts)), key=lambda k: len(parts[k]))
        part = parts.pop(largest)
        axis = np.argmax(np.ptp(points[part], axis=0))
        part = part[np.argsort(points[part, axis], kind="stable")]
        parts[largest:largest] = [np.sort(part[: len(part) // 2]), np.sort(part[len(part) // 2 :])]
    return np.concatenate(parts), np.concatenate([[0], np.cumsum([len(part) for part in parts])])


def rows_of(array, mine, number):
    """Block rows of the nodes `mine` in the new numbering: (indptr, indices, data) with ascending columns."""
    indptr = np.asarray(array["indptr"])
    lengths = indptr[mine + 1] - indptr[mine]
    start = np.concatenate([[0], np.cumsum(lengths)])
    entries = np.repeat(indptr[mine] - start[:-1], lengths) + np.arange(start[-1])
    columns = number[np.asarray(array["indices"])[entries]]
    rows = np.repeat(np.arange(len(mine)), lengths)
    sorting = np.lexsort((columns, rows))
    data = np.asarray(array["data"])[entries[sorting]]
    return start.astype(np.int32), columns[sorting].astype(np.int32), data


def total(world, value: float) -> float:
    """Sum over the processes."""
    from petsc4py import PETSc

    vector = PETSc.Vec().createMPI((1, world.getSize()), comm=world)
    vector.setArray([value])
    return vector.sum()


if __name__ == "__main__":
    main()
