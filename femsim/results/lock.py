"""One writer at a time: a lock that dies with its process."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from femsim.errors import StoreError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` inside the block; the lock ends with the process, however that ends.

    Raises
    ------
    StoreError
        Where another process holds it.
    OSError
        Where the file cannot be made.
    """
    handle = _lock(path)
    try:
        yield
    finally:
        if handle is not None:
            path.unlink(missing_ok=True)
            os.close(handle)


def _lock(path: Path) -> int | None:
    while True:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before may have removed the file between the opening and the locking of it.
            if os.path.exists(path) and os.path.samestat(os.stat(path), os.fstat(handle)):
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()}\n".encode())
                return handle
            os.close(handle)
        except OSError as error:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip()
            os.close(handle)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise StoreError(
                    "Another process is computing this very run.",
                    where=f"{path.parent} (process {holder or 'unknown'})",
                    remedy="wait for it and use its result, or stop it first",
                ) from None
            if error.errno in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                # A file system without locks: two writers then both compute, and the later rename wins, whole.
                path.unlink(missing_ok=True)
                return None
            raise
