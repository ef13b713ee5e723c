"""Results on disk: parts, written whole by whoever computes, and segments, into which the driver gathers many parts.

A part is removed only after the segment that holds it has reached the disk, so a kill between the two leaves some
results twice and none missing.
"""

import gzip
import itertools
import json
import os
import socket
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from femsim.durable import flush, whole_file
from femsim.sweep.case_result import Record, is_record
from femsim.sweep.job import Job

WAIT_S = 0.25  # results that come closer together than this share a part
MOST_IN_A_PART = 200
MOST_SEGMENTS = 20
ABANDONED_S = 3600.0  # a temporary file of this age belongs to a process that was killed


class PartWriter:
    """Collects results as they come and writes them, a few together, each part whole or not at all."""

    def __init__(self, job: Job):
        self._folder, self._waiting, self._since = job.incoming, [], 0.0
        self._names = (f"{socket.gethostname()}-{os.getpid()}-{time.time_ns():x}-{n}" for n in itertools.count())

    def add(self, record: Record) -> None:
        """One more; it is on disk after WAIT_S, or when `write` is called."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(json.dumps(record, ensure_ascii=False, allow_nan=False))
        self.tick()

    def tick(self) -> None:
        """Write what has waited long enough."""
        if self._waiting and (time.monotonic() - self._since > WAIT_S or len(self._waiting) >= MOST_IN_A_PART):
            self.write()

    def write(self) -> None:
        """Write all that waits.

        Raises
        ------
        OSError
            Where the disk does not take it; it still waits then.
        """
        if self._waiting:
            with whole_file(self._folder / f"{next(self._names)}.jsonl") as temporary:
                temporary.write_bytes(("\n".join(self._waiting) + "\n").encode("utf-8"))
            self._waiting.clear()


def parts(job: Job) -> list[Path]:
    """Parts that are there, by name."""
    return sorted(path for path in _listed(job.incoming) if path.suffix == ".jsonl" and path.name[0] != ".")


def segments(job: Job) -> list[Path]:
    """Segments that are there, in the order in which they were made."""
    return sorted(path for path in _listed(job.segments) if path.name.endswith(".jsonl.gz") and path.name[0] != ".")


def lines_of(path: Path) -> tuple[list[bytes], bool]:
    """The lines of a part or a segment, and whether all of it could be read; those before a damage are.

    Raises
    ------
    FileNotFoundError
        Where it was gathered meanwhile.
    """
    found, good = [], True
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
            for line in file:
                found.append(line)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, zlib.error):
        good = False
    if found and not found[-1].endswith(b"\n"):
        found.pop()
        good = False
    return found, good


def records_of(lines: Iterable[bytes]) -> Iterator[Record]:
    """The records in lines; what is none is left out."""
    for line in lines:
        with suppress(ValueError, RecursionError):
            record = json.loads(line)
            if is_record(record):
                yield record


def all_records(job: Job) -> Iterator[Record]:
    """Every record on disk, doubles too; while nobody gathers."""
    for path in [*parts(job), *segments(job)]:
        yield from records_of(lines_of(path)[0])


def gather(job: Job, found: Sequence[Path]) -> Path | None:
    """Put parts into one segment, then remove them; returns the segment.

    Only one process at a time may do this. A part that is damaged is kept aside, as NAME.damaged.
    """
    return _merged(job, found)


def merge(job: Job) -> Path | None:
    """Make one segment of all, where there are many; returns it."""
    found = segments(job)
    return _merged(job, found) if len(found) > 1 else None


def tidy(job: Job) -> None:
    """Remove temporary files of processes that were killed long ago."""
    for folder in (job.incoming, job.segments, job.folder):
        for path in _listed(folder):
            with suppress(OSError):
                if path.suffix == ".tmp" and time.time() - path.stat().st_mtime > ABANDONED_S:
                    path.unlink()


def _merged(job: Job, found: Sequence[Path]) -> Path | None:
    lines: dict[bytes, None] = {}
    for path in found:
        read, good = lines_of(path)
        lines.update(dict.fromkeys(read))
        if not good:
            with suppress(OSError):
                path.rename(path.with_name(f"{path.name}.damaged"))
    if not lines:
        return None
    numbers = [int(path.name.partition("-")[0]) for path in segments(job) if path.name.partition("-")[0].isdigit()]
    target = job.segments / f"{max(numbers, default=0) + 1:06d}-{time.time_ns():x}.jsonl.gz"
    with whole_file(target) as temporary, gzip.GzipFile(temporary, "wb", compresslevel=4, mtime=0) as file:
        file.writelines(lines)
    for path in found:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in found}:
        flush(folder)
    return target


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
