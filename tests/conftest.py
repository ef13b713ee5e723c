"""What every test may use: real femora from outside the project, and random input that repeats."""

import importlib.util
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

# Meshes and solved loads of an earlier session are not these tests' own; within a session they are shared.
_KEPT = tempfile.TemporaryDirectory(prefix="femsim-test-kept-")
os.environ["FEMSIM_MESH_CACHE"] = f"{_KEPT.name}/meshes"
os.environ["FEMSIM_SOLVED_CACHE"] = f"{_KEPT.name}/solved"

# Processes side by side share the cores: threads of each beyond its share make all of them slower.
_BESIDE = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if _BESIDE > 1:
    for _name in ("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(_name, str(max(1, (os.cpu_count() or 1) // _BESIDE)))

# Compiled kernels and first imports take seconds once: no deadline on an example. The same examples on every machine.
settings.register_profile(
    "femsim", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("femsim")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden numbers instead of comparing them")
    parser.addoption("--write-verification", action="store_true", help="write docs/verification.md")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def small_run(root):
    """The module that makes the smallest run."""
    spec = importlib.util.spec_from_file_location("small_run", root / "tests" / "small_run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real femora: FEMSIM_SHARED_DATA, or ../shared/data beside the project."""
    folder = Path(os.environ.get("FEMSIM_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real femora in {folder}; set FEMSIM_SHARED_DATA to a folder that has them")
    return folder
