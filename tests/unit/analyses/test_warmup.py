"""After the warm-up no kernel is compiled any more: a user's second start is quick."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import femsim

ROOT = Path(femsim.__file__).parents[1]
MISSES = """
import importlib, pkgutil, sys
import femsim.fem.kernels, femsim.solvers.kernels
from numba.core.dispatcher import Dispatcher
{work}
for package in (femsim.fem.kernels, femsim.solvers.kernels):
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        for name, kernel in vars(importlib.import_module(found.name)).items():
            if isinstance(kernel, Dispatcher) and kernel.targetoptions.get("nopython") and kernel.stats.cache_misses:
                print(f"{{found.name}}.{{name}}: {{list(kernel.stats.cache_misses)}}")
"""
WARM_UP = "from femsim.analyses.warmup import warm_up; warm_up()"
WALK = """
from pathlib import Path
from femsim.run import run
from femsim.scenario.reading import load
import tempfile
for order in (1, 2):
    scenario = load("scenarios/walking.toml", ["mesh.size_mm=6", f"mesh.order={order}"])
    with tempfile.TemporaryDirectory() as folder:
        run(scenario, out=Path(folder))
"""


def compiled_by(work, cache):
    """Kernels that a fresh process compiled although they may be cached, a line each."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", MISSES.format(work=work)]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.slow
@pytest.mark.long
def test_a_second_start_compiles_nothing(tmp_path):
    assert len(compiled_by(WARM_UP, tmp_path)) > 10  # the first start compiles them all
    assert compiled_by(WARM_UP, tmp_path) == []
    assert compiled_by(WALK, tmp_path) == []
