"""Where a result comes from: versions, machine, time, inputs and sources; no user names, no paths of the machine."""

import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import femsim
from femsim.identity import content_hash
from femsim.kernel_cache import granted_cores

PACKAGES = tuple("numpy scipy numba gmsh pygmsh meshio manifold3d mmgpy h5py vtk pyvista".split())
THREAD_SETTINGS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "SLURM_CPUS_PER_TASK")

# Fixed in anatomy/head.py and solvers/aggregation.py; nothing else in a run is random.
SEEDS = {"head_search": 0, "eigenvalue_start": 0}


def provenance(
    digest: str,
    *,
    timings_s: Mapping[str, float],
    input_files: Iterable[Path] = (),
    sources: Iterable[str] = (),
) -> dict[str, Any]:
    """What provenance.json holds.

    Parameters
    ----------
    digest : str
        Identity of the scenario.
    timings_s : stage → seconds of wall time.
    input_files : paths
        Files the scenario names; kept by base name and content hash.
    sources : sentences
        Citations of every law, load and constant used.
    """
    return {
        "femsim": femsim.__version__,
        "scenario_hash": digest,
        "finished_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: version for name in PACKAGES if (version := _version(name))},
        "cpu": _cpu(),
        "cores": granted_cores(),
        "thread_settings": {name: os.environ[name] for name in THREAD_SETTINGS if name in os.environ},
        "wall_time_s": {stage: float(seconds) for stage, seconds in timings_s.items()},
        "seeds": dict(SEEDS),
        "input_files": [{"name": Path(path).name, "sha256": content_hash(path)} for path in input_files],
        "sources": list(dict.fromkeys(sources)),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )
