"""One child process that computes, and who watches over it: its time, its memory, its death.

A batch whose child dies is tried again. Where a case ends its child by itself, the cases of its stiffness are tried one
by one, and the one that does it again is set aside as failed; a kill from outside says nothing about a case, and is
forgiven a few times.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import psutil

from femsim.child_process import environment
from femsim.errors import FemsimError, StoreError, UsageError
from femsim.sweep import case_result
from femsim.sweep.batches import Batch, Member
from femsim.sweep.job import LOGS, Job
from femsim.sweep.worker import COMPUTER, NO_MEMORY, NO_STORE

PATIENCE = 6  # kills from outside
STRIKES = 2  # deaths by itself
START_S = 300.0  # a loaded machine and a slow disk; imports take 2 to 4 s
LOOK_S = 0.5  # between two looks at the memory
GRACE_S = 5.0
NEAR = 0.8  # of its memory: a child that is then killed had too little


@dataclass(frozen=True)
class Limits:
    """What one child may have.

    threads : of its own.
    memory_mb, case_s : of memory, of time for a case; None: no limit.
    """

    threads: int = 1
    memory_mb: float | None = None
    case_s: float | None = None


class Crew:
    """A child and its batch. Used from one thread; nothing here waits longer than a child takes to read a line."""

    def __init__(self, job: Job, limits: Limits, *, log: str, computer: str = COMPUTER):
        self.job, self.limits, self._computer = job, limits, computer
        self._log = job.folder / LOGS / f"{log}.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._batch: Batch | None = None
        self._waiting: dict[str, Member] = {}
        self._rest = b""
        self._sign = self._looked = 0.0
        self._is_ready, self._memory_mb, self._killed_for = False, 0.0, ""
        self._n_lost_starts = 0
        self.n_deaths = 0

    @property
    def is_idle(self) -> bool:
        """Whether it could take a batch."""
        return self._batch is None

    @property
    def pid(self) -> int | None:
        """Of the child, where there is one."""
        return self._child.pid if self._child else None

    @property
    def answers(self):
        """The child's stdout, to wait for; None where there is no child."""
        return self._child.stdout if self._child else None

    def hand(self, batch: Batch) -> None:
        """Give it a batch; starts a child where there is none."""
        if self._child is not None and self._child.poll() is not None:
            self._forget()
        if self._child is None:
            self._start()
        self._batch, self._waiting = batch, {one.digest: one for one in batch.wanted}
        self._sign = time.monotonic()
        try:
            self._child.stdin.write(json.dumps(batch.told(), ensure_ascii=False).encode("utf-8") + b"\n")
            self._child.stdin.flush()
        except OSError:
            pass  # it has died, which `watch` finds

    def read(self) -> list[Mapping[str, Any]]:
        """Records that have come.

        Raises
        ------
        UsageError
            Where the child is of another femsim.
        StoreError
            Where it cannot write.
        """
        if self._child is None:
            return []
        records = []
        while True:
            piece = self._piece()
            if not piece:
                break
            self._rest += piece
            *lines, self._rest = self._rest.split(b"\n")
            for line in lines:
                self._sign = time.monotonic()
                records += self._answered(json.loads(line))
        return records

    def watch(self) -> tuple[list[Mapping[str, Any]], list[Batch]]:
        """Look after the child: records of cases that are set aside, and batches that are to be handed out again.

        Raises
        ------
        FemsimError
            Where no child can be started.
        """
        if self._child is None or self._batch is None:
            return [], []
        self._mind_limits()
        if self._child.poll() is None:
            return [], []
        records = self.read()
        if self._batch is None:
            return records, []
        code = self._child.returncode
        if not self._is_ready:
            return [], [self._again_after_start(code)]
        batch, self._batch = self._batch, None
        cause = self._killed_for or _cause(code, self._memory_mb, self.limits.memory_mb)
        batch = batch.wanting({one.digest: one.attempt for one in self._waiting.values()})
        self._forget()
        self.n_deaths += 1
        if not batch.members:  # it died after its last answer
            return records, []
        aside, again = after_death(batch, cause, code, self.limits)
        return records + aside, again

    def end(self) -> None:
        """End the child at once; the case that it computes is abandoned."""
        if self._child is None:
            return
        child = self._child
        with _quietly():
            child.stdin.close()
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._forget()

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", "femsim.sweep.worker", str(self.job.folder.absolute()), self._computer]
        with open(self._log, "ab") as log:
            self._log_start = log.tell()
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment(self.limits.threads),
                start_new_session=True,  # Ctrl-C reaches the driver alone
            )
        os.set_blocking(self._child.stdout.fileno(), False)
        self._rest, self._is_ready, self._memory_mb, self._killed_for = b"", False, 0.0, ""

    def _piece(self) -> bytes:
        try:
            return os.read(self._child.stdout.fileno(), 1 << 16)
        except BlockingIOError:
            return b""

    def _answered(self, answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if "ready" in answer:
            self._is_ready, self._n_lost_starts = True, 0
            refuse_another(self.job, answer["ready"])
        elif "stopped" in answer:
            told = dict(answer["stopped"])
            told.pop("kind", "")
            raise StoreError(told.pop("what", "A worker cannot go on."), **told)
        elif "end" in answer:
            self._batch = None
        else:
            record = answer["record"]
            if self._waiting.pop(record["digest"], None) is not None:
                return [record]
        return []

    def _mind_limits(self) -> None:
        now = time.monotonic()
        if now - self._looked > LOOK_S:
            self._looked = now
            with _quietly():
                self._memory_mb = max(self._memory_mb, psutil.Process(self._child.pid).memory_info().rss / 1e6)
        most, slow = self.limits.memory_mb, self.limits.case_s if self._is_ready else START_S
        if most is not None and self._memory_mb > most:
            self._killed_for = "memory"
        elif slow is not None and now - self._sign > slow:
            self._killed_for = "time"
        if self._killed_for:
            self._child.kill()
            self._child.wait()

    def _again_after_start(self, code: int) -> Batch:
        """The batch of a child that was killed from outside before it was ready: the cases had no part in it."""
        self._n_lost_starts += 1
        if self._killed_for or _cause(code, 0.0, None) != "killed" or self._n_lost_starts >= PATIENCE:
            raise self._did_not_start(code)
        batch = self._batch
        self._forget()
        self.n_deaths += 1
        return batch

    def _did_not_start(self, code: int) -> FemsimError:
        said = ""
        with _quietly(), open(self._log, "rb") as log:
            log.seek(self._log_start)
            said = log.read()[-4000:].decode("utf-8", "replace").strip().splitlines()[-1:]
        return StoreError(
            f"A worker did not start (exit code {code}).",
            where=str(self._log),
            why="".join(said),
            remedy="see the log; then start the same command again",
        )

    def _forget(self) -> None:
        child, self._child, self._batch = self._child, None, None
        if child is not None:
            for pipe in (child.stdin, child.stdout):
                with _quietly():
                    pipe.close()


def after_death(batch: Batch, cause: str, code: int, limits: Limits) -> tuple[list[Mapping[str, Any]], list[Batch]]:
    """What follows from a child's death: records of cases set aside, batches that are tried again.

    batch : what was not finished of it.
    cause : "memory", "time", "crash", or "killed" where nothing but a kill from outside explains it.
    """
    if cause == "killed" and batch.hits + 1 < PATIENCE:
        return [], [replace(batch, hits=batch.hits + 1)]
    strikes = batch.strikes + 1
    first = batch.wanted[0]
    suspects = [one for one in batch.wanted if one.stiffness_key == first.stiffness_key]
    others = [one for one in batch.members if one.stiffness_key != first.stiffness_key]
    again = [Batch(batch.place, others)] if any(one.attempt for one in others) else []
    if len(suspects) == 1 and (strikes >= STRIKES or cause in ("time", "killed")):
        return [_set_aside(first, cause, code, limits)], again
    return [], [*(Batch(batch.place, (one,), strikes) for one in suspects), *again]


def refuse_another(job: Job, found: Mapping[str, str]) -> None:
    """A worker must be of the femsim that the sweep was begun with.

    Raises
    ------
    UsageError
        Where it is not.
    """
    if (found.get("version"), found.get("code")) != (job.version, job.code):
        raise UsageError(
            f"A worker has femsim {found.get('version')} ({found.get('code')}), the sweep femsim {job.version} "
            f"({job.code}): their numbers must not be mixed.",
            where=str(job.folder),
            remedy="install the same femsim for all, or start the command again with the new one",
        )


def _cause(code: int, memory_mb: float, most: float | None) -> str:
    if code == NO_MEMORY:
        return "memory"
    if code == -signal.SIGKILL:
        # The kernel kills without a word: by how much it had, and how much there was left.
        scarce = psutil.virtual_memory().available < 0.03 * psutil.virtual_memory().total
        return "memory" if scarce or (most is not None and memory_mb > NEAR * most) else "killed"
    return "killed" if code in (-signal.SIGTERM, -signal.SIGHUP, NO_STORE) else "crash"


def _set_aside(case: Member, cause: str, code: int, limits: Limits) -> Mapping[str, Any]:
    by = f"signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"exit code {code}"
    what = {
        "memory": f"Its process needed more memory than it had ({limits.memory_mb:.0f} MB)."
        if limits.memory_mb
        else "Its process needed more memory than there was.",
        "time": f"It took longer than {limits.case_s or START_S:.0f} s.",
    }.get(cause, f"Its process ended by {by}, each time it was tried.")
    remedy = {
        "memory": "take a coarser mesh or more memory (--memory-mb), then `femsim sweep retry`",
        "time": "take a coarser mesh or more time (--case-time), then `femsim sweep retry`",
    }.get(cause, "see log/ in the sweep's folder; please report this")
    kind = "crash" if cause == "killed" else cause
    told = {"kind": "Killed" if code < 0 else "Ended", "what": what, "remedy": remedy}
    return case_result.failed(case.digest, case.number, case.attempt, kind, told)


def _quietly():
    return contextlib.suppress(OSError, ValueError, psutil.Error)
