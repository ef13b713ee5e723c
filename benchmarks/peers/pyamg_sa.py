"""pyamg's smoothed aggregation with conjugate gradients: as it comes ("default"), or told what it solves ("tuned").

default: `smoothed_aggregation_solver(A)`, CG. tuned: the six rigid-body modes, a strength threshold of 0.02 (measured
best on this stiffness contrast), no improvement of the modes (they are exact), CG.
"""

from exchange import RTOL, Clock, finish, matrix_of, peer_arguments, residual_of


def main() -> None:
    case_file, result_file, words = peer_arguments()
    import pyamg

    matrix, b, modes = matrix_of(case_file)
    options = {}
    if "tuned" in words:
        options = {"B": modes, "strength": ("symmetric", {"theta": 0.02}), "improve_candidates": None}
    clock = Clock()
    with clock("set-up"):
        solver = pyamg.smoothed_aggregation_solver(matrix, symmetry="symmetric", **options)
    residuals = []
    with clock("solve"):
        x = solver.solve(b, tol=RTOL, accel="cg", maxiter=1000, residuals=residuals)
    finish(
        result_file, clock, counted=("set-up", "solve"), energy=0.5 * float(b @ x),
        version=f"pyamg {pyamg.__version__}", residual=residual_of(matrix, x, b), iterations=len(residuals) - 1,
    )  # fmt: skip


if __name__ == "__main__":
    main()
