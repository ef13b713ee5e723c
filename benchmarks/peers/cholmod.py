"""CHOLMOD (SuiteSparse) with METIS ordering, supernodal LLᵀ, by scikit-sparse; the BLAS is the system's OpenBLAS."""

from exchange import Clock, finish, matrix_of, peer_arguments, residual_of


def main() -> None:
    case_file, result_file, _ = peer_arguments()
    import sksparse
    from sksparse.cholmod import analyze

    matrix, b, _ = matrix_of(case_file)
    matrix = matrix.tocsc()
    clock = Clock()
    with clock("analyse"):
        factor = analyze(matrix, mode="supernodal", ordering_method="metis")
    with clock("factorise"):
        factor.cholesky_inplace(matrix)
    with clock("solve"):
        x = factor(b)
    with clock("one more right-hand side"):
        factor(b)
    finish(
        result_file, clock, counted=("analyse", "factorise", "solve"), energy=0.5 * float(b @ x),
        version=f"scikit-sparse {sksparse.__version__}", residual=residual_of(matrix, x, b),
    )  # fmt: skip


if __name__ == "__main__":
    main()
