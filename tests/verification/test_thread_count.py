"""A failure analysis gives the same curve on one thread and on two, those of the linear algebra counted too."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

PROGRAM = """
import json, sys
import numba
from femsim.analyses.failure import Failure
from tests import necked_bar

cells, settings, strengths, more = json.loads(sys.argv[1])
course = Failure(**settings).run(necked_bar.model(cells, *strengths, **more))
damage, strain = float(course.damage[-1].sum()), float(course.plastic_strain[-1].sum())
told = [numba.get_num_threads(), course.force.tolist(), course.travel.tolist(), damage, strain]
print(json.dumps(told))
"""
INFINITE = float("inf")
BARS = {
    # factorised, with a step that is cut and a preconditioner of the softened body
    "a small bar that cracks": (3, {"stop_at_percent": 30}, (60, 120, 6, 60, 0.4), {}),
    # above the unknowns from which on it is solved by multigrid
    "a larger bar that yields": (
        6, {"largest_travel": 1.5, "steps_to_yield": 4}, (60, 60, INFINITE, INFINITE, 1.0, 600), {}
    ),
}  # fmt: skip
# As kernels add up in an order of their own, whatever the threads, the curves are the same to the last bit on one
# machine; other numbers of threads may make other libraries round otherwise.
TOLERANCE = 1e-9


def run(root, bar, threads: int) -> list:
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, "PYTHONPATH": str(root), **{name: str(threads) for name in names}}
    command = [sys.executable, "-c", PROGRAM, json.dumps(bar)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", BARS)
def test_the_curve_is_the_same_on_one_thread_and_on_two(root, name):
    one, two = (run(root, BARS[name], threads) for threads in (1, 2))
    assert (one[0], two[0]) == (1, 2)
    assert len(one[1]) == len(two[1]) > 4
    for here, there in zip(one[1:], two[1:]):
        assert here == pytest.approx(there, rel=TOLERANCE)
