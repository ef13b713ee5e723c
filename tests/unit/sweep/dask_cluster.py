"""A Dask cluster of several processes on this machine, started as a user starts one."""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster(folder: Path, n_workers: int, environment: dict[str, str]):
    """Its scheduler file, and its processes: the scheduler first."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0", *common]]
    for n in range(n_workers):
        place = ["--local-directory", str(folder / f"worker-{n}"), "--host", "127.0.0.1"]
        # Without a nanny: who is killed is the process that computes.
        commands.append(["worker", *common, *place, "--nthreads", "1", "--no-nanny", "--death-timeout", "120"])
    started = []
    try:
        with open(folder / "said.txt", "ab") as said:
            for command in commands:
                whole = [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]]
                started.append(subprocess.Popen(whole, env=environment, stdout=said, stderr=said, cwd=folder))
                until = time.monotonic() + 60.0
                while not file.exists() and time.monotonic() < until:
                    time.sleep(0.1)
        yield str(file), started
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
