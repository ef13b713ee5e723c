"""Drives a sweep to its end: finds what is missing, lets an engine compute it, gathers what comes, writes the table.

What is on disk is the truth. A driver that is killed, in any engine, is started again and does what is missing.
"""

import contextlib
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from femsim import kernel_cache
from femsim.child_process import environment
from femsim.errors import StoreError
from femsim.results.lock import locked
from femsim.sweep import case_result, store, table
from femsim.sweep.batches import batches
from femsim.sweep.case import Case
from femsim.sweep.engines.asked import Asked
from femsim.sweep.job import LOCK, Job, cases_of
from femsim.sweep.store import PartWriter
from femsim.sweep.tally import GATHERED_AT, Tally, required
from femsim.sweep.worker import COMPUTER

LOOK_S = 0.5  # between two looks for what has come
WINDOW_S = 120.0  # over which the rate is told


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    n : cases; done, failed : of them; classes : of the failed ones, how many each.
    per_hour : cases finished in an hour, lately; seconds_left : at this rate. None where it is not known yet.
    twice, damaged : results that came twice, files that were damaged.
    """

    n: int
    done: int = 0
    failed: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    per_hour: float | None = None
    seconds_left: float | None = None
    twice: int = 0
    damaged: int = 0

    @property
    def missing(self) -> int:
        """Cases that are not finished."""
        return self.n - self.done - self.failed


Tell = Callable[[Progress], None]


def progress_of(tally: Tally, cases: Sequence[Case]) -> Progress:
    """What is known of these cases; one that was asked for again counts as not finished."""
    missing = tally.missing(cases, required(tally.job))
    known = [tally.known[case.digest] for case in cases if case.digest not in missing]
    failed = [one.kind for one in known if not one.is_done]
    classes = dict(sorted(Counter(failed).items()))
    return Progress(
        len(cases), len(known) - len(failed), len(failed), classes, twice=tally.n_twice, damaged=tally.n_damaged
    )


@contextlib.contextmanager
def one_driver(job: Job) -> Iterator[None]:
    """Hold a sweep's folder; its lock ends with the process.

    Raises
    ------
    StoreError
        Where another process drives it.
    """
    try:
        with locked(job.folder / LOCK):
            yield
    except StoreError as error:
        if error.what.startswith("Another process"):
            raise StoreError(
                "Another process drives this sweep.",
                where=error.where,
                remedy="wait for it, or stop it first; `femsim sweep status` tells how far it is",
            ) from None
        raise


def drive(job: Job, engine: Callable[[Asked], Iterator[Any]], asked: Asked, tell: Tell = lambda _: None) -> Progress:
    """Compute what is missing, and write the table of what is then there.

    Parameters
    ----------
    engine : an entry of ENGINES.
    asked : options of the engine, without job and batches.
    tell : told how far it is, about twice a second.

    Returns
    -------
    Progress
        Where cases are missing in it, the engine has handed them over and did not wait.

    Raises
    ------
    StoreError, OSError
        Where results cannot be written; those that are there are intact.
    FemsimError
        Where the engine cannot be reached, or a worker is refused.
    """
    with one_driver(job):
        store.tidy(job)
        cases = list(cases_of(job.folder))
        tally = Tally(job)
        tally.update()
        _record_refused(job, cases, tally)
        missing = tally.missing(cases, required(job))
        to_do = batches(cases, missing)
        if to_do and asked.computer == COMPUTER:
            warm()
        meter = _Meter(tally, cases)
        tell(meter.now())
        try:
            if to_do:
                with contextlib.closing(engine(asked.of(job, to_do))) as running:
                    _watched(running, meter, tally, tell)
        finally:
            with contextlib.suppress(OSError):  # the parts stay where they are
                tally.gather()
        tally.merge()
        table.write(job)
        ended = meter.now()
        tell(ended)
        return ended


def _watched(running: Iterator[Any], meter: "_Meter", tally: Tally, tell: Tell) -> None:
    """Tell how far it is and gather what comes, until the engine ends; that takes 5 % of the time at the most."""
    following = 0.0
    for _ in running:
        start = time.monotonic()
        if start > following:
            tally.gather(GATHERED_AT)
            tell(meter.now())
            now = time.monotonic()
            following = now + max(LOOK_S, 20.0 * (now - start))


def warm() -> None:
    """Compile the kernels once, before many processes would."""
    if not kernel_cache.is_warm():
        command = [sys.executable, "-P", "-m", "femsim", "warmup", "--quiet"]
        subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=False)


def _record_refused(job: Job, cases: Sequence[Case], tally: Tally) -> None:
    found = PartWriter(job)
    for case in cases:
        if case.refused and case.digest not in tally.known:
            found.add(case_result.failed(case.digest, case.number, 1, "invalid", case.refused))
    found.write()
    tally.update()


class _Meter:
    """Counts as results come, and at what rate lately."""

    def __init__(self, tally: Tally, cases: Sequence[Case]):
        self._tally, self._cases = tally, cases
        self._past: deque[tuple[float, int]] = deque()

    def now(self) -> Progress:
        self._tally.update()
        found = progress_of(self._tally, self._cases)
        finished, now = found.done + found.failed, time.monotonic()
        self._past.append((now, finished))
        while len(self._past) > 2 and now - self._past[1][0] > WINDOW_S:
            self._past.popleft()
        since, before = self._past[0]
        if finished == before:
            return found
        rate = (finished - before) / max(now - since, 1e-9)
        return Progress(**{**vars(found), "per_hour": rate * 3600.0, "seconds_left": found.missing / rate})
