"""Computes on a Dask cluster that runs, named by address or scheduler file: a batch is a task, a worker has a crew.

Tasks write to the sweep's folder, which all workers see; Dask carries no result, so that none is lost with it.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from femsim.errors import MissingPieceError, UsageError
from femsim.sweep import fleet
from femsim.sweep.batches import Batch
from femsim.sweep.code_identity import code_identity
from femsim.sweep.crew import Crew, Limits
from femsim.sweep.engines.asked import Asked
from femsim.sweep.job import Job, read_job
from femsim.sweep.tally import Tally, required

CONNECT_S = 30.0
LOOK_S = 0.25
_OWN = threading.local()  # a worker thread's crew, which stays for the next batch


def dask(asked: Asked) -> Iterator[None]:
    """Compute batches on a cluster.

    Raises
    ------
    MissingPieceError
        Where Dask is not installed.
    UsageError
        Where the cluster does not answer, or no worker is fit.
    """
    try:
        from distributed import Client, wait
    except ImportError:
        raise MissingPieceError("Dask is not installed.", remedy="pip install 'femsim[dask]'") from None
    if not asked.scheduler:
        raise UsageError(
            "The engine dask needs a running scheduler.", remedy="--scheduler tcp://host:8786, or its scheduler file"
        )
    file = asked.scheduler if Path(asked.scheduler).is_file() else None
    try:
        client = Client(None if file else asked.scheduler, scheduler_file=file, timeout=CONNECT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"The Dask scheduler {asked.scheduler} does not answer.",
            why=str(error) or type(error).__name__,
            remedy="see that it runs, and that this machine reaches it; or take another --engine",
        ) from None
    with client:
        among = fit_workers(client, asked.job)
        limits = Limits(1, asked.memory_mb, asked.case_s)
        futures = [
            client.submit(
                compute_batch, str(asked.job.folder.absolute()), batch, limits, asked.computer,
                key=f"femsim-{asked.job.digest[:8]}-{batch.place}-{time.time_ns()}",
                pure=False, workers=among, retries=3,
            )
            for batch in asked.batches
        ]  # fmt: skip
        try:
            waiting = set(futures)
            while waiting:
                with suppress(TimeoutError):
                    done = wait(list(waiting), timeout=LOOK_S, return_when="FIRST_COMPLETED").done
                    for future in done:
                        future.result()  # raises what the task raised
                    waiting -= done
                if among and not set(among) & set(client.scheduler_info()["workers"]):
                    raise UsageError(
                        "All workers that were fit for this sweep have left the cluster.",
                        where=asked.scheduler,
                        why="others are there, of another femsim or without the sweep's folder",
                        remedy="start workers and the same command again; what was computed is kept",
                    )
                yield
        finally:
            with suppress(Exception):
                client.cancel(futures, force=True)


def fit_workers(client: Any, job: Job) -> list[str] | None:
    """Addresses of the workers that have this femsim and see the sweep's folder; None where all have: then those that
    come later may compute too, as they do on clusters that grow and shrink.

    Raises
    ------
    UsageError
        Where there is none.
    """
    deadline = time.monotonic() + CONNECT_S
    while not (told := client.run(seen, str(job.folder.absolute()), job.digest, on_error="return")):
        if time.monotonic() > deadline:
            raise UsageError("The Dask cluster has no workers.", remedy="start some: `dask worker ADDRESS`")
        time.sleep(LOOK_S)
    wrong = {address: why for address, answer in told.items() if (why := _unfit(answer, job))}
    if len(wrong) == len(told):
        raise UsageError(
            f"No worker of the Dask cluster is fit: {next(iter(wrong.values()))}",
            where=", ".join(sorted(wrong)),
            remedy="start workers in the environment of this femsim, on machines that see the sweep's folder",
        )
    return [address for address in told if address not in wrong] if wrong else None


def seen(folder: str, digest: str) -> dict[str, Any]:
    """On a worker: which femsim it has, and whether it sees the sweep."""
    with suppress(Exception):
        if read_job(Path(folder)).digest == digest:
            return {**code_identity(), "sees": True}
    return {**code_identity(), "sees": False}


def compute_batch(folder: str, batch: Batch, limits: Limits, computer: str) -> int:
    """On a worker: compute what is missing of a batch; how many cases that were.

    Raises
    ------
    UsageError
        Where the worker is not fit: one that came after the others were looked at.
    """
    job = read_job(Path(folder))
    if why := _unfit({**code_identity(), "sees": True}, job):
        raise UsageError(
            f"A worker of the Dask cluster is not fit: {why}", remedy="start it in this femsim's environment"
        )
    left = _not_on_disk(job, batch)
    crew = getattr(_OWN, "crew", None)
    if crew is None or (crew.job, crew.limits) != (job, limits):
        if crew is not None:
            crew.end()
        crew = _OWN.crew = Crew(job, limits, log="dask", computer=computer)
    try:
        for _ in fleet.serve(job, left, [crew]):
            pass
    except BaseException:
        crew.end()
        raise
    return sum(len(one.wanted) for one in left)


def _not_on_disk(job: Job, batch: Batch) -> list[Batch]:
    """The batch without what is finished: a task whose worker was lost is started again by Dask."""
    tally = getattr(_OWN, "tally", None)
    if tally is None or tally.job != job:
        tally = _OWN.tally = Tally(job)
    tally.update()
    return tally.lacking([batch], required(job))


def _unfit(answer: Any, job: Job) -> str:
    if not isinstance(answer, Mapping):
        return f"femsim cannot be imported there ({answer})"
    if (answer["version"], answer["code"]) != (job.version, job.code):
        return f"it has femsim {answer['version']} ({answer['code']}), here is {job.version} ({job.code})"
    return "" if answer["sees"] else f"it does not see {job.folder}"
