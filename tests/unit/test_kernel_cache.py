"""The kernel cache follows the kernel sources, and the machine's settings are honoured."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import femsim
from femsim import kernel_cache

PACKAGE = Path(femsim.__file__).parent


def seen(code, package=PACKAGE, **environment):
    """What a fresh process prints, with the environment as given; None removes a variable."""
    env = {**os.environ, "PYTHONPATH": str(package.parent)}
    for name in ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "OMP_WAIT_POLICY"):
        env.pop(name, None)
    env |= {name: str(value) for name, value in environment.items()}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=env, cwd=package.parent, capture_output=True, text=True, check=True)
    return result.stdout.strip()


FOLDER = "import femsim; from femsim import kernel_cache; print(kernel_cache.folder())"
THREADS = "import femsim, os; print(os.environ.get('NUMBA_NUM_THREADS'))"


@pytest.fixture
def copied(tmp_path):
    """A copy of the few files that decide on the folder."""
    target = tmp_path / "copy" / "femsim"
    for name in ("__init__.py", "kernel_cache.py", *(f"{folder}" for folder in kernel_cache.KERNEL_FOLDERS)):
        source = PACKAGE / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target / name) if source.is_dir() else shutil.copy(source, target / name)
    return target


@pytest.mark.parametrize("kernel", ["fem/kernels/assembly.py", "solvers/kernels/blocks.py"])
def test_an_edited_kernel_gets_a_new_folder(copied, tmp_path, kernel):
    before = seen(FOLDER, copied, XDG_CACHE_HOME=tmp_path)
    with open(copied / kernel, "a") as source:
        source.write("\n# a change\n")
    assert seen(FOLDER, copied, XDG_CACHE_HOME=tmp_path) != before


def test_the_users_own_folder_holds_ours(tmp_path):
    assert Path(seen(FOLDER, NUMBA_CACHE_DIR=tmp_path)).parent == tmp_path


def test_a_child_process_keeps_the_folder(tmp_path):
    folder = seen(FOLDER, NUMBA_CACHE_DIR=tmp_path)
    assert seen(FOLDER, NUMBA_CACHE_DIR=folder) == folder


def test_without_a_writable_home_the_temporary_folder_serves(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    folder = Path(seen(FOLDER, XDG_CACHE_HOME=blocked, TMPDIR=tmp_path))
    assert tmp_path in folder.parents
    assert folder.parent.stat().st_mode & 0o077 == 0


def test_a_temporary_folder_that_others_can_write_is_not_used(tmp_path):
    planted = tmp_path / f"femsim-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    folder = Path(seen(FOLDER, XDG_CACHE_HOME="/dev/null", TMPDIR=tmp_path))
    assert planted not in folder.parents


@pytest.mark.parametrize(
    "environment, threads",
    [
        ({}, "None"),
        ({"OMP_NUM_THREADS": "3"}, "3"),
        ({"SLURM_CPUS_PER_TASK": "4", "OMP_NUM_THREADS": "3"}, "4"),
        ({"SLURM_CPUS_PER_TASK": "4", "NUMBA_NUM_THREADS": "1"}, "1"),
    ],
)
def test_the_granted_cores_are_used(environment, threads):
    assert seen(THREADS, **environment) == threads


def test_import_is_cheap():
    assert seen("import femsim, sys; print('numpy' in sys.modules, 'numba' in sys.modules)") == "False False"


def test_the_cache_is_warm_only_after_the_warm_up(tmp_path):
    code = "from femsim import kernel_cache as k; print(k.is_warm(), end=' '); k.mark_warm(); print(k.is_warm())"
    assert seen(code, NUMBA_CACHE_DIR=tmp_path) == "False True"
