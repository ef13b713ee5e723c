"""What the machine can do: memory bandwidth and matrix-product speed, on the threads that the solvers get.

python benchmarks/limits.py RESULT.json
"""

import json
import os
import sys
import time
from pathlib import Path

import numba
import numpy as np

SIZE = 40_000_000  # doubles: 320 MB an array, far beyond any cache
ORDER = 3000  # of the matrices that are multiplied
ROUNDS = 7


@numba.njit(parallel=True, fastmath=True)
def triad(a, b, c, s):
    """a ← b + s c"""
    for i in numba.prange(a.size):
        a[i] = b[i] + s * c[i]


@numba.njit(parallel=True, fastmath=True)
def total(a):
    """Sum of a: reads and does nothing else."""
    s = 0.0
    for i in numba.prange(a.size):
        s += a[i]
    return s


def seconds(work) -> list[float]:
    """Seconds of each round, after one that does not count."""
    work()
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return sorted(found)


def bandwidth() -> dict:
    """GB/s of a triad (three streams counted) and of reading alone."""
    a, b, c = np.ones(SIZE), np.ones(SIZE), np.ones(SIZE)
    triads, reads = seconds(lambda: triad(a, b, c, 2.0)), seconds(lambda: total(a))
    return {
        name: {"best": amount / times[0], "median": amount / times[ROUNDS // 2]}
        for name, times, amount in (("triad GB/s", triads, 24 * SIZE / 1e9), ("read GB/s", reads, 8 * SIZE / 1e9))
    }


def main(result: Path) -> None:
    measured = bandwidth()
    values = np.random.default_rng(0).random((ORDER, ORDER))
    for precision in (np.float64, np.float32):
        matrix = values.astype(precision)
        times = seconds(lambda matrix=matrix: matrix @ matrix)
        amount = 2 * ORDER**3 / 1e9
        name = f"gemm {np.dtype(precision).name} GF/s"
        measured[name] = {"best": amount / times[0], "median": amount / times[ROUNDS // 2]}
    measured["threads"] = int(os.environ.get("NUMBA_NUM_THREADS", "0"))
    result.write_text(json.dumps(measured))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
