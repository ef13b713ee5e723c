"""Where compiled kernels are kept, so that an edited kernel never runs from a stale cache.

Numba's disk cache notices a change in the file of a kernel but not in another file that the kernel calls, and then
answers with the old numbers. The folder therefore carries a hash of all kernel sources: a change anywhere gives a new,
empty one.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

KERNEL_FOLDERS = ("fem/kernels", "solvers/kernels")
_MARKER = "complete"  # written by the warm-up when every kernel has been compiled


def configure() -> None:
    """Point numba at the cache folder, the OpenMP threads and the cores granted; must run before numba is imported.

    What the user has set stays: NUMBA_CACHE_DIR becomes the parent of the hashed folder, the others are untouched.
    """
    if _CONFIGURED not in os.environ.get("NUMBA_CACHE_DIR", ""):
        os.environ["NUMBA_CACHE_DIR"] = str(_chosen_folder())
    # A priority rather than a demand: a machine without an OpenMP library falls back by itself.
    os.environ.setdefault("NUMBA_THREADING_LAYER_PRIORITY", "omp tbb workqueue")
    # Threads that spin while they wait make a shared machine five times slower and save nothing on an idle one.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if "NUMBA_NUM_THREADS" not in os.environ:
        granted = os.environ.get("SLURM_CPUS_PER_TASK") or os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
        if granted.isdigit() and int(granted) > 0:
            os.environ["NUMBA_NUM_THREADS"] = granted


def granted_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def folder() -> Path:
    """The folder that holds the compiled kernels of this source and this Python."""
    return Path(os.environ["NUMBA_CACHE_DIR"])


def is_warm() -> bool:
    """Whether the warm-up has compiled every kernel of this source into the folder."""
    return (folder() / _MARKER).is_file()


def mark_warm() -> None:
    """Note that every kernel is compiled."""
    (folder() / _MARKER).touch()


def _kernel_hash() -> str:
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for source in sorted(path for name in KERNEL_FOLDERS for path in (package / name).glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


_CONFIGURED = f"kernels-py{sys.version_info.major}.{sys.version_info.minor}-{_kernel_hash()}"


def _chosen_folder() -> Path:
    given = os.environ.get("NUMBA_CACHE_DIR")
    parent = Path(given) if given else user_cache()
    wanted = parent / _CONFIGURED
    return wanted if _is_writable(wanted) else _temporary_folder()


def user_cache() -> Path:
    """Where this user keeps what can be made again."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "femsim" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "femsim"


def _is_writable(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path, os.W_OK)


def _temporary_folder() -> Path:
    """A folder of this user only: numba's cache files are executed, so nobody else may have put them there."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    path = Path(tempfile.gettempdir()) / f"femsim-{user}" / _CONFIGURED
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        for owned in (path, path.parent):
            state = owned.lstat()
            if hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022):
                raise PermissionError
        return path
    except OSError:
        return Path(tempfile.mkdtemp(prefix="femsim-")) / _CONFIGURED
