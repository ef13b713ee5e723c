"""What is known of every case of a sweep, from what is on disk; read again and again, only what is new is read."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from femsim.durable import write_text
from femsim.sweep import store
from femsim.sweep.batches import Batch
from femsim.sweep.case import Case
from femsim.sweep.case_result import Record, rank
from femsim.sweep.job import Job

RETRIES = "retries.json"
GATHERED_AT = 200  # parts
PASSES = 10


@dataclass(frozen=True)
class Known:
    """The record of a case that counts, in short."""

    rank: tuple[int, bool, float]
    kind: str
    mark: int

    @property
    def attempt(self) -> int:
        """1 for the first."""
        return self.rank[0]

    @property
    def is_done(self) -> bool:
        """Whether it was computed."""
        return self.rank[1]


class Tally:
    """Digest of a case → what is known of it.

    n_twice : results that were computed although there was one of the same attempt.
    n_damaged : files that could not be read to the end.
    seconds : stage → sum over the records read.
    """

    def __init__(self, job: Job):
        self.job = job
        self.known: dict[str, Known] = {}
        self.n_twice = self.n_damaged = 0
        self.seconds: Counter[str] = Counter()
        self.shared: Counter[str] = Counter()
        self.versions: set[str] = set()
        self._seen: set[str] = set()

    def update(self) -> None:
        """Read what has come since."""
        for _ in range(PASSES):
            try:
                for path in [*store.parts(self.job), *store.segments(self.job)]:
                    self._read(path)
                return
            except FileNotFoundError:
                continue  # gathered by the driver meanwhile: it is in another file now

    def _read(self, path: Path) -> None:
        if path.name in self._seen:
            return
        lines, good = store.lines_of(path)
        self._seen.add(path.name)
        self.n_damaged += not good
        for line, record in zip(lines, map(_only, lines)):
            if record is not None:
                self._add(record, hash(line))

    def gather(self, least: int = 1) -> None:
        """Put parts into a segment where there are that many; for the one driver alone."""
        self.update()
        # One that came since is left for the next time: in a segment that counts as read it would not be counted.
        found = [path for path in store.parts(self.job) if path.name in self._seen]
        if len(found) >= least:
            self._made(store.gather(self.job, found))
            if len(store.segments(self.job)) > store.MOST_SEGMENTS:
                self._made(store.merge(self.job))

    def merge(self) -> None:
        """Put all into one segment; for the one driver alone."""
        self.gather()
        self._made(store.merge(self.job))

    def missing(self, cases: Iterable[Case], required: Mapping[str, int]) -> dict[str, int]:
        """Digest → attempt that it is, for every case that has to be computed."""
        digests = (case.digest for case in cases)
        return {digest: required.get(digest, 1) for digest in digests if self._lacks(digest, required)}

    def lacking(self, found: Iterable[Batch], required: Mapping[str, int]) -> list[Batch]:
        """What of these batches has to be computed."""
        left = []
        for batch in found:
            attempts = {one.digest: one.attempt for one in batch.wanted if self._lacks(one.digest, required)}
            left += [batch.wanting(attempts)] if attempts else []
        return left

    def _lacks(self, digest: str, required: Mapping[str, int]) -> bool:
        known = self.known.get(digest)
        return known is None or known.attempt < required.get(digest, 1)

    def _made(self, segment: Path | None) -> None:
        if segment is not None:
            self._seen.add(segment.name)

    def _add(self, record: Record, mark: int) -> None:
        digest, before = record["digest"], self.known.get(record["digest"])
        new = Known(rank(record), record.get("class", ""), mark)
        if before is None or before.mark != mark:
            self.seconds.update(record.get("seconds") or {})
            self.shared.update(name for name, is_shared in (record.get("shared") or {}).items() if is_shared)
            self.versions.add(str(record.get("version")))
        if before is None:
            self.known[digest] = new
            return
        if before.mark != mark and before.attempt == new.attempt:
            self.n_twice += 1
        if new.rank > before.rank:
            self.known[digest] = new


def _only(line: bytes) -> Record | None:
    return next(store.records_of([line]), None)


def required(job: Job) -> dict[str, int]:
    """Digest → attempt, for cases that were asked to be computed again."""
    try:
        found = json.loads((job.folder / RETRIES).read_text(encoding="utf-8"))
        return {str(digest): int(attempt) for digest, attempt in found.items()}
    except FileNotFoundError:
        return {}


def ask_again(tally: Tally, kinds: Iterable[str]) -> int:
    """Ask for failed cases of these classes to be computed again; returns how many."""
    kinds, wanted = set(kinds), required(tally.job)
    again = {
        digest: known.attempt + 1 for digest, known in tally.known.items() if not known.is_done and known.kind in kinds
    }
    if again:
        write_text(tally.job.folder / RETRIES, json.dumps({**wanted, **again}, indent=0) + "\n")
    return len(again)
