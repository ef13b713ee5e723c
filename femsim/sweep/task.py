"""One task of a job array: `python -P -m femsim.sweep.task FOLDER COMPUTER [--memory=MB] [--time=S] NUMBER`."""

import json
import os
import signal
import sys
from pathlib import Path

from femsim import kernel_cache
from femsim.durable import TEMPORARY
from femsim.errors import FemsimError, StoreError, Terminated
from femsim.sweep import fleet
from femsim.sweep.batches import Batch, batches
from femsim.sweep.code_identity import code_identity
from femsim.sweep.crew import Limits, refuse_another
from femsim.sweep.engines.arrays import BATCHES
from femsim.sweep.job import JOBS, Job, cases_of, read_job
from femsim.sweep.tally import Tally, required


def run_task(job: Job, number: int, computer: str, limits: Limits, n: int = 1) -> None:
    """Compute every n-th of the batches that the driver named, without what is done meanwhile.

    Raises
    ------
    FemsimError
        Where this femsim is another one than the driver's, or no worker starts.
    OSError
        Where results cannot be written.
    """
    refuse_another(job, code_identity())
    for _ in fleet.work(job, own_batches(job, number), n, limits, log=f"task-{number}", computer=computer):
        pass


def own_batches(job: Job, number: int) -> list[Batch]:
    """The batches of a task that are not finished."""
    told = json.loads((job.folder / JOBS / BATCHES).read_text(encoding="utf-8"))
    own = set(told["batches"][number :: told["tasks"]])
    tally = Tally(job)
    tally.update()
    cases = list(cases_of(job.folder))
    return [batch for batch in batches(cases, tally.missing(cases, required(job))) if batch.place in own]


def main(folder: str, computer: str, *more: str) -> int:
    """The exit code: 75 where the task may be started again and goes on."""
    *options, number = more
    given = dict(option.lstrip("-").split("=") for option in options)
    signal.signal(signal.SIGTERM, _terminated)
    kernel_cache.configure()
    granted = os.environ.get("SLURM_CPUS_PER_TASK", os.environ.get("NCPUS", "1"))
    # A child that is ended here is told from one that the cluster kills: its case is known to need more memory.
    memory = given.get("memory") or os.environ.get("SLURM_MEM_PER_NODE")
    limits = Limits(int(granted), float(memory) if memory else None, float(given["time"]) if "time" in given else None)
    try:
        run_task(read_job(Path(folder)), int(number), computer, limits)
        return 0
    except Terminated:
        sys.stderr.write("femsim: asked to end (SIGTERM); what is finished is kept.\n")
        return StoreError.exit_code
    except FemsimError as error:
        sys.stderr.write(f"femsim: {error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"femsim: {error}\n")
        return StoreError.exit_code if error.errno in TEMPORARY else 2


def _terminated(_number, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Terminated()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
