"""Folders of this user where what was made once is kept, so that the same question does not make it again.

The name of an entry is a hash of everything it was made from: the values and files of the question, the code that makes
it, and the versions of the libraries that code calls. So an entry is right or it is not found.
"""

import functools
import os
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from femsim import identity
from femsim.durable import whole_file
from femsim.kernel_cache import user_cache

DAMAGE = (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, EOFError)


@dataclass(frozen=True)
class Shelf:
    """One such folder, of files NAME.npz.

    name : of the folder in the cache of this user.
    setting : environment variable with another folder, or "off".
    largest : bytes of all entries; those not used for the longest time go first.
    makers : packages and modules of femsim whose code an entry rests on.
    libraries : whose versions it rests on.
    """

    name: str
    setting: str
    largest: int
    makers: tuple[str, ...]
    libraries: tuple[str, ...]

    def key_of(self, question: Mapping[str, Any]) -> str:
        """The name of what is made from these values and files.

        Raises
        ------
        ScenarioError
            Where a named file cannot be read.
        """
        return identity.digest({**question, "made by": self.made_by()})

    def made_by(self) -> dict[str, str]:
        """Hash of the code, and the versions of the libraries."""
        return _made_by(self.makers, self.libraries)

    def has(self, key: str) -> bool:
        """Whether there is an entry; it may yet be damaged."""
        folder = self._folder()
        return folder is not None and (folder / f"{key}.npz").is_file()

    def fetch(self, key: str, read: Callable[[Path], Any]) -> Any:
        """What `read` makes of the file of an entry, or None where there is none or it is damaged."""
        folder = self._folder()
        if folder is None:
            return None
        path = folder / f"{key}.npz"
        try:
            found = read(path)
        except FileNotFoundError:
            return None
        except DAMAGE:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def keep(self, key: str, write: Callable[[Path], None]) -> None:
        """Keep what `write` puts into a file; a disk that cannot take it is no reason to fail."""
        folder = self._folder()
        if folder is None:
            return
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with whole_file(folder / f"{key}.npz") as temporary:
                write(temporary)
            self._make_room(folder)

    def _folder(self) -> Path | None:
        setting = os.environ.get(self.setting, "")
        if setting == "off":
            return None
        return Path(setting) if setting else user_cache() / self.name

    def _make_room(self, folder: Path) -> None:
        entries = sorted(
            (state.st_mtime, state.st_size, path) for path in folder.glob("*.npz") if (state := path.stat())
        )
        total = sum(size for _, size, _ in entries)
        for _, size, path in entries[:-1]:
            if total <= self.largest:
                return
            path.unlink(missing_ok=True)
            total -= size


@functools.cache
def _made_by(makers: tuple[str, ...], libraries: tuple[str, ...]) -> dict[str, str]:
    places = (Path(__file__).parent / name for name in makers)
    found = {"code": identity.source_hash(one if one.is_dir() else one.with_suffix(".py") for one in places)}
    for name in libraries:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
