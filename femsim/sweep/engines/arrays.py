"""Computes on a Slurm or PBS cluster: one job array, whose tasks take every n-th batch and skip what is done.

Nothing listens, nothing is scheduled here: tasks read and write the sweep's folder, which all nodes see. A task that is
killed, preempted or requeued loses the case that it computes, and no other.
"""

import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from femsim.durable import write_text
from femsim.errors import StoreError
from femsim.sweep.batches import Batch
from femsim.sweep.engines.asked import Asked
from femsim.sweep.engines.queues import Queue, queue
from femsim.sweep.job import JOBS, LOGS, Job
from femsim.sweep.tally import Tally, required

MOST_TASKS = 100  # of one array: more than some ten allocations a minute are unwelcome
POLL_S = 5.0
SUBMITTED, BATCHES = "submitted.json", "batches.json"


def array(asked: Asked, name: str) -> Iterator[None]:
    """Submit what is missing as a job array, and wait for it; submits again as long as that brings results.

    Where an array of an earlier driver still waits or runs, it is waited for instead.
    """
    system, job, missing = queue(name), asked.job, list(asked.batches)
    while missing:
        found = _earlier(job)
        if found is None or found["queue"] != name or not system.running(found["id"]):
            found = _submit(asked, system, missing)
        if not asked.waits:
            return
        n_before = sum(len(batch.wanted) for batch in missing)
        while system.running(found["id"]):
            yield from _waited(POLL_S)
        _gather_logs(job.folder / LOGS, name)
        tally = Tally(job)
        tally.update()
        missing = tally.lacking(missing, required(job))
        if sum(len(batch.wanted) for batch in missing) == n_before:
            raise StoreError(
                f"Job {found['id']} has ended without a result.",
                where=str(job.folder / LOGS),
                remedy="see the logs of its tasks there, then start the same command again;",
            )


slurm, pbs = partial(array, name="slurm"), partial(array, name="pbs")


def _submit(asked: Asked, system: Queue, missing: list[Batch]) -> dict[str, str]:
    job = asked.job
    folder = job.folder.absolute() / JOBS
    folder.mkdir(exist_ok=True)
    n_tasks = min(asked.jobs or MOST_TASKS, MOST_TASKS, len(missing))
    told = {"tasks": n_tasks, "batches": [batch.place for batch in missing]}
    write_text(folder / BATCHES, json.dumps(told) + "\n")
    options = [f"--{name}={value}" for name, value in (("memory", asked.memory_mb), ("time", asked.case_s)) if value]
    command = [sys.executable, "-P", "-m", "femsim.sweep.task", str(job.folder.absolute()), asked.computer, *options]
    script = folder / f"{system.name}.sh"
    text = system.script(n_tasks, str(job.folder.absolute() / LOGS), asked.submit, f"femsim-{job.name}", command)
    write_text(script, text)
    found = {"queue": system.name, "id": system.submitted(script)}
    write_text(folder / SUBMITTED, json.dumps(found) + "\n")
    return found


def _gather_logs(folder: Path, name: str) -> None:
    """One log instead of one for each task; of those that said something."""
    with open(folder / f"{name}.log", "ab") as log:
        for path in sorted(folder.glob("task-*.log")):
            if said := path.read_bytes():
                log.write(f"--- {path.stem}\n".encode() + said)
            path.unlink()


def _earlier(job: Job) -> dict[str, str] | None:
    path: Path = job.folder / JOBS / SUBMITTED
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _waited(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.25)
        yield
