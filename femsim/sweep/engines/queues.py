"""Batch systems with job arrays, Slurm and PBS: what a script says, how it is submitted, who waits or runs."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from femsim.errors import FemsimError, UsageError, near


@dataclass(frozen=True)
class Queue:
    """A batch system.

    mark : begins a line of options in a script.
    submit : program that submits a script; index : variable with the number of an array task.
    head : (n_tasks, log) → the options that femsim gives, before the user's own.
    running : id of a job → whether any of its tasks waits or runs.
    """

    name: str
    mark: str
    submit: tuple[str, ...]
    index: str
    head: Callable[[int, str], list[str]]
    running: Callable[[str], bool]

    def script(self, n_tasks: int, log: str, more: str, name: str, command: list[str]) -> str:
        """The text of a job script.

        more : the user's own options.
        """
        options = [*self.head(n_tasks, log), *shlex.split(more)]
        return "\n".join(
            [
                "#!/bin/bash",
                f"{self.mark} {'-N' if self.mark == '#PBS' else '-J'} {name}",
                *(f"{self.mark} {option}" for option in options),
                # `exec`: the signal that announces the end of the time reaches femsim itself.
                f'exec {shlex.join(command)} "${{{self.index}}}"',
                "",
            ]
        )

    def submitted(self, script: Path) -> str:
        """Submit a script; the id of the job.

        Raises
        ------
        UsageError
            Where the batch system is not there, or does not take it.
        """
        if shutil.which(self.submit[0]) is None:
            raise UsageError(
                f"There is no {self.submit[0]} on this machine.",
                why=f"it is no login node of a {self.name} cluster, or {self.name} is not on the PATH",
                remedy="take another --engine, or run the command on a login node",
            )
        done = subprocess.run([*self.submit, str(script)], capture_output=True, text=True)
        if done.returncode:
            raise UsageError(
                f"{self.submit[0]} did not take the job.",
                where=str(script),
                why=" ".join(done.stderr.split()),
                remedy="give the partition, account or time that it asks for with --submit",
            )
        return done.stdout.strip().split(";")[0]


def queue(name: str) -> Queue:
    """Slurm or PBS by name."""
    found = {one.name: one for one in (SLURM, PBS)}
    if name not in found:
        raise UsageError(f"There is no batch system {name!r}. {near(name, found)}")
    return found[name]


def _slurm_runs(job: str) -> bool:
    done = subprocess.run(["squeue", "--noheader", "--jobs", job, "--format=%T"], capture_output=True, text=True)
    if done.returncode:
        if "Invalid job id" in done.stderr:  # forgotten: it has ended long ago
            return False
        raise FemsimError(
            "squeue does not answer.",
            why=" ".join(done.stderr.split()),
            remedy="what was submitted goes on; start the same command again later",
        )
    return bool(done.stdout.split())


def _pbs_runs(job: str) -> bool:
    done = subprocess.run(["qstat", "-f", job], capture_output=True, text=True)
    if done.returncode:
        return False  # unknown, or finished and forgotten
    return re.search(r"job_state\s*=\s*[FCX]\b", done.stdout) is None


SLURM = Queue(
    "slurm",
    "#SBATCH",
    ("sbatch", "--parsable"),
    "SLURM_ARRAY_TASK_ID",
    lambda n, log: [
        f"--array=0-{n - 1}",
        "--requeue",
        "--open-mode=append",
        "--cpus-per-task=1",
        "--signal=B:TERM@60",  # seconds before the end of its time
        f"--output={log}/task-%a.log",
    ],
    _slurm_runs,
)
PBS = Queue(
    "pbs",
    "#PBS",
    ("qsub",),
    "PBS_ARRAY_INDEX",
    # An array of one task is none in PBS.
    lambda n, log: [f"-J 0-{max(n - 1, 1)}", "-r y", "-j oe", f"-o {log}", "-l select=1:ncpus=1"],
    _pbs_runs,
)
