"""A folder of this user with femora and meshes: what was made once from the same input is not made again.

The name of an entry is a hash of everything it was made from: the values and files of the scenario, the code that makes
femora and meshes, and the versions of the libraries it calls. So an entry is right or it is not found.
"""

import functools
import hashlib
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from femsim import identity
from femsim.durable import whole_file
from femsim.geometry import packing
from femsim.kernel_cache import user_cache

SETTING = "FEMSIM_MESH_CACHE"  # another folder, or "off"
LARGEST = 2_000_000_000  # bytes of all entries; those not used for the longest time go first
MAKERS = ("mesh", "anatomy", "implants", "geometry", "imaging")  # packages whose code an entry rests on
LIBRARIES = ("gmsh", "manifold3d", "mmgpy", "numpy", "pymeshfix", "scikit-image", "scipy", "SimpleITK")
DAMAGE = (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, EOFError)


def key_of(question: Mapping[str, Any]) -> str:
    """The name of what is made from these values and files.

    Raises
    ------
    ScenarioError
        Where a named file cannot be read.
    """
    return identity.digest({**question, "made by": _makers()})


def fetch(key: str) -> dict[str, Any] | None:
    """The things of an entry, or None where there is none or it is damaged."""
    folder = _folder()
    if folder is None:
        return None
    path = folder / f"{key}.npz"
    try:
        things = packing.read(path)
    except FileNotFoundError:
        return None
    except DAMAGE:
        with suppress(OSError):
            path.unlink()
        return None
    with suppress(OSError):
        os.utime(path)
    return things


def keep(key: str, things: Mapping[str, Any]) -> None:
    """Keep things under a name; a disk that cannot take them is no reason to fail."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(folder / f"{key}.npz") as temporary:
            packing.write(temporary, things)
        _make_room(folder)


def _folder() -> Path | None:
    setting = os.environ.get(SETTING, "")
    if setting == "off":
        return None
    return Path(setting) if setting else user_cache() / "meshes"


def _make_room(folder: Path) -> None:
    entries = sorted((state.st_mtime, state.st_size, path) for path in folder.glob("*.npz") if (state := path.stat()))
    total = sum(size for _, size, _ in entries)
    for _, size, path in entries[:-1]:
        if total <= LARGEST:
            return
        path.unlink(missing_ok=True)
        total -= size


@functools.cache
def _makers() -> dict[str, str]:
    package = Path(__file__).parents[1]
    code = hashlib.sha256()
    for path in sorted(path for name in MAKERS for path in (package / name).rglob("*.py")):
        code.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes() + b"\0")
    found = {"code": code.hexdigest()}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
