"""PARDISO of Intel MKL by pypardiso, as symmetric positive definite (matrix type 2, upper triangle)."""

from exchange import Clock, finish, matrix_of, peer_arguments, residual_of


def main() -> None:
    case_file, result_file, _ = peer_arguments()
    from importlib.metadata import version

    from pypardiso import PyPardisoSolver
    from scipy.sparse import triu

    matrix, b, _ = matrix_of(case_file)
    upper = triu(matrix, format="csr")
    clock = Clock()
    solver = PyPardisoSolver(mtype=2)
    with clock("analyse, factorise"):
        solver.factorize(upper)
    with clock("solve"):
        solver.set_phase(33)
        x = solver._call_pardiso(upper, b)
    finish(
        result_file, clock, counted=("analyse, factorise", "solve"), energy=0.5 * float(b @ x.ravel()),
        version=f"pypardiso {version('pypardiso')}, MKL {version('mkl')}", residual=residual_of(matrix, x.ravel(), b),
    )  # fmt: skip


if __name__ == "__main__":
    main()
