"""What this machine has and lacks for femsim, each with the line that mends it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from femsim import kernel_cache
from femsim.errors import FemsimError

LIBRARIES = ("numpy", "scipy", "numba", "gmsh", "pygmsh", "manifold3d", "mmgpy", "pymeshfix", "pyvista", "vtk", "h5py")
MEMORY_WANTED = 4.0  # GB; the walking scenario at its default mesh takes about 2
DISK_WANTED = 1.0  # GB; a run with fields of every frame takes about 0.1


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    state : "good"; "lacking": results come, something else does not; "broken": no results.
    remedy : the line that mends it; empty when good.
    """

    name: str
    state: str
    text: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """Every finding, as it is found; the mesher and the drawing take a second each."""
    yield _guarded("python", _python)
    yield _guarded("libraries", _libraries)
    yield _guarded("cores", _cores)
    yield _guarded("memory", _memory)
    yield _guarded("disk", _disk)
    yield _guarded("mesher", _mesher)
    yield _guarded("pictures", _pictures)
    yield _guarded("kernels", _kernels)


def _guarded(name: str, look: Callable[[], tuple[str, str, str]]) -> Finding:
    """A look that fails is a finding too."""
    try:
        return Finding(name, *look())
    except Exception as error:
        remedy = error.remedy if isinstance(error, FemsimError) else ""
        return Finding(name, "broken", " ".join(str(error).split("\n")[0].split()) or type(error).__name__, remedy)


def _python() -> tuple[str, str, str]:
    return "good", f"Python {sys.version.split()[0]}", ""


def _libraries() -> tuple[str, str, str]:
    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return "broken", f"missing: {', '.join(missing)}", f"{sys.executable} -m pip install {' '.join(missing)}"
    return "good", ", ".join(found), ""


def _cores() -> tuple[str, str, str]:
    granted = kernel_cache.granted_cores()
    set_by_hand = os.environ.get("NUMBA_NUM_THREADS")
    threads = f", {set_by_hand} of them for kernels (NUMBA_NUM_THREADS)" if set_by_hand else ""
    return "good", f"{granted} granted{threads}", ""


def _memory() -> tuple[str, str, str]:
    import psutil

    free = psutil.virtual_memory().available / 1e9
    if free < MEMORY_WANTED:
        return "lacking", f"{free:.1f} GB free", "take a coarser mesh: --set mesh.size_mm=4"
    return "good", f"{free:.1f} GB free", ""


def _disk() -> tuple[str, str, str]:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    text = f"{free:.1f} GB free in {Path.cwd()}"
    if not os.access(Path.cwd(), os.W_OK):
        return "lacking", f"{Path.cwd()} cannot be written to", "name another folder with --out"
    if free < DISK_WANTED:
        return "lacking", text, "make room, or name another folder with --out"
    return "good", text, ""


def _mesher() -> tuple[str, str, str]:
    from femsim.mesh.generate import Region, fill

    points = 10.0 * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], float)
    triangles = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
    (filled,) = fill([Region("probe", points, triangles, 20.0)], n_processes=1, time_limit=60.0)
    return "good", f"gmsh fills a test volume ({len(filled.elements)} tetrahedra)", ""


def _pictures() -> tuple[str, str, str]:
    from femsim.view.probe import APT_LINE, rendering

    able, sentence = rendering()
    return ("good", sentence, "") if able else ("lacking", sentence, APT_LINE)


def _kernels() -> tuple[str, str, str]:
    folder = kernel_cache.folder()
    if kernel_cache.is_warm():
        return "good", f"compiled, in {folder}", ""
    return "lacking", f"not compiled ahead, a first run compiles what it needs in some 20 s ({folder})", "femsim warmup"
